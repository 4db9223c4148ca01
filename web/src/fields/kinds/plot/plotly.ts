import { el, isRecord } from "../../dom.ts";
import type { Figure } from "./figure.ts";
import type { Drawn, Look, Size } from "./look.ts";

type Fields = Record<string, unknown>;

interface Plotly {
  newPlot(element: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  toImage(
    element: HTMLElement,
    options: { format: "png" | "svg"; width: number; height: number; scale?: number },
  ): Promise<string>;
  purge(element: HTMLElement): void;
}

const basicTraces = new Set(["scatter", "bar", "pie"]);
/** These fetch shapes or tiles from their maker's hosts. */
const maps = /^(choropleth|scattergeo|(scatter|choropleth|density)map(box)?)$/;

const typeOf = (trace: Fields): string => (typeof trace["type"] === "string" ? trace["type"] : "scatter");

/** Why this figure cannot be drawn, or `null`. */
export function refusal({ data }: Extract<Figure, { engine: "plotly" }>): string | null {
  const map = data.map(typeOf).find((type) => maps.test(type));
  return map === undefined
    ? null
    : `Maps (${map}) need shapes and tiles from other hosts, which the canvas does not ask: this is the chart's data.`;
}

/** The small build draws lines, bars and pies; every other trace needs the large one, which compiles no code either. */
async function load(data: readonly Fields[]): Promise<Plotly> {
  const module: unknown = data.every((trace) => basicTraces.has(typeOf(trace)))
    ? await import("plotly.js-basic-dist-min")
    : await import("plotly.js-strict-dist-min");
  return ((module as { default?: unknown }).default ?? module) as Plotly;
}

export async function draw(
  element: HTMLElement,
  figure: Extract<Figure, { engine: "plotly" }>,
  look: Look,
  size: Size,
): Promise<Drawn> {
  const plotly = await load(figure.data);
  const notes: string[] = [];
  const holder = el("div", { class: "f-chart-plotly" });
  holder.style.height = `${size.height}px`;
  element.append(holder);
  const data = structuredClone(figure.data).map((trace) => localTrace(trace, notes));
  const layout = layoutOf(structuredClone(figure.layout), look, size, notes);
  const config = {
    displaylogo: false,
    displayModeBar: size.width > 500 ? "hover" : false,
    modeBarButtonsToRemove: ["sendDataToCloud", "toImage"],
    showSendToCloud: false,
    showEditInChartStudio: false,
    plotlyServerURL: "",
    topojsonURL: "",
    responsive: false,
    showTips: false,
  };
  try {
    await plotly.newPlot(holder, data, layout, config);
  } catch (error) {
    holder.remove();
    throw error;
  }
  return {
    notes: [...new Set(notes)],
    toAddress: (format) =>
      plotly.toImage(holder, {
        format,
        width: size.width,
        height: size.height,
        ...(format === "png" ? { scale: 2 } : {}),
      }),
    destroy() {
      plotly.purge(holder);
      holder.remove();
    },
  };
}

const isInside = (address: unknown) => typeof address === "string" && /^data:image\//i.test(address);

function localTrace(trace: Fields, notes: string[]): Fields {
  if (trace["type"] === "image" && "source" in trace && !isInside(trace["source"])) {
    notes.push("A picture from another host was left out.");
    delete trace["source"];
  }
  return trace;
}

function layoutOf(given: Fields, look: Look, { width, height }: Size, notes: string[]): Fields {
  const isSmall = width < 500;
  const template = isRecord(given["template"]) ? given["template"] : {};
  const base = isRecord(template["layout"]) ? template["layout"] : {};
  for (const holder of [given, base]) {
    if (!Array.isArray(holder["images"])) continue;
    const kept = holder["images"].filter((image) => isRecord(image) && isInside(image["source"]));
    if (kept.length < holder["images"].length) notes.push("A picture from another host was left out.");
    holder["images"] = kept;
  }
  const axis = {
    gridcolor: look.line,
    linecolor: look.strong,
    zerolinecolor: look.strong,
    tickcolor: look.strong,
    automargin: true,
    title: { font: { size: isSmall ? 11 : 13 } },
  };
  const merged = (name: string) => ({ ...(isRecord(base[name]) ? base[name] : {}), ...axis });
  const scene = Object.fromEntries(
    ["xaxis", "yaxis", "zaxis"].map((name) => [
      name,
      {
        backgroundcolor: "rgba(0,0,0,0)",
        gridcolor: look.strong,
        zerolinecolor: look.strong,
        color: look.quiet,
      },
    ]),
  );
  const quietBase = {
    ...base,
    paper_bgcolor: look.background,
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: look.font, size: isSmall ? 11 : 12, color: look.quiet },
    title: { font: { size: isSmall ? 13 : 15, color: look.text }, x: 0.02, xanchor: "left" },
    colorway: look.series,
    hoverlabel: {
      bgcolor: look.surface,
      bordercolor: look.strong,
      font: { family: look.font, color: look.text, size: 12 },
    },
    xaxis: merged("xaxis"),
    yaxis: merged("yaxis"),
    polar: { bgcolor: "rgba(0,0,0,0)", angularaxis: axis, radialaxis: axis },
    ternary: { bgcolor: "rgba(0,0,0,0)" },
    scene,
    legend: isSmall ? { orientation: "h", y: -0.2, font: { size: 11 } } : {},
  };
  const hasTitle = given["title"] !== undefined;
  const margin = { l: 40, r: 12, t: hasTitle ? 38 : 12, b: 32 };
  const { width: _width, height: _height, updatemenus: _menus, ...rest } = given;
  return {
    ...rest,
    template: { ...template, layout: quietBase },
    ...(isSmall || rest["margin"] === undefined ? { margin } : {}),
    width,
    height,
    autosize: false,
  };
}
