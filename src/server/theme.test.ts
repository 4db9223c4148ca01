import { expect, test } from "vitest";
import { checkTheme, themeCss, themeName } from "./theme.ts";

test("variables become a style sheet", () => {
  expect(themeCss({ "--accent": "#f60", "--radius": "4px" })).toBe(
    ":root, .dark {\n  --accent: #f60;\n  --radius: 4px;\n}\n",
  );
  expect(themeName({ "--accent": "#f60" })).toBe("custom");
});

test("a named theme has a look for light and for dark", () => {
  expect(themeCss("soft")).toMatch(/^:root \{ --accent: #4f46e5;.*\n\.dark \{ --accent: #818cf8;/);
  expect(themeCss("default")).toBe("");
});

test("a misspelt theme is refused with the nearest name", () => {
  expect(() => checkTheme("sofd")).toThrow("Did you mean 'soft'?");
});

test.each([
  { accent: "red" },
  { "--a": "red; } body { display: none" },
  { "--a": "url(http://evil.example)" },
  { "--a;b": "red" },
])("refuses %j", (theme) => {
  expect(() => checkTheme(theme as never)).toThrow("must be a CSS variable");
});
