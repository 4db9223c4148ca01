import { el } from "./dom.ts";

/** Over megabytes of text a browser lays out for seconds, in which the whole page stands still. */
const mostOnCard = 50_000;
const mostLarge = 200_000;

/** As much of a text as is shown at once; it ends with a line where that is near. */
export function shownPart(text: string, isLarge: boolean | undefined): string {
  const most = isLarge === true ? mostLarge : mostOnCard;
  if (text.length <= most) return text;
  const lineEnd = text.lastIndexOf("\n", most);
  const end = lineEnd > most * 0.9 ? lineEnd + 1 : most;
  const isHalfOfAPair = /[\uD800-\uDBFF]/.test(text[end - 1]!);
  return text.slice(0, isHalfOfAPair ? end - 1 : end);
}

/** Says below a text that there is more of it, and where. */
export function restNote(): { readonly element: HTMLElement; tell(text: string, isLarge?: boolean): void } {
  const element = el("p", { class: "f-note" });
  element.hidden = true;
  return {
    element,
    tell(text, isLarge) {
      const part = shownPart(text, isLarge);
      element.hidden = part.length === text.length;
      const count = (length: number) => length.toLocaleString("en-GB");
      element.textContent = element.hidden
        ? ""
        : `The first ${count(part.length)} of ${count(text.length)} characters. Copy and Download give all${isLarge === true ? "" : ", looking closer shows more"}.`;
    },
  };
}
