import { el } from "../../dom.ts";
import { pngOf } from "../../pictures/png.ts";
import { figureOf } from "./figure.ts";
import { printed } from "./look.ts";

/** A chart as a picture of its own, larger than on a card and on white. */
export async function chartBlob(value: unknown, format: "png" | "svg"): Promise<Blob> {
  const figure = figureOf(value);
  if (figure.engine === "none") throw new Error(`${figure.note}. Download it as JSON.`);
  if (figure.engine === "picture") {
    if (format === "png") return pngOf(figure.address);
    throw new Error("This chart came as a picture of pixels: download it as PNG.");
  }
  const place = el("div", { class: "f-chart-export", "aria-hidden": "true" });
  document.body.append(place);
  const size = { width: 900, height: 560 };
  try {
    const { draw } = figure.engine === "vega" ? await import("./vega.ts") : await import("./plotly.ts");
    const drawn = await (draw as (...all: unknown[]) => ReturnType<typeof draw>)(
      place,
      figure,
      printed,
      size,
    );
    try {
      return await (await fetch(await drawn.toAddress(format))).blob();
    } finally {
      drawn.destroy();
    }
  } finally {
    place.remove();
  }
}
