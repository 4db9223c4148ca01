import { el, emptyNote, numeric } from "../dom.ts";
import type { Field, MountField } from "../field.ts";
import { mount as mountJson } from "./json.ts";
import { type Figure, figureOf } from "./plot/figure.ts";
import { type Drawn, lookOf } from "./plot/look.ts";
import "./plot.css";

/** A chart of Vega, Vega-Lite or Plotly, or a picture of one. Each library is loaded when a chart needs it. */
export const mount: MountField = (element, options) => {
  let current = options;
  let drawn: Drawn | undefined;
  let json: Field | undefined;
  let width = 0;
  let turn = 0;

  const clear = () => {
    drawn?.destroy();
    json?.destroy();
    drawn = json = undefined;
    element.replaceChildren();
  };
  const note = (text: string) => element.append(el("p", { class: "f-note" }, text));
  const asJson = (value: unknown, why: string) => {
    const box = el("div");
    element.append(box);
    json = mountJson(box, { ...current, readonly: true, value });
    note(why);
  };

  const draw = async () => {
    const mine = ++turn;
    const { value, label, large } = current;
    if (value === undefined || value === null) {
      clear();
      return element.append(emptyNote());
    }
    const figure = figureOf(value);
    if (figure.engine === "none") {
      clear();
      return asJson(figure.shown, `${figure.note}.`);
    }
    if (figure.engine === "picture") {
      clear();
      const image = el("img", {
        src: figure.address,
        alt: label,
        class: large ? "f-chart-picture is-large" : "f-chart-picture",
        draggable: "false",
      });
      image.addEventListener("error", () =>
        image.replaceWith(el("p", { class: "f-note" }, "The picture of this chart cannot be read.")),
      );
      return element.append(image);
    }
    const height = large ? Math.max(320, innerHeight * 0.66) : (numeric(current.props["height"]) ?? 200);
    const frame = el("figure", {
      class: large ? "f-chart is-large" : "f-chart",
      "aria-label": figure.title ?? label,
    });
    frame.style.minHeight = `${height}px`;
    try {
      const next = await drawFigure(frame, figure, element, { width, height: Math.min(height, 900) }, () => {
        if (mine !== turn) return false;
        clear();
        element.append(frame);
        return true;
      });
      if (next === undefined) return;
      if (mine !== turn) return next.destroy();
      drawn = next;
      for (const text of next.notes) note(text);
    } catch (error) {
      if (mine !== turn) return;
      clear();
      asJson(value, `${error instanceof NotDrawn ? "" : "The chart cannot be drawn: "}${firstLine(error)}`);
    }
  };

  const redraw = () => void draw();
  const resized = new ResizeObserver(() => {
    const next = element.clientWidth;
    if (next === 0 || Math.abs(next - width) < 2) return;
    width = next;
    redraw();
  });
  resized.observe(element);
  return {
    update(next) {
      const isSame =
        next.large === current.large &&
        next.dark === current.dark &&
        (next.value === current.value || JSON.stringify(next.value) === JSON.stringify(current.value));
      current = next;
      // The theme's colours are on the page one frame later.
      if (!isSame && width > 0) requestAnimationFrame(redraw);
    },
    destroy() {
      turn++;
      resized.disconnect();
      clear();
    },
  };
};

/** A chart that we refuse to draw, with the whole reason as its message. */
class NotDrawn extends Error {}

async function drawFigure(
  frame: HTMLElement,
  figure: Exclude<Figure, { engine: "picture" | "none" }>,
  element: HTMLElement,
  size: { readonly width: number; readonly height: number },
  begin: () => boolean,
): Promise<Drawn | undefined> {
  const look = lookOf(element);
  if (figure.engine === "vega") {
    const { draw } = await import("./plot/vega.ts");
    return begin() ? draw(frame, figure, look, size) : undefined;
  }
  const { draw, refusal } = await import("./plot/plotly.ts");
  const why = refusal(figure);
  if (why !== null) throw new NotDrawn(why);
  return begin() ? draw(frame, figure, look, size) : undefined;
}

const firstLine = (error: unknown): string => String((error as Error)?.message ?? error).split("\n")[0]!;
