import embed, { type EmbedOptions, type VisualizationSpec } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import { el, isRecord } from "../../dom.ts";
import { cleanSpec, isSingle } from "./clean-spec.ts";
import type { Figure } from "./figure.ts";
import type { Drawn, Look, Size } from "./look.ts";

/** Vega and Vega-Lite (Altair's charts). Expressions are interpreted, never compiled, and nothing is loaded. */
export async function draw(
  element: HTMLElement,
  figure: Extract<Figure, { engine: "vega" }>,
  look: Look,
  size: Size,
): Promise<Drawn> {
  const notes: string[] = [];
  const isRefused = new Set<string>();
  const refuse = (what: string, address: string): Promise<never> => {
    const host = hostOf(address);
    const note = `${what} from ${host} ${what.endsWith("s") ? "were" : "was"} not loaded: the canvas asks no other host. Put the values into the chart.`;
    if (!isRefused.has(note)) notes.push(note);
    isRefused.add(note);
    return Promise.reject(new Error(note));
  };
  const spec = cleanSpec(figure.spec);
  const fits = figure.mode === "vega-lite" && isSingle(spec);
  if (fits) {
    delete spec["width"];
    delete spec["height"];
    Object.assign(spec, {
      width: size.width,
      height: size.height,
      autosize: { type: "fit", contains: "padding" },
    });
  }
  const parts = Math.max(80, Math.round(size.width / 2) - 48);
  if (isRecord(spec["config"]) && !fits) delete spec["config"]["view"];
  const tip = tooltip();
  const options: EmbedOptions = {
    mode: figure.mode,
    actions: false,
    ast: true,
    expr: expressionInterpreter,
    renderer: "svg",
    defaultStyle: false,
    tooltip: tip.show,
    logLevel: 0,
    config: configOf(look, parts, size.width) as never,
    loader: {
      load: (address: string) => refuse("Data", address),
      http: (address: string) => refuse("Data", address),
      file: (address: string) => refuse("Data", address),
      sanitize: (address: string, { context }: { context?: string } = {}) => {
        const text = String(address);
        if (context === "href" && /^(https?:|mailto:)/i.test(text))
          return Promise.resolve({ href: text, target: "_blank", rel: "noopener noreferrer nofollow" });
        if (context === "image" && /^data:image\//i.test(text)) return Promise.resolve({ href: text });
        return context === "href"
          ? Promise.reject(new Error("This link is not followed."))
          : refuse("A picture", text);
      },
    } as never,
  };
  const holder = el("div", { class: "f-chart-vega" });
  element.append(holder);
  const drawn = await embed(holder, spec as unknown as VisualizationSpec, options).catch((error: Error) => {
    holder.remove();
    tip.remove();
    throw error;
  });
  const svg = holder.querySelector("svg");
  if (!fits) svg?.classList.add("is-scaled");
  // Containers of marks have a role and no name: nothing for who cannot see them.
  for (const group of svg?.querySelectorAll('[role^="graphics"]:not([aria-label])') ?? [])
    group.removeAttribute("role");
  return {
    notes,
    toAddress: (format) => drawn.view.toImageURL(format, format === "png" ? 2 : 1),
    destroy() {
      drawn.finalize();
      tip.remove();
      holder.remove();
    },
  };
}

function hostOf(address: string): string {
  try {
    return new URL(address).host || "elsewhere";
  } catch {
    return "elsewhere";
  }
}

function configOf(look: Look, parts: number, width: number): Record<string, unknown> {
  const words = { font: look.font, labelFont: look.font, titleFont: look.font };
  const axis = {
    labelColor: look.quiet,
    titleColor: look.quiet,
    gridColor: look.line,
    domainColor: look.strong,
    tickColor: look.strong,
  };
  const small = { labelFontSize: 11, titleFontSize: 11, titleFontWeight: 500 };
  return {
    background: look.background,
    font: look.font,
    events: {
      selector: false,
      window: ["mousemove", "mouseup", "pointermove", "pointerup", "touchmove", "touchend"],
    },
    axis: { ...words, ...axis, ...small, labelLimit: parts },
    legend: { ...words, labelColor: look.quiet, titleColor: look.quiet, ...small },
    header: { ...words, labelColor: look.quiet, titleColor: look.quiet, ...small },
    title: {
      font: look.font,
      color: look.text,
      fontSize: 13,
      fontWeight: 600,
      anchor: "start",
      limit: width - 12,
    },
    text: { color: look.text },
    style: { "guide-label": { fill: look.quiet }, "guide-title": { fill: look.quiet } },
    view: { stroke: "transparent", continuousWidth: parts, continuousHeight: Math.round(parts * 0.75) },
    range: { category: look.series },
    mark: { color: look.series[0] },
  };
}

/** What rests under the pointer, as text beside it: no markup of a value is ever parsed. */
function tooltip() {
  const box = el("div", { class: "f-chart-tip", role: "presentation" });
  return {
    show(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
      if (value === null || value === undefined || value === "") return box.remove();
      box.replaceChildren(...linesOf(value));
      document.body.append(box);
      const { width, height } = box.getBoundingClientRect();
      const left = event.clientX + 12 + width > innerWidth ? event.clientX - 12 - width : event.clientX + 12;
      const top =
        event.clientY + 12 + height > innerHeight ? event.clientY - 12 - height : event.clientY + 12;
      box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
    },
    remove: () => box.remove(),
  };
}

function linesOf(value: unknown): Node[] {
  if (!isRecord(value)) return [document.createTextNode(String(value))];
  return Object.entries(value).map(([name, entry]) =>
    el(
      "div",
      {},
      el("span", {}, name),
      el("b", {}, typeof entry === "object" ? JSON.stringify(entry) : String(entry)),
    ),
  );
}
