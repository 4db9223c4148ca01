import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkTheme, themeCss } from "./theme.ts";
import { THEMES } from "./theme-palettes.ts";
import { GRADIO_VARIABLES, THEME_VARIABLES } from "./theme-variables.ts";

const tokens = readFileSync(new URL("../../web/src/theme/tokens.css", import.meta.url), "utf8");

test("variables become a style sheet, in the light and in the dark", () => {
  expect(themeCss({ "--accent": "#f60", "--radius": "4px" })).toBe(
    ":root {\n  --accent: #f60;\n  --radius: 4px;\n}\n.dark {\n  --accent: #f60;\n  --radius: 4px;\n}\n",
  );
});

test("a variable may have another value in the dark", () => {
  expect(themeCss({ "--accent": "#f60", "--accent-dark": "#fa0" })).toBe(
    ":root {\n  --accent: #f60;\n}\n.dark {\n  --accent: #fa0;\n}\n",
  );
});

test("Gradio's variables mean what they mean there", () => {
  expect(themeCss({ "--body-background-fill": "#eee" })).toContain(":root {\n  --canvas: #eee;");
});

test("a named theme has a look for light and for dark", () => {
  expect(themeCss("soft")).toMatch(
    /^:root \{[^}]*--accent: #6366f1;[^}]*\}\n\.dark \{[^}]*--accent: #818cf8;/,
  );
  expect(themeCss("default")).toBe("");
});

test("misspelt themes and variables are refused with the nearest name", () => {
  expect(() => checkTheme("sofd")).toThrow("Did you mean 'soft'?");
  expect(() => checkTheme({ "--acent": "red" })).toThrow("Did you mean '--accent'?");
});

test.each([
  { accent: "red" },
  { "--accent": "red; } body { display: none" },
  { "--accent": "url(http://evil.example)" },
  { "--accent;b": "red" },
  { "--accent": 3 },
])("refuses %j", (theme) => {
  expect(() => checkTheme(theme as never)).toThrow(/is no variable|must have a plain value/);
});

test("the list of variables is that of the canvas", () => {
  const inCss = new Set([...tokens.matchAll(/^\s+(--[\w-]+):/gm)].map(([, name]) => name));
  expect([...inCss].toSorted()).toEqual([...THEME_VARIABLES].toSorted());
  expect(
    Object.values(GRADIO_VARIABLES)
      .flat()
      .filter((name) => !inCss.has(name)),
  ).toEqual([]);
});

/** Words and what they stand on; WCAG AA asks for 4.5. */
const pairs: readonly (readonly [words: string, ground: string])[] = [
  ...["--text", "--text-2", "--text-3"].flatMap((words) =>
    ["--canvas", "--surface", "--surface-2", "--surface-3"].map((ground) => [words, ground] as const),
  ),
  ["--accent-strong", "--accent-soft"],
  ["--accent-strong", "--surface"],
  ["--on-accent", "--primary-fill"],
  ["--bad", "--bad-soft"],
  ["--bad", "--surface"],
  ["--wait", "--wait-soft"],
  ["--stale", "--stale-soft"],
  ["--good", "--surface"],
];

describe.each(THEMES)("in the theme %s", (name) => {
  test.each(["light", "dark"] as const)("words can be read in the %s", (mode) => {
    const sheet = variablesOf(themeCss(name), mode);
    const look = new Map([...variablesOf(tokens, mode), ...sheet]);
    const poor = pairs.flatMap(([words, ground]) =>
      coloursOf(look, ground)
        .map((colour) => contrast(coloursOf(look, words)[0]!, colour))
        .filter((ratio) => ratio < 4.5)
        .map((ratio) => `${words} on ${ground}: ${ratio.toFixed(2)}`),
    );
    expect(poor).toEqual([]);
  });
});

function variablesOf(css: string, mode: "light" | "dark"): Map<string, string> {
  const rules = [...css.matchAll(/(:root|\.dark) \{([^}]*)\}/g)];
  const wanted = rules.filter(([, selector]) => mode === "dark" || selector === ":root");
  return new Map(
    wanted.flatMap(([, , body]) =>
      [...body!.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!] as const),
    ),
  );
}

/** The colours of a variable; a gradient has several. */
function coloursOf(look: ReadonlyMap<string, string>, name: string): string[] {
  const value = look.get(name) ?? "";
  const other = /^var\((--[\w-]+)\)$/.exec(value);
  return other === null ? (value.match(/#[0-9a-f]{6}/gi) ?? []) : coloursOf(look, other[1]!);
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
