import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

// What an editor shows when the pointer rests on a name, and what it offers after a dot.
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const file = here("./hover.ts");
const script = `
import { FnNode, GradioNode, gr, InputNode } from "daggr";
interface Line { voice: string; text: string; pause?: number }
const picture = new GradioNode("a/picture", { inputs: { prompt: gr.Textbox() }, outputs: { image: gr.Image(), seed: gr.Number() } });
const settings = new InputNode({ name: "settings", ports: { tone: gr.Dropdown({ choices: ["calm", "lively"] }) } });
const dialogue = new FnNode(({ topic }: { topic: string }): Line[] => [], { name: "dialogue", inputs: { topic: gr.Textbox() }, outputs: { lines: gr.JSON<Line[]>() } });
const samples = new FnNode(({ text }) => text, { name: "samples", inputs: { text: dialogue.lines.each.text }, outputs: { audio: gr.Audio() } });
picture/*a*/.image/*b*/;
settings.tone/*c*/;
dialogue/*d*/.lines/*e*/.each.text/*f*/;
samples/*g*/.audio/*h*/.all/*i*/();
`;

const config = ts.getParsedCommandLineOfConfigFile(
  here("./tsconfig.json"),
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
)!;
const service = ts.createLanguageService({
  getScriptFileNames: () => [file],
  getScriptVersion: () => "1",
  getScriptSnapshot: (name) =>
    name === file
      ? ts.ScriptSnapshot.fromString(script)
      : ts.sys.fileExists(name)
        ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8"))
        : undefined,
  getCurrentDirectory: () => here("."),
  getCompilationSettings: () => config.options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});

const hover = (mark: string): string => {
  const info = service.getQuickInfoAtPosition(file, script.indexOf(`/*${mark}*/`) - 1);
  return ts.displayPartsToString(info?.displayParts).replace(/\s+/g, " ");
};
const offered = (mark: string): string[] =>
  (
    service.getCompletionsAtPosition(file, script.indexOf(`/*${mark}*/`) + mark.length + 5, {})?.entries ?? []
  ).map((entry) => entry.name);

describe("hovers", () => {
  test.each([
    ["a", 'const picture: GradioNode<{ image: string; seed: number; }, "run", "picture">'],
    ["b", "image: Port<string>"],
    ["c", 'tone: Port<"calm" | "lively">'],
    ["d", 'const dialogue: FnNode<{ lines: Line[]; }, "run", "dialogue">'],
    ["e", "lines: Port<Line[]>"],
    ["f", "text: ItemSource<string>"],
    ["g", 'const samples: FnNode<{ audio: string; }, "item", "samples">'],
    ["h", "audio: ItemPort<string>"],
    ["i", "ItemPort<string>.all(): Port<string[]>"],
  ])("of %s say what the port carries", (mark, expected) => {
    expect(hover(mark)).toContain(expected);
  });

  test("only ports and the few members of a node are offered", () => {
    expect(offered("a").sort()).toEqual([
      "image",
      "input",
      "inputs",
      "name",
      "or",
      "outputs",
      "seed",
      "test",
    ]);
  });
});
