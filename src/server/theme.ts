import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { paletteCss, THEMES } from "./theme-palettes.ts";

/** A theme of Gradio's by name, or CSS variables. */
export type ThemeOption = string | Readonly<Record<string, string>>;

/** What the page is told: the name, or `custom`. */
export function themeName(theme: ThemeOption | undefined): string {
  return theme === undefined ? "default" : typeof theme === "string" ? theme : "custom";
}

/** Throws for a theme that does not exist and for variables that could carry more than a value. */
export function checkTheme(theme: ThemeOption | undefined): void {
  if (theme === undefined) return;
  if (typeof theme === "string") {
    if (THEMES.includes(theme)) return;
    throw new DaggrError(
      "UNKNOWN_THEME",
      `There is no theme '${theme}'.${didYouMean(theme, THEMES)} There is ${THEMES.join(", ")}.`,
    );
  }
  for (const [name, value] of Object.entries(theme)) {
    if (
      /^--[A-Za-z0-9_-]+$/.test(name) &&
      typeof value === "string" &&
      !/[;{}<>@\\]|url\s*\(|\/\*/i.test(value)
    )
      continue;
    throw new DaggrError("INVALID_THEME", `The theme's '${name}' must be a CSS variable with a plain value.`);
  }
}

/** What `/theme.css` answers. */
export function themeCss(theme: ThemeOption | undefined): string {
  if (theme === undefined) return "";
  if (typeof theme === "string") return paletteCss(theme);
  const variables = Object.entries(theme).map(([name, value]) => `  ${name}: ${value};\n`);
  return `:root, .dark {\n${variables.join("")}}\n`;
}
