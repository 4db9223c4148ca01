/** Gradio's themes by name, as values of the canvas's own variables: [accent, fill, strong, soft, on accent]. */
type Accents = readonly [string, string, string, string, string];

interface Palette {
  readonly light: Accents;
  readonly dark: Accents;
  readonly radius?: readonly [small: string, large: string];
}

const PALETTES: Readonly<Record<string, Palette>> = {
  base: {
    light: ["#2563eb", "#2563eb", "#1d4ed8", "#eff6ff", "#ffffff"],
    dark: ["#60a5fa", "#60a5fa", "#93c5fd", "#1b2740", "#07152e"],
  },
  soft: {
    light: ["#4f46e5", "#4f46e5", "#4338ca", "#eef2ff", "#ffffff"],
    dark: ["#818cf8", "#818cf8", "#a5b4fc", "#252547", "#0d0c2b"],
    radius: ["8px", "14px"],
  },
  monochrome: {
    light: ["#27272a", "#27272a", "#18181b", "#f4f4f5", "#ffffff"],
    dark: ["#e4e4e7", "#e4e4e7", "#ffffff", "#2f2f33", "#18181b"],
    radius: ["2px", "4px"],
  },
  glass: {
    light: ["#475569", "#475569", "#334155", "#f1f5f9", "#ffffff"],
    dark: ["#94a3b8", "#94a3b8", "#cbd5e1", "#26303d", "#0b1220"],
  },
  ocean: {
    light: ["#0f766e", "#0f766e", "#115e59", "#ecfdf8", "#ffffff"],
    dark: ["#2dd4bf", "#2dd4bf", "#5eead4", "#12302d", "#022c22"],
  },
  origin: {
    light: ["#c2410c", "#c2410c", "#9a3412", "#fff7ed", "#ffffff"],
    dark: ["#fb923c", "#fb923c", "#fdba74", "#3a2414", "#1c0d02"],
    radius: ["4px", "6px"],
  },
  citrus: {
    light: ["#a16207", "#fbbf24", "#854d0e", "#fefce8", "#1c1400"],
    dark: ["#facc15", "#facc15", "#fde047", "#35300f", "#1c1400"],
  },
};

/** `default` is the canvas as it is. */
export const THEMES: readonly string[] = ["default", ...Object.keys(PALETTES)];

/** The style sheet of a named theme; empty for `default`. */
export function paletteCss(name: string): string {
  const palette = PALETTES[name];
  if (palette === undefined) return "";
  const [small, large] = palette.radius ?? [];
  const radius = small === undefined ? "" : ` --radius-s: ${small}; --radius: ${large};`;
  return `:root {${accents(palette.light)}${radius} }\n.dark {${accents(palette.dark)} }\n`;
}

function accents([accent, fill, strong, soft, on]: Accents): string {
  return ` --accent: ${accent}; --accent-fill: ${fill}; --accent-strong: ${strong}; --accent-soft: ${soft}; --on-accent: ${on};`;
}
