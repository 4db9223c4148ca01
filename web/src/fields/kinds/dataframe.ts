import { el, emptyNote, maxHeight } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { Grid } from "../table/grid.ts";
import { editGrid } from "../table/grid-editing.ts";
import {
  addColumn,
  addRow,
  blankTable,
  headerOf,
  limitsOf,
  removeColumn,
  removeRow,
  type Table,
} from "../table/table-model.ts";

/** A table to look at and sort; where it may be edited, a spreadsheet in small. */
export const mount: MountField = (element, options) => {
  let current = options;
  let takeDown: (() => void) | undefined;
  let show: (() => void) | undefined;

  const draw = () => {
    const table = tableOf(current);
    const isEmpty = current.readonly && (table.data.length === 0 || !isTable(current.value));
    if (isEmpty) {
      takeDown?.();
      takeDown = show = undefined;
      return element.replaceChildren(emptyNote(isTable(current.value) ? "No rows" : undefined));
    }
    if (show === undefined) ({ show, takeDown } = build());
    show();
  };

  const build = () => {
    const { label, large, readonly, props } = current;
    const grid = new Grid({ label, large, isEditable: !readonly, maxHeight: maxHeight(props, 224) });
    const change = (table: Table) => {
      current = { ...current, value: table };
      grid.show(table, current.props);
      tell();
      current.onchange(table);
    };
    const limits = () => ({
      rows: limitsOf(current.props["rowLimits"], current.props["rowCount"]),
      columns: limitsOf(
        current.props["columnLimits"],
        current.props["columnCount"] ?? current.props["colCount"],
      ),
    });
    const editing = editGrid(grid, !readonly, limits, change);
    const count = el("span", { class: "f-table-count", role: "status" });
    const button = (text: string, press: () => void) => {
      const made = el("button", { type: "button", class: "f-replace" }, text);
      // Where a cell is being edited it is finished first, by losing the focus.
      made.addEventListener("click", press);
      return made;
    };
    const at = () => grid.order[Math.max(0, grid.active.row)] ?? 0;
    const addedRow = button("Add row", () => {
      change(addRow(grid.table, grid.table.data.length, current.props));
      grid.go({ row: grid.table.data.length - 1, column: 0 });
    });
    const addedColumn = button("Add column", () => {
      change(addColumn(grid.table, grid.width, current.props));
      grid.go({ row: grid.active.row, column: grid.width - 1 });
    });
    const removedRow = button("", () => change(removeRow(grid.table, at())));
    const removedColumn = button("", () => change(removeColumn(grid.table, grid.active.column)));
    const tell = () => {
      const { rows, columns } = limits();
      const [height, width] = [grid.table.data.length, grid.width];
      addedRow.disabled = height >= rows.maximum;
      addedColumn.disabled = width >= columns.maximum;
      removedRow.disabled = height <= Math.max(0, rows.minimum);
      removedColumn.disabled = width <= Math.max(1, columns.minimum);
      removedRow.textContent = `Remove row ${at() + 1}`;
      removedColumn.textContent = `Remove ${headerOf(grid.table, grid.active.column)}`;
      const found = grid.sought === "" ? "" : `${grid.order.length.toLocaleString("en")} of `;
      count.textContent = `${found}${height.toLocaleString("en")} ${height === 1 ? "row" : "rows"}`;
    };
    grid.onactive = tell;
    element.replaceChildren(grid.box);
    const isSought = ["search", "filter"].includes(String(props["showSearch"]));
    if (isSought) {
      const search = el("input", {
        type: "search",
        class: "f-input f-table-search",
        placeholder: "Search",
        "aria-label": `Search in ${label}`,
      });
      search.addEventListener("input", () => {
        editing.finish();
        grid.seek(search.value);
        tell();
      });
      grid.box.before(search);
    }
    const tools = el("div", {
      class: "f-table-tools",
      role: "group",
      "aria-label": `${label}: rows and columns`,
    });
    if (!readonly) tools.append(addedRow, addedColumn, removedRow, removedColumn);
    tools.append(count);
    if (!readonly || isSought || tableOf(current).data.length > 8) element.append(tools);
    return {
      show: () => {
        editing.finish();
        grid.show(tableOf(current), current.props);
        tell();
      },
      takeDown: () => {
        grid.destroy();
        element.replaceChildren();
      },
    };
  };

  draw();
  return {
    update(next) {
      const isSame = next.value === current.value && next.props === current.props;
      current = next;
      if (!isSame) draw();
    },
    destroy: () => takeDown?.() ?? element.replaceChildren(),
  };
};

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null;
}

function tableOf({ value, props, readonly }: FieldOptions): Table {
  if (!isTable(value)) return readonly ? { headers: [], data: [] } : blankTable(props);
  return value.headers.length === 0 && value.data.length === 0 && !readonly ? blankTable(props) : value;
}
