import "./image.css";
import "./picture.css";
import type { FileRef } from "../../../../src/protocol/values.ts";
import { el, emptyNote } from "../dom.ts";
import { display } from "../field.ts";
import { picture } from "../pictures/picture.ts";

/** One picture of a gallery, with its caption: what was chosen of it. */
export const mount = display((element, { value, large, label, look }) => {
  if (value === undefined || value === null) return element.append(emptyNote());
  const { image, caption } = value as { readonly image: FileRef; readonly caption?: string };
  const shown = picture(image, {
    alt: caption ?? `${label}: ${image.name}`,
    class: "f-image",
    ...(large ? {} : { width: 640 as const }),
  });
  shown.addEventListener("click", () => look?.());
  const figure = el("figure", { class: "f-picture" }, shown);
  if (caption !== undefined && caption !== "") figure.append(el("figcaption", {}, caption));
  element.append(figure);
});
