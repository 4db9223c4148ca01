import "./item-list.css";
import { kindFor } from "../accepts.ts";
import { choicesOf, el, emptyNote } from "../dom.ts";
import type { Field, FieldOptions, MountField } from "../field.ts";
import { loadField } from "../registry.ts";
import { readTsv } from "../table/table-model.ts";

interface Part {
  readonly kind: string;
  readonly props: Readonly<Record<string, unknown>>;
}
type Row = Readonly<Record<string, unknown>>;

/** Rows of fields. Where it may be edited, rows are added, moved and removed, and each cell is its own field. */
export const mount: MountField = (element, options) => {
  let current = options;
  let cells: { row: number; name: string; field: Field }[] = [];
  let isDestroyed = false;
  let drawing = 0;

  const rows = (): readonly Row[] => (Array.isArray(current.value) ? (current.value as Row[]) : []);
  const parts = (): [string, Part][] => {
    const declared = current.props["fields"];
    if (typeof declared === "object" && declared !== null)
      return Object.entries(declared as Record<string, Part>);
    const names = new Set(rows().flatMap((row) => Object.keys(row)));
    return [...names].map((name) => [name, { kind: "textbox", props: {} }]);
  };
  const optionsOf = (row: number, name: string, part: Part): FieldOptions => ({
    ...current,
    value: rows()[row]?.[name],
    props: part.props,
    label: `${String(part.props["label"] ?? name)}, row ${row + 1}`,
    large: false,
    onchange: (value) =>
      current.onchange(rows().map((entry, index) => (index === row ? { ...entry, [name]: value } : entry))),
  });

  const draw = async () => {
    const turn = ++drawing;
    for (const { field } of cells) field.destroy();
    cells = [];
    if (rows().length === 0 && current.readonly)
      return element.replaceChildren(emptyNote(Array.isArray(current.value) ? "No items" : undefined));
    const list = el("div", {
      class: current.large ? "f-items is-large" : "f-items",
      role: "list",
      "aria-label": current.label,
      tabindex: current.readonly ? 0 : undefined,
    });
    element.replaceChildren(list);
    const mounting: { slot: HTMLElement; row: number; name: string; part: Part }[] = [];
    for (const index of rows().keys()) {
      const body = el("div", { class: "f-item-body" });
      for (const [name, part] of parts()) {
        const slot = el("div", { class: "f-item-cell" });
        body.append(el("div", { class: "f-item-name" }, String(part.props["label"] ?? name)), slot);
        mounting.push({ slot, row: index, name, part });
      }
      const item = el(
        "div",
        { class: "f-item", role: "listitem" },
        el("span", { class: "f-item-number" }, String(index + 1)),
        body,
      );
      if (!current.readonly) {
        item.append(rowTools(index));
        item.addEventListener("paste", (event) => takeRows(event, index), { capture: true });
      }
      list.append(item);
    }
    if (!current.readonly) {
      const add = el("button", { type: "button", class: "f-replace" }, "Add an item");
      add.addEventListener("click", () => setRows([...rows(), newRow()]));
      add.addEventListener("paste", (event) => takeRows(event, rows().length));
      element.append(add);
    }
    for (const { slot, row, name, part } of mounting) {
      const shown = kindFor(part.kind, rows()[row]?.[name], part.props).kind;
      const mountPart = await loadField(shown);
      if (isDestroyed || turn !== drawing) return;
      cells.push({ row, name, field: mountPart(slot, optionsOf(row, name, part)) });
    }
  };
  /** What a field holds before anybody touched it; a text that the author gave no value is empty. */
  const newRow = (): Row =>
    Object.fromEntries(
      parts().map(([name, part]) => [
        name,
        part.props["value"] ?? (["textbox", "textarea", "text"].includes(part.kind) ? "" : null),
      ]),
    );
  /** Rows of a spreadsheet become items: its columns are the fields, in their order. */
  const takeRows = (event: ClipboardEvent, at: number) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isCell =
      event.target instanceof Element && event.target.matches("input, textarea, [contenteditable]");
    // A text of several lines belongs into its field; only cells beside each other are sure to be a table.
    if (text === "" || (isCell && !text.includes("\t"))) return;
    event.preventDefault();
    event.stopPropagation();
    const next: Row[] = [...rows()];
    for (const [offset, cells] of readTsv(text).entries()) {
      const row = { ...(next[at + offset] ?? newRow()) };
      for (const [column, [name, part]] of parts().entries())
        if (cells[column] !== undefined) row[name] = readPart(cells[column], part, row[name]);
      next[at + offset] = row;
    }
    setRows(next);
  };
  const setRows = (next: readonly Row[], focus?: string) => {
    current = { ...current, value: next };
    current.onchange(next);
    const again = draw();
    // What was pressed is made anew: the keyboard stays with its row.
    if (focus !== undefined)
      void again.then(() => {
        const button = element.querySelector<HTMLElement>(`[aria-label="${focus}"]`);
        (button ?? element.querySelector<HTMLElement>(".f-items ~ .f-replace, .f-replace"))?.focus({
          preventScroll: true,
        });
      });
  };
  const rowTools = (index: number): HTMLElement => {
    const tool = (text: string, label: string, next: number, change: (list: Row[]) => void) => {
      const button = el(
        "button",
        {
          type: "button",
          class: "f-item-tool",
          "aria-label": `${label} ${index + 1}`,
          title: `${label} ${index + 1}`,
        },
        text,
      );
      button.addEventListener("click", () => {
        const list = [...rows()];
        change(list);
        setRows(list, `${label} ${Math.max(0, Math.min(list.length - 1, next)) + 1}`);
      });
      return button;
    };
    const swap = (list: Row[], with_: number) => {
      if (list[with_] === undefined) return;
      [list[index], list[with_]] = [list[with_]!, list[index]!];
    };
    return el(
      "span",
      { class: "f-item-tools" },
      tool("↑", "Move up item", index - 1, (list) => swap(list, index - 1)),
      tool("↓", "Move down item", index + 1, (list) => swap(list, index + 1)),
      tool("×", "Remove item", index, (list) => list.splice(index, 1)),
    );
  };

  void draw();
  return {
    update(next) {
      const before = current;
      current = next;
      const isSame = JSON.stringify(next.value) === JSON.stringify(before.value);
      if (isSame && next.large === before.large) return;
      const count = Array.isArray(before.value) ? before.value.length : -1;
      if (count !== rows().length || cells.length === 0) return void draw();
      const byName = new Map(parts());
      for (const { row, name, field } of cells)
        field.update(optionsOf(row, name, byName.get(name) ?? { kind: "textbox", props: {} }));
    },
    destroy() {
      isDestroyed = true;
      for (const { field } of cells) field.destroy();
      element.replaceChildren();
    },
  };
};

/** A cell's text as the value of a field: its own name for a choice, a number, yes or no. */
function readPart(text: string, part: Part, before: unknown): unknown {
  const trimmed = text.trim();
  const choices = choicesOf(part.props);
  const chosen = choices.find((choice) => choice.label === trimmed || String(choice.value) === trimmed);
  if (choices.length > 0)
    return chosen === undefined
      ? part.props["allowCustomValue"] === true
        ? trimmed
        : before
      : part.props["multiselect"] === true || part.kind === "checkboxgroup"
        ? [chosen.value]
        : chosen.value;
  if (part.kind === "number" || part.kind === "slider")
    return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : before;
  if (part.kind === "checkbox") return /^(true|yes|1|x)$/i.test(trimmed);
  return text;
}
