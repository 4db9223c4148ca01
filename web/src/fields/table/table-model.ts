/** A table as plain data: what a cell means, and every change that a person can make to it. */

export interface Table {
  readonly headers: readonly string[];
  readonly data: readonly (readonly unknown[])[];
}

export type Props = Readonly<Record<string, unknown>>;
export type Datatype = "str" | "number" | "bool" | "date" | "markdown" | "html" | "auto";

export interface Limits {
  readonly minimum: number;
  readonly maximum: number;
}

const datatypes: readonly string[] = ["str", "number", "bool", "date", "markdown", "html", "auto"];

export function widthOf({ headers, data }: Table): number {
  return data.reduce((most, row) => Math.max(most, row.length), headers.length);
}

export function headerOf({ headers }: Table, column: number): string {
  return headers[column] ?? String(column + 1);
}

/** Gradio's `datatype`: one for the whole table, or one for each column. */
export function datatypeOf(props: Props, column: number): Datatype {
  const given: unknown = Array.isArray(props["datatype"]) ? props["datatype"][column] : props["datatype"];
  return datatypes.includes(given as string) ? (given as Datatype) : "auto";
}

/** Gradio's `rowLimits: [1, 10]`, or the older `rowCount: [3, "fixed"]`. */
export function limitsOf(limits: unknown, count: unknown): Limits {
  const whole = (value: unknown, other: number) => (typeof value === "number" ? value : other);
  if (Array.isArray(limits)) return { minimum: whole(limits[0], 0), maximum: whole(limits[1], Infinity) };
  if (Array.isArray(count) && count[1] === "fixed")
    return { minimum: whole(count[0], 0), maximum: whole(count[0], Infinity) };
  return { minimum: 0, maximum: Infinity };
}

/** What is there to be filled in before anybody did. */
export function blankTable(props: Props): Table {
  const countOf = (value: unknown) => {
    const count: unknown = Array.isArray(value) ? value[0] : value;
    return typeof count === "number" ? count : undefined;
  };
  const named = Array.isArray(props["headers"]) ? props["headers"].map(String) : [];
  const columns = Math.max(
    named.length,
    countOf(props["columnCount"] ?? props["colCount"]) ?? (named.length || 3),
  );
  const rows = countOf(props["rowCount"]) ?? 1;
  return {
    headers: Array.from({ length: columns }, (_, column) => named[column] ?? `Column ${column + 1}`),
    data: Array.from({ length: rows }, () =>
      Array.from({ length: columns }, (_, column) => emptyCell(props, column)),
    ),
  };
}

export function emptyCell(props: Props, column: number): unknown {
  const type = datatypeOf(props, column);
  return type === "bool" ? false : type === "number" ? null : "";
}

export function textOfCell(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

/** What a typed or pasted text stands for in a cell of that type; `undefined` where it cannot stand there. */
export function readCell(text: string, type: Datatype, before: unknown): unknown {
  const trimmed = text.trim();
  const isNumber = trimmed !== "" && Number.isFinite(Number(trimmed));
  if (type === "number") return trimmed === "" ? null : isNumber ? Number(trimmed) : undefined;
  if (type === "bool")
    return /^(true|yes|1|✓|x)$/i.test(trimmed) ? true : /^(false|no|0|)$/i.test(trimmed) ? false : undefined;
  if (type === "auto" && typeof before === "number" && isNumber) return Number(trimmed);
  if (type === "auto" && typeof before === "number" && trimmed === "") return null;
  if (type === "auto" && typeof before === "boolean" && /^(true|false)$/i.test(trimmed))
    return trimmed.toLowerCase() === "true";
  return text;
}

const replaced = <T>(list: readonly T[], index: number, value: T): T[] => list.with(index, value);

export function setCell(table: Table, row: number, column: number, value: unknown): Table {
  const cells = [...(table.data[row] ?? [])];
  while (cells.length <= column) cells.push("");
  cells[column] = value;
  return { ...table, data: replaced(table.data, row, cells) };
}

export function addRow(table: Table, at: number, props: Props): Table {
  const row = Array.from({ length: widthOf(table) }, (_, column) => emptyCell(props, column));
  return { ...table, data: table.data.toSpliced(at, 0, row) };
}

export function removeRow(table: Table, row: number): Table {
  return { ...table, data: table.data.toSpliced(row, 1) };
}

export function addColumn(table: Table, at: number, props: Props): Table {
  const headers = Array.from({ length: widthOf(table) }, (_, column) => headerOf(table, column));
  let number = headers.length + 1;
  while (headers.includes(`Column ${number}`)) number++;
  return {
    headers: headers.toSpliced(at, 0, `Column ${number}`),
    data: table.data.map((row) => {
      const cells = [...row];
      while (cells.length < at) cells.push("");
      return cells.toSpliced(at, 0, emptyCell(props, at));
    }),
  };
}

export function removeColumn(table: Table, column: number): Table {
  return {
    headers: table.headers.toSpliced(column, 1),
    data: table.data.map((row) => row.toSpliced(column, 1)),
  };
}

export function renameColumn(table: Table, column: number, name: string): Table {
  const headers = Array.from({ length: widthOf(table) }, (_, at) => headerOf(table, at));
  return { ...table, headers: replaced(headers, column, name) };
}

/** Puts a block of texts in, from that cell on. The table grows as far as it may; what has no place is left out. */
export function putBlock(
  table: Table,
  rows: readonly number[],
  column: number,
  block: readonly (readonly string[])[],
  props: Props,
  limits: { readonly rows: Limits; readonly columns: Limits },
): Table {
  let next = table;
  const wanted = column + Math.max(...block.map((cells) => cells.length));
  while (widthOf(next) < Math.min(wanted, limits.columns.maximum))
    next = addColumn(next, widthOf(next), props);
  const places = [...rows];
  while (places.length < block.length && next.data.length < limits.rows.maximum) {
    places.push(next.data.length);
    next = addRow(next, next.data.length, props);
  }
  const width = widthOf(next);
  const data = [...next.data];
  for (const [index, cells] of block.entries()) {
    const row = places[index];
    if (row === undefined) break;
    const filled = [...data[row]!];
    for (const [offset, text] of cells.entries()) {
      const at = column + offset;
      if (at >= width) break;
      const value = readCell(text, datatypeOf(props, at), filled[at]);
      if (value !== undefined) filled[at] = value;
    }
    data[row] = filled;
  }
  return { ...next, data };
}

/** The rows of a spreadsheet's clipboard. A cell in double quotes may hold line breaks and tabs. */
export function readTsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\n\r]|$)|([^\t\n\r]*))(\t|\r\n|\n|\r|$)/y;
  const trimmed = text.replace(/(\r\n|\n|\r)$/, "");
  for (;;) {
    const found = cell.exec(trimmed);
    if (found === null) break;
    rows.at(-1)!.push(found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2]!);
    if (found[3] === "") break;
    if (found[3] !== "\t") rows.push([]);
  }
  return rows;
}

export function writeTsv(rows: readonly (readonly unknown[])[]): string {
  const quoted = (text: string) => (/[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((cells) => cells.map((cell) => quoted(textOfCell(cell))).join("\t")).join("\n");
}

/** Places of the rows, in the order of one column: numbers by size, texts as people sort them, nothing at the end. */
export function sorted(data: Table["data"], column: number, isDown: boolean): number[] {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const isNone = (cell: unknown) => cell === null || cell === undefined || cell === "";
  return data
    .map((_, row) => row)
    .sort((a, b) => {
      const [left, right] = [data[a]![column], data[b]![column]];
      if (isNone(left) || isNone(right)) return Number(isNone(left)) - Number(isNone(right));
      const order =
        typeof left === "number" && typeof right === "number"
          ? left - right
          : collator.compare(textOfCell(left), textOfCell(right));
      return isDown ? -order : order;
    });
}
