/** No property of a component is silently ignored: what draws its kind reads it, or here stands where it is used instead. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const components = join(import.meta.dirname, "../../src/components");
const sources = readdirSync(components)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => readFileSync(join(components, name), "utf8"))
  .join("\n");

/** The names in a list of the sources, wherever it stands: in the call, or in a constant. */
function namesIn(list: string): string[] {
  const text = list.startsWith("[")
    ? list
    : (new RegExp(`const ${list}(?:: [^=]+)? = (\\[[^\\]]*\\])`).exec(sources)?.[1] ??
      expect.fail(`There is no list ${list}`));
  return [...text.matchAll(/"(\w+)"/g)].map(([, name]) => name!);
}

const lists = [
  ...sources.matchAll(/define(?:<[^>]+>)?\(\s*"(\w+)",\s*\w+(?:\([^)]*\))?,\s*(\[[^\]]*\]|own|[A-Z]+)/g),
];

/** Which module draws it. */
const modules: Readonly<Record<string, string>> = {
  Textbox: "text",
  TextArea: "text",
  Text: "text",
  ColorPicker: "color",
  DateTime: "date-time",
  CheckboxGroup: "checkbox-group",
  Model3D: "model",
  ImageEditor: "image-editor",
  ImageSlider: "image-slider",
  HighlightedText: "highlighted-text",
  ItemList: "item-list",
};

/** Read by no field, and why that is right. */
const elsewhere: Readonly<Record<string, string>> = {
  "Image.format": "what a function is given is the file as it was put in: it converts what it needs",
  "Image.imageMode": "as format: the file stays as it is",
  "Audio.format": "what is recorded is a WAV, what is uploaded stays as it is",
  "Video.format": "what is recorded is what the browser writes, what is uploaded stays as it is",
  "ImageEditor.withLayers": "decides what a function is given (src/components/media.ts)",
};

/** A module with everything of the fields that it imports, now or later. */
function withImports(path: string, seen = new Set<string>()): string {
  if (seen.has(path) || !existsSync(path)) return "";
  seen.add(path);
  const text = readFileSync(path, "utf8");
  const others = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+\.(?:ts|svelte))"/g)].map(([, name]) =>
    withImports(join(dirname(path), name!), seen),
  );
  return [text, ...others].join("\n");
}

function drawnBy(component: string): string {
  const name = modules[component] ?? component.toLowerCase();
  return withImports(join(import.meta.dirname, "../../web/src/fields/kinds", `${name}.ts`));
}

test("every component is looked at", () => {
  const names = lists.map(([, name]) => name!);
  const called = [...sources.matchAll(/\bdefine(?:<[^>]+>)?\(\s*"(\w+)"/g)].map(([, name]) => name!);
  expect(names.sort()).toEqual(called.sort());
  expect(names.length).toBeGreaterThan(25);
});

test.for(lists.map(([, name, list]) => [name!, list!] as const))(
  "what draws gr.%s reads its properties",
  ([name, list]) => {
    const own = list === "own" ? ownLists(name) : namesIn(list);
    const source = drawnBy(name);
    expect(source.length, `nothing draws gr.${name}`).toBeGreaterThan(100);
    const ignored = own.filter(
      (property) =>
        elsewhere[`${name}.${property}`] === undefined &&
        !new RegExp(
          `\\["${property}"\\]|props\\.${property}\\b|"${property}"|\\{ ${property} \\} = props`,
        ).test(source),
    );
    expect(ignored, "properties that nothing reads").toEqual([]);
  },
);

/** `own` is a constant of the function that calls `define`: the nearest one before it. */
function ownLists(name: string): string[] {
  const before = sources.slice(0, sources.search(new RegExp(`define\\(\\s*"${name}"`)));
  return namesIn(before.slice(before.lastIndexOf("const own = ") + "const own = ".length).split(";")[0]!);
}
