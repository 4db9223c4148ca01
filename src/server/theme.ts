import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { namedTheme, THEMES } from "./theme-palettes.ts";
import { GRADIO_VARIABLES, THEME_VARIABLES } from "./theme-variables.ts";

/** A theme of Gradio's by name, or CSS variables; a name that ends in `-dark` holds in the dark only. */
export type ThemeOption = string | Readonly<Record<string, string>>;

const known: readonly string[] = [...THEME_VARIABLES, ...Object.keys(GRADIO_VARIABLES)];
const darkOnly = /-dark$/;

/** Throws for a theme or a variable that does not exist, and for values that could carry more than a value. */
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
    const plainName = name.replace(darkOnly, "");
    if (!known.includes(plainName)) {
      throw new DaggrError(
        "INVALID_THEME",
        `The theme's '${name}' is no variable of the canvas.${didYouMean(plainName, known)} docs/canvas.md lists them.`,
      );
    }
    if (typeof value !== "string" || /[;{}<>@\\]|url\s*\(|\/\*/i.test(value))
      throw new DaggrError("INVALID_THEME", `The theme's '${name}' must have a plain value of CSS.`);
  }
}

/** What `/theme.css` answers. */
export function themeCss(theme: ThemeOption | undefined): string {
  if (theme === undefined) return "";
  const { light, dark } = typeof theme === "string" ? namedTheme(theme) : authorsTheme(theme);
  return rule(":root", light) + rule(".dark", dark);
}

function authorsTheme(theme: Readonly<Record<string, string>>): {
  light: Record<string, string>;
  dark: Record<string, string>;
} {
  const light: Record<string, string> = {};
  const dark: Record<string, string> = {};
  for (const [name, value] of Object.entries(theme)) {
    const plainName = name.replace(darkOnly, "");
    for (const variable of GRADIO_VARIABLES[plainName] ?? [plainName]) {
      // Without a value of its own for the dark, a variable means the same in both.
      if (plainName !== name) dark[variable] = value;
      else light[variable] = value;
    }
  }
  return { light, dark: { ...light, ...dark } };
}

function rule(selector: string, variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `  ${name}: ${value};\n`);
  return lines.length === 0 ? "" : `${selector} {\n${lines.join("")}}\n`;
}
