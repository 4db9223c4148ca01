import { isRecord } from "../../dom.ts";

type Fields = Record<string, unknown>;

/** What a value of a plot field asks to be drawn, and with what. */
export type Figure =
  | {
      readonly engine: "plotly";
      readonly data: readonly Fields[];
      readonly layout: Fields;
      readonly title: string | null;
    }
  | {
      readonly engine: "vega";
      readonly spec: Fields;
      readonly mode: "vega" | "vega-lite";
      readonly title: string | null;
    }
  | { readonly engine: "picture"; readonly address: string; readonly title: null }
  | { readonly engine: "none"; readonly note: string; readonly shown: unknown; readonly title: null };

/**
 * Reads Gradio's `{ type, plot }` (a JSON text or a picture's data address), the rows of its native plots, and plain
 * Vega, Vega-Lite and Plotly figures.
 */
export function figureOf(value: unknown): Figure {
  if (typeof value === "string") return ofText(value, value);
  if (!isRecord(value)) return unknown("It is no figure", value);
  const { type, plot } = value;
  if (type === "bokeh")
    return unknown("Bokeh charts are not drawn here: this is the chart's data", fromJson(plot) ?? value);
  if (typeof plot === "string") return ofText(plot, value);
  if (isRecord(plot)) return figureOf(plot);
  return ofRecord(value);
}

function ofText(text: string, value: unknown): Figure {
  if (/^data:image\/(png|jpe?g|webp|gif|svg\+xml|avif)[;,]/i.test(text))
    return { engine: "picture", address: text, title: null };
  const parsed = fromJson(text);
  return isRecord(parsed) ? figureOf(parsed) : unknown("It is no figure", value);
}

function fromJson(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const liteParts = ["mark", "layer", "concat", "hconcat", "vconcat", "facet", "repeat"];

function ofRecord(value: Fields): Figure {
  const schema = typeof value["$schema"] === "string" ? value["$schema"] : "";
  const { columns, data, marks } = value;
  if (Array.isArray(columns) && Array.isArray(data) && !schema)
    return ofRows(value, columns.map(String), data);
  if (/\/vega\//.test(schema) || Array.isArray(marks))
    return { engine: "vega", mode: "vega", spec: value, title: titleOf(value["title"]) };
  if (/vega-lite/.test(schema) || liteParts.some((part) => part in value))
    return { engine: "vega", mode: "vega-lite", spec: value, title: titleOf(value["title"]) };
  if (Array.isArray(data) && data.every(isRecord)) {
    const layout = isRecord(value["layout"]) ? value["layout"] : {};
    return { engine: "plotly", data, layout, title: titleOf(layout["title"]) };
  }
  return unknown("It is no figure of Vega-Lite or Plotly", value);
}

const unknown = (note: string, shown: unknown): Figure => ({ engine: "none", note, shown, title: null });

/** A title as each library writes it: a text, lines, or an object that holds it. HTML of Plotly is left out. */
function titleOf(title: unknown): string | null {
  const text = isRecord(title) ? title["text"] : title;
  const plain = (Array.isArray(text) ? text.join(" ") : typeof text === "string" ? text : "").replace(
    /<[^>]*>/g,
    " ",
  );
  return plain.trim() === "" ? null : plain.replace(/\s+/g, " ").trim();
}

const nativeMarks: Readonly<Record<string, string>> = { line: "line", bar: "bar", point: "point" };

/** Gradio's LinePlot, BarPlot and ScatterPlot send rows: the first column lies along x, the first numbers along y. */
function ofRows({ datatypes, mark }: Fields, columns: readonly string[], rows: readonly unknown[]): Figure {
  const types = isRecord(datatypes) ? datatypes : {};
  const [x] = columns;
  const rest = columns.slice(1);
  const y = rest.find((column) => types[column] === "quantitative") ?? rest[0];
  if (x === undefined || y === undefined)
    return unknown("It has no two columns to draw", { columns, data: rows });
  const color = rest.find((column) => column !== y && types[column] === "nominal");
  const channel = (column: string) => ({
    field: column.replace(/[.[\]\\]/g, "\\$&"),
    type: types[column] ?? "nominal",
    title: column,
  });
  const values = rows.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column, Array.isArray(row) ? row[at] : null])),
  );
  const type = nativeMarks[String(mark)] ?? "line";
  const spec = {
    data: { values },
    mark: { type, ...(type === "line" ? { point: true } : {}) },
    encoding: {
      x: { ...channel(x), ...(types[x] === "nominal" ? { sort: null } : {}) },
      y: channel(y),
      ...(color === undefined ? {} : { color: channel(color) }),
      tooltip: columns.map(channel),
    },
  };
  return { engine: "vega", mode: "vega-lite", spec, title: null };
}
