import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

// What an editor offers where the types of a Space are known, and what the compiler says to every mistake.
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const config = ts.getParsedCommandLineOfConfigFile(
  here("../tsconfig.json"),
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
)!;

const mistakes = here("./mistakes.test-d.ts");
const typed = here("./typed.ts");
const texts = new Map<string, string>();
let version = 0;
const service = ts.createLanguageService({
  getScriptFileNames: () => [...texts.keys(), here("./daggr-env.d.ts")],
  getScriptVersion: (name) => (texts.has(name) ? String(version) : "0"),
  getScriptSnapshot: (name) => {
    const text = texts.get(name) ?? (ts.sys.fileExists(name) ? readFileSync(name, "utf8") : undefined);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => here("."),
  getCompilationSettings: () => config.options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});

/** What is offered at `|` in a script that is just being written. */
function offered(script: string): string[] {
  const text = `import { GradioNode, gr } from "daggr";\n${script}`;
  version++;
  texts.clear();
  texts.set(typed, text.replace("|", ""));
  const options = { includeCompletionsWithInsertText: true };
  const entries = service.getCompletionsAtPosition(typed, text.indexOf("|"), options)?.entries ?? [];
  const names = entries.map(({ name }) => name.replaceAll('"', ""));
  return names.filter((name) => name !== "").sort();
}

describe("the editor offers", () => {
  test("the Spaces that were added", () => {
    expect(offered('new GradioNode("|", { outputs: {} });')).toEqual([
      "ada/painter",
      "ada/slider",
      "ada/tones",
      "http://127.0.0.1:7860",
    ]);
  });

  test.each([
    ["first", 'new GradioNode("ada/painter", { apiName: "|" });'],
    ["last", 'new GradioNode("ada/painter", { outputs: { image: gr.Image() }, apiName: "|" });'],
    [
      "by its page",
      'new GradioNode("https://huggingface.co/spaces/ada/painter", { apiName: "|", outputs: {} });',
    ],
  ])("the endpoints of a Space, %s", (_name, script) => {
    expect(offered(script)).toEqual(["/paint", "/variations"]);
  });

  const parameters = ["extra", "font", "image", "prompt", "seed-number", "steps", "style", "tags"];
  test("the parameters of an endpoint", () => {
    const script = (inputs: string) =>
      `new GradioNode("ada/painter", { apiName: "/paint", inputs: { ${inputs} }, outputs: {} });`;
    expect(offered(script("|"))).toEqual(parameters);
    expect(offered(script('prompt: "a", |'))).toEqual(parameters.filter((name) => name !== "prompt"));
    expect(offered('new GradioNode("ada/slider", { inputs: { | }, outputs: {} });')).toEqual(["image"]);
  });

  test("the parameters of every endpoint as long as none is named", () => {
    expect(offered('new GradioNode("ada/painter", { inputs: { | } });')).toEqual(parameters);
  });

  test.each([
    ["one", 'style: "|"', ["ink", "oil"]],
    ["several", 'tags: ["|"]', ["cold", "warm"]],
    ["or any other text", 'font: "|"', ["mono", "serif"]],
  ])("the choices of a parameter: %s", (_name, input, choices) => {
    expect(
      offered(
        `new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null, ${input} }, outputs: {} });`,
      ),
    ).toEqual(choices);
  });

  test("nothing of another Space", () => {
    expect(offered('new GradioNode("x/y", { apiName: "|", outputs: {} });')).toEqual([]);
  });
});

describe("the compiler", () => {
  const source = readFileSync(mistakes, "utf8");
  const numbers = [...source.matchAll(/^\/\/ (\d\d) /gm)].map((match) => match[1]!);
  const messages = new Map<string, string>();
  const messageOf = (number: string): string => {
    if (messages.size === 0) {
      version++;
      // The comments that expect an error are emptied, so that the errors come out; lines keep their numbers.
      const open = source.replaceAll("// @ts-expect-error", "//");
      texts.clear();
      texts.set(mistakes, open);
      const lines = open.split("\n");
      for (const { start, messageText } of service.getSemanticDiagnostics(mistakes)) {
        let line = open.slice(0, start).split("\n").length - 1;
        while (line > 0 && !/^\/\/ \d\d /.test(lines[line] ?? "")) line--;
        const number = lines[line]?.slice(3, 5) ?? "";
        const text = ts.flattenDiagnosticMessageText(messageText, "\n");
        messages.set(number, `${messages.has(number) ? `${messages.get(number)}\n\n` : ""}${text}`);
      }
    }
    return messages.get(number) ?? "";
  };

  test("reports every mistake", () => {
    expect(numbers.length).toBeGreaterThanOrEqual(25);
    expect(numbers.filter((number) => messageOf(number) === "")).toEqual([]);
  });

  test.each([
    ["01", `Type '"/pain"' is not assignable to type '"/paint" | "/variations"'. Did you mean '"/paint"'?`],
    ["02", "This app has several endpoints: name one of them as apiName."],
    [
      "03",
      `'promt' does not exist in type 'SpaceInputs<"ada/painter", "/paint">'. Did you mean to write 'prompt'?`,
    ],
    [
      "04",
      `Property 'image' is missing in type '{ prompt: string; }' but required in type 'SpaceInputs<"ada/painter", "/paint">'.`,
    ],
    ["05", "Type 'number' is not assignable to type 'InputFor<string>'."],
    [
      "06",
      `Type '"oill"' is not assignable to type 'InputFor<"oil" | "ink" | null> | undefined'. Did you mean '"oil"'?`,
    ],
    ["07", "Type 'Port<number>' is not assignable to type 'Port<string>'."],
    ["08", "Type 'Component<number>' is not assignable to type 'Component<string>'."],
    ["09", `Type '"pen"' is not assignable to type '"oil" | "ink" | null'.`],
    ["12", `Type '"hot"' is not assignable to type '"warm" | "cold"'.`],
    ["13", "This endpoint returns only 2: name no more outputs."],
    ["14", "No value of this type is returned here."],
    ["16", "This app has several endpoints: name one of them as apiName."],
    ["17", "'test' is a reserved name: call this output something else."],
    ["18", `'img' does not exist in type 'SpaceInputs<"ada/painter", "/variations">'.`],
    ["20", "This endpoint takes no inputs."],
    ["21", "No value of this type is returned here."],
  ])("says to mistake %s: %s", (number, message) => {
    expect(messageOf(number)).toContain(message);
  });

  test("says it in a few lines", () => {
    for (const number of numbers)
      for (const message of messageOf(number).split("\n\n")) {
        expect(message.split("\n").length).toBeLessThanOrEqual(5);
        expect(message.length).toBeLessThanOrEqual(450);
      }
  });
});
