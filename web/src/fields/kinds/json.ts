import "./json.css";
import { el, emptyNote } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";

const openDepth = 2;
const shownEntries = 200;
const shownText = 2000;

/** A tree that folds; edited as text, which is taken over once it can be read. */
export const mount: MountField = (element, options) =>
  options.readonly ? tree(element, options) : editor(element, options);

const tree: MountField = (element, options) => {
  let shown: unknown = Symbol("nothing");
  const draw = ({ value, large, label }: FieldOptions) => {
    if (value === shown) return;
    shown = value;
    if (value === undefined || value === null)
      return element.replaceChildren(
        value === null && large ? el("div", { class: "f-json" }, leaf(null)) : emptyNote(),
      );
    const box = el("div", {
      class: large ? "f-json is-large" : "f-json",
      tabindex: 0,
      role: "region",
      "aria-label": label,
    });
    box.append(branch(value, null, 0, large ? 4 : openDepth));
    element.replaceChildren(box);
  };
  draw(options);
  return { update: draw, destroy: () => element.replaceChildren() };
};

function branch(value: unknown, key: string | null, depth: number, open: number): HTMLElement {
  const name = key === null ? [] : [el("span", { class: "j-key" }, `${key}: `)];
  if (typeof value !== "object" || value === null)
    return el("div", { class: "j-line" }, ...name, leaf(value));
  const entries = Array.isArray(value)
    ? value.map((entry, index) => [String(index), entry] as const)
    : Object.entries(value);
  const [left, right] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return el("div", { class: "j-line" }, ...name, `${left}${right}`);
  const details = el("details", { open: depth < open });
  const size = el("span", { class: "j-size" }, `${left}${entries.length}${right}`);
  details.append(el("summary", {}, ...name, size));
  let isFilled = false;
  const fill = () => {
    if (isFilled || !details.open) return;
    isFilled = true;
    const children = el("div", { class: "j-children" });
    for (const [childKey, child] of entries.slice(0, shownEntries))
      children.append(branch(child, childKey, depth + 1, open));
    if (entries.length > shownEntries)
      children.append(el("div", { class: "j-size" }, `${entries.length - shownEntries} more`));
    details.append(children);
  };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}

function leaf(value: unknown): HTMLElement {
  const text =
    typeof value === "string"
      ? `"${value.length > shownText ? `${value.slice(0, shownText)}…` : value}"`
      : String(value);
  return el("span", { class: `j-${value === null ? "null" : typeof value}` }, text);
}

const editor: MountField = (element, options) => {
  let current = options;
  const area = el("textarea", {
    class: "f-input f-code-input",
    rows: 6,
    "aria-label": options.label,
    spellcheck: "false",
  });
  const note = el("p", { class: "f-error", role: "status" });
  const textOf = (value: unknown) => (value === undefined ? "" : JSON.stringify(value, null, 2));
  area.value = textOf(options.value);
  area.addEventListener("input", () => {
    try {
      const value: unknown = area.value.trim() === "" ? null : JSON.parse(area.value);
      note.textContent = "";
      current.onchange(value);
    } catch (error) {
      note.textContent = (error as Error).message;
    }
  });
  element.append(area, note);
  return {
    update(next) {
      const isSame = JSON.stringify(next.value) === JSON.stringify(current.value);
      current = next;
      if (!isSame && document.activeElement !== area) area.value = textOf(next.value);
    },
    destroy: () => element.replaceChildren(),
  };
};
