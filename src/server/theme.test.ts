import { expect, test } from "vitest";
import { checkTheme, themeCss, themeName } from "./theme.ts";

const pages = { find: async () => undefined };

test("variables become a style sheet", async () => {
  expect(await themeCss({ "--accent": "#f60", "--radius": "4px" }, pages)).toBe(
    ":root, .dark {\n  --accent: #f60;\n  --radius: 4px;\n}\n",
  );
  expect(themeName({ "--accent": "#f60" })).toBe("custom");
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
