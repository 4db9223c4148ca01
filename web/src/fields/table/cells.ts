import { el } from "../dom.ts";
import { type Datatype, type Props, type Table, textOfCell } from "./table-model.ts";

/** How the text of a cell becomes what is shown of it, for the types that are marked up. */
type Render = (text: string) => Node;

const renders = new Map<Datatype, Render>();
const waiting = new Map<Datatype, Set<() => void>>();

/** Marked-up cells are plain text until what reads them is there. */
function renderOf(type: Datatype, whenThere: () => void): Render | undefined {
  const known = renders.get(type);
  if (known !== undefined || (type !== "markdown" && type !== "html")) return known;
  const others = waiting.get(type);
  if (others !== undefined) {
    others.add(whenThere);
    return undefined;
  }
  waiting.set(type, new Set([whenThere]));
  const load =
    type === "markdown"
      ? import("../kinds/markdown.ts").then((module): Render => module.renderMarkdown)
      : import("../kinds/safe-html.ts").then((module): Render => module.sanitise);
  void load.then((render) => {
    renders.set(type, render);
    for (const tell of waiting.get(type) ?? []) tell();
  });
  return undefined;
}

export function contentOf(
  cell: unknown,
  type: Datatype,
  name: string,
  mostCharacters: number | undefined,
  isEditable: boolean,
  whenThere: () => void,
): Node | string {
  if (typeof cell === "boolean" || type === "bool") {
    const box = el("input", { type: "checkbox", tabindex: -1, disabled: !isEditable, "aria-label": name });
    box.checked = cell === true;
    return box;
  }
  const text = textOfCell(cell);
  const render = text === "" ? undefined : renderOf(type, whenThere);
  if (render !== undefined) {
    const box = el("div", { class: "f-cell-prose" });
    box.append(render(text));
    return box;
  }
  return mostCharacters !== undefined && text.length > mostCharacters
    ? `${text.slice(0, mostCharacters)}…`
    : text;
}

/** Widths by what is in the first rows, so that columns do not jump while one scrolls. */
export function columnWidths(table: Table, width: number, props: Props): string[] {
  const given = Array.isArray(props["columnWidths"]) ? props["columnWidths"] : [];
  const sample = table.data.slice(0, 60);
  return Array.from({ length: width }, (_, column) => {
    const wanted: unknown = given[column];
    if (typeof wanted === "number") return `${wanted}px`;
    if (typeof wanted === "string" && /^[\d.]+(px|em|ch|%|fr)$/.test(wanted)) return wanted;
    const longest = sample.reduce(
      (most, row) => Math.max(most, textOfCell(row[column]).length),
      (table.headers[column] ?? "").length + 3,
    );
    return `minmax(${Math.round(Math.min(240, Math.max(56, longest * 7 + 18)))}px, 1fr)`;
  });
}
