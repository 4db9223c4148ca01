import { el } from "../dom.ts";
import type { Grid, Place } from "./grid.ts";
import {
  datatypeOf,
  emptyCell,
  type Limits,
  putBlock,
  readCell,
  readTsv,
  renameColumn,
  setCell,
  type Table,
  textOfCell,
  writeTsv,
} from "./table-model.ts";

export interface Editing {
  /** Ends the edit of a cell, keeping what was typed. */
  finish(): void;
}

/** Keys, mouse and clipboard of a table, as people know them from spreadsheets. */
export function editGrid(
  grid: Grid,
  isEditable: boolean,
  limits: () => { rows: Limits; columns: Limits },
  change: (table: Table) => void,
): Editing {
  const { box } = grid;
  let input: HTMLInputElement | null = null;
  let finish = () => {};

  const rowOf = (place: Place): number => grid.order[place.row] ?? place.row;
  const mayEdit = (place: Place) => isEditable && !(place.row >= 0 && grid.isFixed(place.column));

  /** Opens the field of a cell; what was typed on the cell stands in it already. */
  const edit = (place: Place, typed?: string) => {
    finish();
    grid.go(place);
    const cell = grid.cell(grid.active);
    if (cell === null || !mayEdit(place)) return;
    const { row, column } = grid.active;
    const isHeader = row === -1;
    const before = isHeader ? grid.table.headers[column] : grid.table.data[rowOf(grid.active)]?.[column];
    const type = datatypeOf(grid.props, column);
    if (!isHeader && (typeof before === "boolean" || type === "bool")) return toggle(grid.active);
    const name = grid.table.headers[column] ?? String(column + 1);
    const field = el("input", {
      class: "f-cell-edit",
      "aria-label": isHeader ? `Name of column ${column + 1}` : `${name}, row ${row + 1}`,
      inputmode: type === "number" ? "decimal" : undefined,
    });
    field.value = typed ?? textOfCell(before);
    grid.isHeld = true;
    input = field;
    cell.append(field);
    field.focus({ preventScroll: true });
    if (typed === undefined) field.select();

    const close = (isKept: boolean): boolean => {
      if (input !== field) return true;
      const value = isHeader ? field.value.trim() : readCell(field.value, type, before);
      if (isKept && value === undefined) {
        field.classList.add("is-wrong");
        field.setAttribute("aria-invalid", "true");
        field.title = `A column of type ${type}: “${field.value}” is none.`;
        return false;
      }
      input = null;
      finish = () => {};
      grid.isHeld = false;
      field.remove();
      if (!isKept || value === before) grid.paint();
      else if (isHeader) change(renameColumn(grid.table, column, String(value)));
      else change(setCell(grid.table, rowOf({ row, column }), column, value));
      return true;
    };
    /** What cannot stand in the column is not kept when somebody goes elsewhere. */
    finish = () => void (close(true) || close(false));
    field.addEventListener("blur", () => finish());
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === "Escape") {
        close(false);
        box.focus({ preventScroll: true });
      } else if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        if (!close(true)) return;
        box.focus({ preventScroll: true });
        if (event.key === "Enter") return grid.go({ row: row + (event.shiftKey ? -1 : 1), column });
        const step = event.shiftKey ? -1 : 1;
        const at = column + step;
        const next = {
          row: at < 0 ? row - 1 : at >= grid.width ? row + 1 : row,
          column: (at + grid.width) % grid.width,
        };
        if (next.row < -1 || next.row >= grid.order.length) return grid.go({ row, column });
        grid.go(next);
        if (typeof grid.table.data[rowOf(next)]?.[next.column] !== "boolean") edit(next);
      }
    });
    // What is pasted into the field of a cell is its text, unless it is a block of cells.
    field.addEventListener("paste", (event) => {
      event.stopPropagation();
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (isHeader || !/[\t\n]/.test(text.trimEnd())) return;
      event.preventDefault();
      close(false);
      box.focus({ preventScroll: true });
      put(text);
    });
  };

  const toggle = (place: Place) => {
    if (!mayEdit(place)) return;
    const row = rowOf(place);
    change(setCell(grid.table, row, place.column, grid.table.data[row]?.[place.column] !== true));
  };

  const put = (text: string) => {
    const block = readTsv(text);
    const { rows, columns } = grid.selected();
    const top = rows[0] ?? 0;
    const at = columns[0] ?? 0;
    const places = block.map((_, index) => grid.order[top + index]).filter((row) => row !== undefined);
    change(putBlock(grid.table, places, at, block, grid.props, limits()));
    grid.anchor = { row: top, column: at };
    grid.go(
      { row: top + block.length - 1, column: at + Math.max(...block.map((cells) => cells.length)) - 1 },
      true,
    );
  };

  const clear = () => {
    const { rows, columns } = grid.selected();
    let next = grid.table;
    for (const row of rows)
      for (const column of columns)
        if (mayEdit({ row, column })) {
          const from = rowOf({ row, column });
          const was = next.data[from]?.[column];
          const empty =
            typeof was === "number" ? null : typeof was === "boolean" ? false : emptyCell(grid.props, column);
          next = setCell(next, from, column, empty);
        }
    change(next);
  };

  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (event.target as Element).closest(".f-cell-edit, a") !== null) return;
    const place = grid.placeOf(event.target);
    if (place === null) return;
    finish();
    box.focus({ preventScroll: true });
    if (place.row >= 0) grid.go(place, event.shiftKey);
  });
  box.addEventListener("pointerover", (event) => {
    const place = grid.placeOf(event.target);
    if (
      (event.buttons & 1) === 1 &&
      place !== null &&
      place.row >= 0 &&
      input === null &&
      document.activeElement === box
    )
      grid.go(place, true);
  });
  box.addEventListener("click", (event) => {
    const place = grid.placeOf(event.target);
    if (place === null || (event.target as Element).closest(".f-cell-edit") !== null) return;
    if (place.row === -1 && event.detail < 2) {
      grid.go(place);
      grid.sortBy(place.column);
    } else if ((event.target as Element).matches("input[type=checkbox]")) {
      event.preventDefault();
      toggle(place);
    }
  });
  box.addEventListener("dblclick", (event) => {
    const place = grid.placeOf(event.target);
    if (place !== null && !(event.target as Element).matches("input, a")) edit(place);
  });
  box.addEventListener("keydown", (event) => {
    if (event.target !== box) return;
    const { row, column } = grid.active;
    const isCommand = event.ctrlKey || event.metaKey;
    const last = grid.order.length - 1;
    const page = Math.max(1, Math.floor(box.clientHeight / 28) - 2);
    const to = (place: Place) => grid.go(place, event.shiftKey);
    if (event.key === "ArrowDown") to({ row: isCommand ? last : row + 1, column });
    else if (event.key === "ArrowUp") to({ row: isCommand ? 0 : row - 1, column });
    else if (event.key === "ArrowRight") to({ row, column: isCommand ? grid.width - 1 : column + 1 });
    else if (event.key === "ArrowLeft") to({ row, column: isCommand ? 0 : column - 1 });
    else if (event.key === "Home") to({ row: isCommand ? 0 : row, column: 0 });
    else if (event.key === "End") to({ row: isCommand ? last : row, column: grid.width - 1 });
    else if (event.key === "PageDown") to({ row: row + page, column });
    else if (event.key === "PageUp") to({ row: row - page, column });
    else if (isCommand && event.key.toLowerCase() === "a") {
      grid.anchor = { row: 0, column: 0 };
      grid.go({ row: last, column: grid.width - 1 }, true);
    } else if (event.key === "Enter" && row === -1) grid.sortBy(column);
    else if (event.key === "Enter" || event.key === "F2") edit(grid.active);
    else if (event.key === " " && typeof grid.table.data[rowOf(grid.active)]?.[column] === "boolean")
      toggle(grid.active);
    else if ((event.key === "Delete" || event.key === "Backspace") && isEditable) clear();
    else if (event.key.length === 1 && !isCommand && !event.altKey && mayEdit(grid.active))
      edit(grid.active, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener("copy", (event) => {
    if (event.target !== box && input !== null) return;
    const { rows, columns } = grid.selected();
    const isHeader = grid.active.row === -1;
    const block = isHeader
      ? [columns.map((column) => grid.table.headers[column])]
      : rows.map((row) => columns.map((column) => grid.table.data[rowOf({ row, column })]?.[column]));
    event.clipboardData?.setData("text/plain", writeTsv(block));
    event.preventDefault();
  });
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isEditable || text === "" || input !== null) return;
    event.preventDefault();
    put(text);
  });
  return { finish: () => finish() };
}
