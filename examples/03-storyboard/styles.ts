import { mix, type Palette } from "./palettes.ts";
import { HEIGHT, type Shape, WIDTH } from "./scenery.ts";

export const styleNames = ["Paper cut", "Watercolour", "Ink", "Neon"] as const;
export type StyleName = (typeof styleNames)[number];
export const cameras = ["wide", "medium", "close"] as const;
export type Camera = (typeof cameras)[number];

interface Style {
  readonly filters: string;
  sky(palette: Palette): string;
  shape(shape: Shape, palette: Palette): string;
}

const gradient = (top: string, bottom: string) =>
  `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`;

const plain = ({ path, color, strokeWidth }: Shape, more = "") =>
  strokeWidth === undefined
    ? `<path d="${path}" fill="${color}" ${more}/>`
    : `<path d="${path}" fill="none" stroke="${color}" stroke-width="${strokeWidth}" stroke-linecap="round" ${more}/>`;

const styles: Record<StyleName, Style> = {
  "Paper cut": {
    filters: `<filter id="shadow" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="0" dy="-3" stdDeviation="6" flood-opacity=".28"/></filter>`,
    sky: (palette) => gradient(...palette.sky),
    // A shadow for every rain drop and star would only take time.
    shape: (shape) =>
      plain(shape, shape.path.length > 90 && shape.strokeWidth === undefined ? 'filter="url(#shadow)"' : ""),
  },
  Watercolour: {
    filters: `<filter id="bleed" x="-5%" y="-5%" width="110%" height="110%"><feTurbulence type="fractalNoise" baseFrequency=".018" numOctaves="3" seed="4" result="noise"/><feDisplacementMap in="SourceGraphic" in2="noise" scale="26"/></filter>`,
    sky: (palette) => gradient(mix(palette.sky[0], "#ffffff", 0.25), mix(palette.sky[1], "#ffffff", 0.5)),
    shape: (shape) =>
      plain({ ...shape, color: mix(shape.color.slice(0, 7), "#ffffff", 0.12) }, 'opacity=".72"'),
  },
  Ink: {
    filters: "",
    sky: () => gradient("#fdfbf6", "#f4efe4"),
    shape: ({ path, color, strokeWidth }, palette) =>
      `<path d="${path}" fill="${strokeWidth === undefined ? mix("#fdfbf6", color.slice(0, 7), color === palette.accent ? 0.85 : 0.14) : "none"}" stroke="${palette.ink}" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/>`,
  },
  Neon: {
    filters: `<filter id="glow" x="-10%" y="-10%" width="120%" height="120%"><feGaussianBlur stdDeviation="5" result="blur"/><feMerge><feMergeNode in="blur"/><feMergeNode in="SourceGraphic"/></feMerge></filter>`,
    sky: () => gradient("#070714", "#1b1238"),
    shape: ({ path, color, strokeWidth }) =>
      `<path d="${path}" fill="${strokeWidth === undefined ? "#0d0b1fcc" : "none"}" stroke="${mix(color.slice(0, 7), "#ffffff", 0.25)}" stroke-width="3" stroke-linejoin="round"/>`,
  },
};

const wholePicture: Partial<Record<StyleName, string>> = { Watercolour: "bleed", Neon: "glow" };
const zoom: Record<Camera, number> = { wide: 1, medium: 1.3, close: 1.75 };

/** The picture as SVG. */
export function render(
  shapes: readonly Shape[],
  palette: Palette,
  styleName: StyleName,
  camera: Camera,
): string {
  const style = styles[styleName];
  const filter = wholePicture[styleName];
  const scale = zoom[camera];
  const move = `translate(${WIDTH / 2} ${HEIGHT * 0.62}) scale(${scale}) translate(${-WIDTH / 2} ${-HEIGHT * 0.62})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    `<defs>${style.sky(palette)}${style.filters}</defs>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sky)"/>`,
    `<g${filter === undefined ? "" : ` filter="url(#${filter})"`}>`,
    ...shapes.filter((shape) => shape.isSky).map((shape) => style.shape(shape, palette)),
    `<g transform="${move}">`,
    ...shapes.filter((shape) => !shape.isSky).map((shape) => style.shape(shape, palette)),
    "</g></g></svg>",
  ].join("");
}
