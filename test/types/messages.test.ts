import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";

// The compiler's own words for the mistakes of mistakes.test-d.ts: a person must understand them.
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const mistakes = here("./mistakes.test-d.ts");
const messages = new Map<string, string>();

beforeAll(() => {
  const config = ts.getParsedCommandLineOfConfigFile(
    here("../../tsconfig.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  )!;
  // The comments that expect an error are emptied, so that the errors come out; lines keep their numbers.
  const source = readFileSync(mistakes, "utf8").replaceAll("// @ts-expect-error", "//");
  const host = ts.createCompilerHost(config.options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) =>
    name === mistakes ? ts.createSourceFile(name, source, version) : read(name, version, ...rest);
  const program = ts.createProgram([mistakes], config.options, host);
  const lines = source.split("\n");
  for (const diagnostic of ts.getPreEmitDiagnostics(program, program.getSourceFile(mistakes))) {
    let line = ts.getLineAndCharacterOfPosition(program.getSourceFile(mistakes)!, diagnostic.start ?? 0).line;
    while (line > 0 && !/^\/\/ \d\d /.test(lines[line] ?? "")) line--;
    const number = lines[line]?.slice(3, 5) ?? "";
    if (!messages.has(number))
      messages.set(number, ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  }
}, 60_000);

describe("what the compiler says", () => {
  test("every mistake is reported, at least 40 of them", () => {
    const numbers = [...readFileSync(mistakes, "utf8").matchAll(/^\/\/ (\d\d) /gm)].map((match) => match[1]!);
    expect(numbers.length).toBeGreaterThanOrEqual(40);
    expect(numbers.filter((number) => !messages.has(number))).toEqual([]);
  });

  test.each([
    ["01", "Property 'imgae' does not exist", "Did you mean 'image'?"],
    ["02", "'txt' does not exist", "Did you mean to write 'text'?"],
    ["03", "'maxWrds' does not exist", "Did you mean to write 'maxWords'?"],
    ["04", "Property 'text' is missing"],
    ["05", "Port<number>", "not assignable to type 'string'"],
    ["06", "Component<number>", "Component<string>"],
    ["08", '"lft"', "Did you mean '\"left\"'?"],
    ["12", "Type 'number' is not assignable to type", "string"],
    ["14", "`.each` needs a port that carries a list. If it does, say so: gr.JSON<Item[]>()."],
    ["16", "Property 'txt' does not exist", "Did you mean 'text'?"],
    ["17", "Property 'all' does not exist on type 'Port<string>'"],
    ["18", "ItemPort<string>"],
    ["21", "'test' is a reserved name: call this output something else."],
    ["24", "'apiNam' does not exist", "Did you mean to write 'apiName'?"],
    ["25", "'retrys' does not exist in type 'FnNodeOptions<"],
    ["27", "Port<number>", "Port<string>"],
    ["31", '"clam"', '"calm" | "lively"'],
    ["33", "'minimun' does not exist", "Did you mean to write 'minimum'?"],
    ["46", "Property 'sampels' does not exist", "Did you mean 'samples'?"],
    ["49", "'speeker'", "Did you mean 'speaker'?"],
    ["53", "This is a whole node: connect one of its ports."],
    ["54", "A person decides about what is there: connect a port, not a function."],
    ["55", "'name' is a reserved name: call this input something else."],
    ["56", "Component<number>", "Component<string>"],
    ["57", "ChooseNode needs a port that carries a list. If it does, say so: gr.JSON<Item[]>()."],
    ["58", "ChooseNode needs a port that carries a list."],
    ["61", "Property 'titel' does not exist", "Did you mean 'title'?"],
  ])("mistake %s", (number, ...parts) => {
    for (const part of parts) expect(messages.get(number)).toContain(part);
  });

  test("no message is longer than a screen", () => {
    for (const message of messages.values()) expect(message.split("\n").length).toBeLessThanOrEqual(8);
  });
});
