/**
 * Gradio's themes by name, as values of the canvas's own variables. The greys, accents and radii are Gradio's
 * (`gradio.themes`); what fails WCAG AA there (white on orange, light grey words) is darker or lighter here.
 */
import type { ThemeVariable } from "./theme-variables.ts";

/** A scale of greys from Gradio's palettes: 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950. */
type Scale = readonly string[];
type Look = Partial<Record<ThemeVariable, string>>;

interface Theme {
  readonly greys: Scale;
  /** In the light, then in the dark. */
  readonly light: Accent;
  readonly dark: Accent;
  /** Of fields and buttons, and of cards. */
  readonly radius: readonly [small: string, large: string];
  readonly more?: { readonly light?: Look; readonly dark?: Look };
}

/** [what happens or is chosen, filled buttons, words in the accent, behind such words, words on filled buttons]. */
type Accent = readonly [accent: string, fill: string, strong: string, soft: string, on: string];

const zinc = "#fafafa #f4f4f5 #e4e4e7 #d4d4d8 #a1a1aa #71717a #52525b #3f3f46 #27272a #18181b #0f0f11".split(
  " ",
);
const gray = "#f9fafb #f3f4f6 #e5e7eb #d1d5db #9ca3af #6b7280 #4b5563 #374151 #1f2937 #111827 #0b0f19".split(
  " ",
);
const slate = "#f8fafc #f1f5f9 #e2e8f0 #cbd5e1 #94a3b8 #64748b #475569 #334155 #1e293b #0f172a #0a0f1e".split(
  " ",
);
const neutral =
  "#fafafa #f5f5f5 #e5e5e5 #d4d4d4 #a3a3a3 #737373 #525252 #404040 #262626 #171717 #0f0f0f".split(" ");
const stone = "#fafaf9 #f5f5f4 #e7e5e4 #d6d3d1 #a8a29e #78716c #57534e #44403c #292524 #1c1917 #0f0e0d".split(
  " ",
);

const NAMED: Readonly<Record<string, Theme>> = {
  base: {
    greys: zinc,
    light: ["#3b82f6", "#2563eb", "#1d4ed8", "#eff6ff", "#ffffff"],
    dark: ["#60a5fa", "#60a5fa", "#93c5fd", "#1a2740", "#07152e"],
    radius: ["4px", "6px"],
  },
  soft: {
    greys: gray,
    light: ["#6366f1", "#4f46e5", "#4338ca", "#eef2ff", "#ffffff"],
    dark: ["#818cf8", "#818cf8", "#a5b4fc", "#23254a", "#0d0c2b"],
    radius: ["8px", "14px"],
    more: {
      light: {
        "--shadow-1": "0 1px 2px rgb(17 24 39 / 0.04), 0 6px 20px rgb(17 24 39 / 0.07)",
        "--line": "#eceef2",
      },
    },
  },
  monochrome: {
    greys: neutral,
    light: ["#404040", "#171717", "#171717", "#ededed", "#ffffff"],
    dark: ["#d4d4d4", "#e5e5e5", "#ffffff", "#333333", "#171717"],
    radius: ["0px", "0px"],
    more: {
      light: { "--shadow-1": "none", "--line": "#d4d4d4" },
      dark: { "--shadow-1": "none" },
    },
  },
  glass: {
    greys: slate,
    light: ["#3b82f6", "#2563eb", "#1e40af", "#e8f1fe", "#1e293b"],
    dark: ["#60a5fa", "#60a5fa", "#93c5fd", "#1c3050", "#ffffff"],
    radius: ["4px", "6px"],
    more: {
      light: {
        "--canvas": "#eef2f7",
        "--primary-fill": "linear-gradient(180deg, #dbeafe 0%, #bfdbfe 60%)",
      },
      dark: { "--primary-fill": "linear-gradient(180deg, #2563eb 0%, #1d4ed8 60%)" },
    },
  },
  ocean: {
    greys: zinc,
    light: ["#10b981", "#047857", "#065f46", "#ecfdf5", "#06281d"],
    dark: ["#34d399", "#34d399", "#6ee7b7", "#10302a", "#04261b"],
    radius: ["10px", "12px"],
    more: {
      light: { "--primary-fill": "linear-gradient(120deg, #38bdf8 0%, #6ee7b7 60%, #34d399 100%)" },
      dark: { "--primary-fill": "linear-gradient(120deg, #38bdf8 0%, #34d399 60%, #34d399 100%)" },
    },
  },
  origin: {
    greys: gray,
    light: ["#f97316", "#c2410c", "#9a3412", "#fff7ed", "#7c2d12"],
    dark: ["#fb923c", "#fb923c", "#fdba74", "#372317", "#1c0d02"],
    radius: ["4px", "6px"],
    more: {
      light: { "--primary-fill": "linear-gradient(to bottom right, #ffedd5, #fdba74)" },
      dark: { "--primary-fill": "linear-gradient(to bottom right, #fdba74, #f97316)" },
    },
  },
  citrus: {
    greys: stone,
    light: ["#d97706", "#fbbf24", "#854d0e", "#fef9e7", "#1c1400"],
    dark: ["#facc15", "#fbbf24", "#fde047", "#332c10", "#1c1400"],
    radius: ["4px", "6px"],
    more: {
      light: { "--shadow-1": "0 3px 0 0 #dedbd7" },
      dark: { "--shadow-1": "0 3px 0 0 #0a0908" },
    },
  },
};

/** `default` is the canvas as it is. */
export const THEMES: readonly string[] = ["default", ...Object.keys(NAMED)];

/** The variables of a named theme in the light and in the dark; empty for `default`. */
export function namedTheme(name: string): { readonly light: Look; readonly dark: Look } {
  const theme = NAMED[name];
  if (theme === undefined) return { light: {}, dark: {} };
  const [small, large] = theme.radius;
  return {
    light: {
      ...lightGreys(theme.greys),
      ...accents(theme.light),
      "--radius-s": small,
      "--radius": large,
      ...theme.more?.light,
    },
    dark: { ...darkGreys(theme.greys), ...accents(theme.dark), ...theme.more?.dark },
  };
}

function accents([accent, fill, strong, soft, on]: Accent): Look {
  return {
    "--accent": accent,
    "--accent-fill": fill,
    "--primary-fill": fill,
    "--accent-strong": strong,
    "--accent-soft": soft,
    "--on-accent": on,
  };
}

function lightGreys([g50, g100, g200, g300, g400, g500, g600, , , g900]: Scale): Look {
  return {
    "--canvas": mix(g50!, g100!, 0.5),
    "--dots": g300!,
    "--surface": "#ffffff",
    "--surface-2": g50!,
    "--surface-3": g100!,
    "--line": g200!,
    "--line-strong": g300!,
    "--edge": mix(g300!, g400!, 0.4),
    "--text": g900!,
    "--text-2": g600!,
    "--text-3": mix(g500!, g600!, 0.5),
    "--wave": g400!,
  };
}

function darkGreys([, g100, , , g400, g500, g600, g700, g800, g900, g950]: Scale): Look {
  return {
    "--canvas": g950!,
    "--dots": g800!,
    "--surface": g900!,
    "--surface-2": mix(g900!, g800!, 0.35),
    "--surface-3": g800!,
    "--line": mix(g800!, g700!, 0.4),
    "--line-strong": mix(g700!, g600!, 0.4),
    "--edge": g600!,
    "--text": g100!,
    "--text-2": mix(g400!, g100!, 0.2),
    "--text-3": mix(g400!, g500!, 0.1),
    "--wave": g500!,
  };
}

/** The colour at `share` (0 to 1) of the way from one to the other, both `#rrggbb`. */
function mix(from: string, to: string, share: number): string {
  const part = (at: number) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a! + (b! - a!) * share)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}
