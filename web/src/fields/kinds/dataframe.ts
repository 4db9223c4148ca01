import "./dataframe.css";
import { el, emptyNote } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";

interface Table {
  readonly headers: readonly string[];
  readonly data: readonly (readonly unknown[])[];
}

const shownRows = 100;

/** A table; where it may be edited, its cells are fields. */
export const mount: MountField = (element, options) => {
  let current = options;
  const tableOf = ({ value, props }: FieldOptions): Table => {
    if (typeof value === "object" && value !== null) return value as Table;
    return { headers: Array.isArray(props["headers"]) ? props["headers"].map(String) : [], data: [] };
  };
  const change = (row: number, column: number, text: string) => {
    const table = tableOf(current);
    const was = table.data[row]?.[column];
    const value: unknown =
      typeof was === "number" && text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
    current.onchange({
      ...table,
      data: table.data.map((cells, index) =>
        index === row ? cells.map((cell, at) => (at === column ? value : cell)) : cells,
      ),
    });
  };
  const draw = () => {
    const table = tableOf(current);
    if (table.data.length === 0 && current.readonly)
      return element.replaceChildren(emptyNote(current.value ? "No rows" : undefined));
    const rows = table.data.slice(0, current.large ? 2000 : shownRows);
    const body = el(
      "tbody",
      {},
      ...rows.map((cells, row) => el("tr", {}, ...cells.map((cell, column) => cellOf(cell, row, column)))),
    );
    const grid = el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...table.headers.map((header) => el("th", { scope: "col" }, header)))),
      body,
    );
    const box = el(
      "div",
      {
        class: current.large ? "f-table is-large" : "f-table",
        tabindex: 0,
        role: "region",
        "aria-label": current.label,
      },
      grid,
    );
    element.replaceChildren(box);
    if (table.data.length > rows.length)
      element.append(el("p", { class: "f-note" }, `${table.data.length - rows.length} more rows`));
    if (!current.readonly) {
      const add = el("button", { type: "button", class: "f-replace" }, "Add a row");
      add.addEventListener("click", () => {
        const now = tableOf(current);
        current.onchange({ ...now, data: [...now.data, now.headers.map(() => "")] });
      });
      element.append(add);
    }
  };
  const cellOf = (cell: unknown, row: number, column: number): HTMLElement => {
    const text =
      cell === null || cell === undefined
        ? ""
        : typeof cell === "object"
          ? JSON.stringify(cell)
          : String(cell);
    const classes = typeof cell === "number" ? "is-number" : undefined;
    if (current.readonly) return el("td", { class: classes }, text);
    const input = el("input", {
      value: text,
      "aria-label": `Row ${row + 1}, ${tableOf(current).headers[column] ?? column + 1}`,
    });
    input.addEventListener("change", () => change(row, column, input.value));
    return el("td", { class: classes }, input);
  };
  draw();
  return {
    update(next) {
      const isSame =
        JSON.stringify(next.value) === JSON.stringify(current.value) && next.large === current.large;
      current = next;
      if (!isSame && !element.contains(document.activeElement)) draw();
      else if (!isSame && tableOf(next).data.length !== element.querySelectorAll("tbody tr").length) draw();
    },
    destroy: () => element.replaceChildren(),
  };
};
