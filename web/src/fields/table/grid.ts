import "./grid.css";
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { el, numeric, uniqueId } from "../dom.ts";
import { columnWidths, contentOf } from "./cells.ts";
import { datatypeOf, headerOf, type Props, sorted, type Table, textOfCell, widthOf } from "./table-model.ts";

export const rowHeightPx = 28;

export interface GridOptions {
  readonly label: string;
  readonly large: boolean;
  readonly isEditable: boolean;
  readonly maxHeight: string;
}

/** Row −1 is the header. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/**
 * What is seen of a table: only the rows in sight exist. It knows which cell is chosen and in which order rows stand;
 * `row` is always a place in that order.
 */
export class Grid {
  readonly box: HTMLElement;
  table: Table = { headers: [], data: [] };
  props: Props = {};
  active: Place = { row: 0, column: 0 };
  /** The other corner of what is selected. */
  anchor: Place = { row: 0, column: 0 };
  order: number[] = [];
  sort: { column: number; isDown: boolean } | null = null;
  /** While a cell is edited nothing is drawn over it. */
  isHeld = false;
  pinnedPx = 0;
  onactive: () => void = () => {};
  /** Only rows with this text are shown. */
  sought = "";

  readonly #options: GridOptions;
  readonly #name = uniqueId("table");
  readonly #head = el("div", { role: "rowgroup", class: "f-grid-head" });
  readonly #body = el("div", { role: "rowgroup", class: "f-grid-body" });
  readonly #virtual: Virtualizer<HTMLElement, HTMLElement>;
  readonly #stop: () => void;

  constructor(options: GridOptions) {
    this.#options = options;
    this.box = el(
      "div",
      {
        class: options.large ? "f-table is-large" : "f-table",
        role: "grid",
        tabindex: 0,
        "aria-label": options.label,
        "aria-readonly": options.isEditable ? undefined : "true",
        "aria-multiselectable": "true",
      },
      this.#head,
      this.#body,
    );
    if (!options.large) this.box.style.maxHeight = options.maxHeight;
    this.#virtual = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => this.box,
      estimateSize: () => rowHeightPx,
      overscan: 8,
      scrollMargin: rowHeightPx,
      scrollPaddingStart: rowHeightPx,
      initialRect: { width: 300, height: options.large ? 800 : 240 },
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.paint(),
    });
    this.#stop = this.#virtual._didMount();
    this.box.addEventListener("focus", () => this.#mark());
    this.box.addEventListener("blur", () => this.#mark());
  }

  get width(): number {
    return widthOf(this.table);
  }

  show(table: Table, props: Props): void {
    this.table = table;
    this.props = props;
    this.#sortRows();
    this.box.setAttribute("aria-rowcount", String(table.data.length + 1));
    this.box.setAttribute("aria-colcount", String(this.width));
    const numbers = props["showRowNumbers"] === true ? [`${String(table.data.length).length + 2}ch`] : [];
    this.box.style.setProperty(
      "--columns",
      [...numbers, ...columnWidths(table, this.width, props)].join(" "),
    );
    this.#arrange();
  }

  /** Leaves out the rows without that text. */
  seek(text: string): void {
    this.sought = text.trim().toLowerCase();
    this.#sortRows();
    this.box.scrollTop = 0;
    this.#arrange();
  }

  #arrange(): void {
    this.active = this.#inside(this.active);
    this.anchor = this.#inside(this.anchor);
    this.#virtual.setOptions({ ...this.#virtual.options, count: this.order.length });
    this.#virtual._willUpdate();
    this.paint();
  }

  /** By that column; again, the other way; again, as the rows are. */
  sortBy(column: number): void {
    this.sort =
      this.sort?.column !== column
        ? { column, isDown: false }
        : this.sort.isDown
          ? null
          : { column, isDown: true };
    this.#sortRows();
    this.paint();
  }

  go(place: Place, extends_ = false): void {
    this.active = this.#inside(place);
    if (!extends_) this.anchor = this.active;
    if (this.active.row >= 0) this.#virtual.scrollToIndex(this.active.row);
    // What is in sight stays as it is: a double click needs its cell to be there still.
    if (this.cell(this.active) === null) this.paint();
    else this.#mark();
    this.#scrollAside();
    this.onactive();
  }

  /** The element of a cell that is in sight. */
  cell({ row, column }: Place): HTMLElement | null {
    return this.box.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  }

  placeOf(target: EventTarget | null): Place | null {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[data-column]") : null;
    return cell === null
      ? null
      : { row: Number(cell.dataset["row"]), column: Number(cell.dataset["column"]) };
  }

  /** The rows and columns of what is selected, the header left out. */
  selected(): { rows: number[]; columns: number[] } {
    const [top, bottom] = [this.anchor.row, this.active.row].sort((a, b) => a - b) as [number, number];
    const [left, right] = [this.anchor.column, this.active.column].sort((a, b) => a - b) as [number, number];
    const range = (from: number, to: number) =>
      Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
    return { rows: range(Math.max(0, top), bottom), columns: range(left, right) };
  }

  paint(): void {
    if (this.isHeld) return;
    const marks = (place: Place) => ({
      id: `${this.#name}-${place.row}-${place.column}`,
      "data-row": place.row,
      "data-column": place.column,
      "aria-colindex": place.column + 1,
    });
    const hasNumbers = this.props["showRowNumbers"] === true;
    const all = Array.from({ length: this.width }, (_, column) => column);

    const head = el("div", { role: "row", class: "f-grid-row", "aria-rowindex": 1 });
    if (hasNumbers)
      head.append(el("div", { role: "columnheader", class: "f-grid-number", "aria-label": "Row" }));
    for (const column of all) {
      const by = this.sort?.column === column ? this.sort : null;
      const header = el(
        "div",
        {
          role: "columnheader",
          title: headerOf(this.table, column),
          ...marks({ row: -1, column }),
          "aria-sort": by === null ? "none" : by.isDown ? "descending" : "ascending",
        },
        el("span", { class: "f-grid-name" }, headerOf(this.table, column)),
        el("span", { class: "f-grid-sort", "aria-hidden": "true" }, by === null ? "" : by.isDown ? "↓" : "↑"),
      );
      head.append(header);
    }
    this.#head.replaceChildren(head);

    const items = this.#virtual.getVirtualItems();
    const sight = el("div", { class: "f-grid-sight", role: "presentation" });
    sight.style.transform = `translateY(${(items[0]?.start ?? rowHeightPx) - rowHeightPx}px)`;
    for (const { index } of items) {
      const from = this.order[index];
      const cells = from === undefined ? undefined : this.table.data[from];
      if (cells === undefined) continue;
      const row = el("div", {
        role: "row",
        class: "f-grid-row",
        "aria-rowindex": index + 2,
        "data-index": index,
      });
      if (hasNumbers) row.append(el("div", { role: "rowheader", class: "f-grid-number" }, String(from! + 1)));
      for (const column of all)
        row.append(this.#cellOf(cells[column], index, column, marks({ row: index, column })));
      sight.append(row);
    }
    this.#body.style.height = `${this.#virtual.getTotalSize()}px`;
    this.#body.replaceChildren(sight);
    this.box.classList.toggle("is-wrapped", this.props["wrap"] === true);
    if (this.props["wrap"] === true)
      for (const row of sight.children) this.#virtual.measureElement(row as HTMLElement);
    this.#pin();
    this.#mark();
  }

  /** Gradio's `pinnedColumns`: they stay where they are while the others move aside below them. */
  #pin(): void {
    this.pinnedPx = 0;
    const pinned = numeric(this.props["pinnedColumns"]) ?? 0;
    if (pinned <= 0) return;
    const cells = [...(this.#head.firstElementChild?.children ?? [])] as HTMLElement[];
    const widths = cells.map((cell) => cell.offsetWidth);
    const count = Math.min(widths.length, pinned + widths.length - this.width);
    for (const row of this.box.querySelectorAll(".f-grid-row")) {
      let left = 0;
      for (let at = 0; at < count; at++) {
        const cell = row.children[at] as HTMLElement | undefined;
        cell?.classList.add("is-pinned");
        cell?.style.setProperty("left", `${left}px`);
        left += widths[at]!;
      }
      this.pinnedPx = left;
    }
  }

  /** Shows what is chosen on the cells that are there. */
  #mark(): void {
    const isFocused = document.activeElement === this.box;
    const { rows, columns } = this.selected();
    for (const cell of this.box.querySelectorAll<HTMLElement>("[data-column]")) {
      const place = this.placeOf(cell)!;
      const isActive = place.row === this.active.row && place.column === this.active.column;
      const isMarked =
        columns.includes(place.column) && place.row >= (rows[0] ?? 0) && place.row <= (rows.at(-1) ?? -1);
      cell.classList.toggle("is-active", isFocused && isActive);
      cell.classList.toggle("is-marked", isFocused && isMarked);
      if (place.row >= 0) cell.setAttribute("aria-selected", String(isFocused && (isActive || isMarked)));
    }
    const shown = isFocused ? this.cell(this.active) : null;
    if (shown === null) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", shown.id);
  }

  destroy(): void {
    this.#stop();
    this.box.remove();
  }

  #cellOf(value: unknown, row: number, column: number, marks: Record<string, string | number>): HTMLElement {
    const type = datatypeOf(this.props, column);
    const content = contentOf(
      value,
      type,
      `${headerOf(this.table, column)}, row ${row + 1}`,
      numeric(this.props["maxChars"]),
      this.#options.isEditable && !this.isFixed(column),
      () => this.paint(),
    );
    const cell = el("div", { role: "gridcell", ...marks }, content);
    cell.classList.toggle("is-number", typeof value === "number");
    return cell;
  }

  /** Gradio's `staticColumns`: shown, never edited. */
  isFixed(column: number): boolean {
    return Array.isArray(this.props["staticColumns"]) && this.props["staticColumns"].includes(column);
  }

  #sortRows(): void {
    const { data } = this.table;
    const all =
      this.sort === null || this.sort.column >= this.width
        ? data.map((_, row) => row)
        : sorted(data, this.sort.column, this.sort.isDown);
    const { sought } = this;
    const holds = (cell: unknown) => textOfCell(cell).toLowerCase().includes(sought);
    this.order = sought === "" ? all : all.filter((row) => data[row]!.some(holds));
  }

  #inside({ row, column }: Place): Place {
    const between = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
    return {
      row: between(row, -1, this.order.length - 1),
      column: between(column, 0, Math.max(0, this.width - 1)),
    };
  }

  /** Only the table's own box scrolls, never the canvas around it. */
  #scrollAside(): void {
    const cell = this.cell(this.active);
    if (cell === null) return;
    const { offsetLeft, offsetWidth } = cell;
    if (cell.classList.contains("is-pinned")) return;
    if (offsetLeft - this.pinnedPx < this.box.scrollLeft) this.box.scrollLeft = offsetLeft - this.pinnedPx;
    else if (offsetLeft + offsetWidth > this.box.scrollLeft + this.box.clientWidth)
      this.box.scrollLeft = offsetLeft + offsetWidth - this.box.clientWidth;
  }
}
