import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { DaggrError } from "../base/errors.ts";
import { rememberSecret } from "../base/redact.ts";
import { describeScriptError } from "./script-error.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-script-"));

async function errorOf(text: string): Promise<unknown> {
  const file = join(folder, `script-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, text);
  return import(/* @vite-ignore */ pathToFileURL(file).href).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("describeScriptError", () => {
  test("keeps the user's frames and leaves out those of Node.js", async () => {
    const { place, text, message } = describeScriptError(
      await errorOf("\nfunction f() { throw new TypeError('boom'); }\nf();\n"),
      folder,
    );
    expect(message).toBe("boom");
    expect(place).toMatch(/^script-\w+\.mjs:2$/);
    expect(text).toMatch(
      /^TypeError: boom\n {4}at f \(script-\w+\.mjs:2:\d+\)\n {4}at .*script-\w+\.mjs:3:1\)?$/,
    );
  });

  test("a missing import names the file that asks for it", async () => {
    const { place, message } = describeScriptError(await errorOf('import "./gone.mjs";\n'), folder);
    expect(place).toMatch(/^script-\w+\.mjs$/);
    expect(message).toContain("Cannot find module");
  });

  test("an import in a project of CommonJS says what to do", () => {
    const { text } = describeScriptError(new SyntaxError("Cannot use import statement outside a module"));
    expect(text).toContain("npm pkg set type=module");
  });

  test("of our own errors the sentence is told", () => {
    const error = new DaggrError("CYCLE", "a needs b.", { place: { file: join(folder, "app.ts"), line: 3 } });
    const { place, text } = describeScriptError(error, folder);
    expect(place).toBe("app.ts:3");
    expect(text).toMatch(/^a needs b\.\n {4}at app\.ts:3/);
  });

  test("whatever is thrown gets words", () => {
    expect(describeScriptError("text").text).toBe("The script threw text");
    expect(describeScriptError(undefined).text).toBe("The script threw undefined");
  });

  test("the cause is told, secrets are not", () => {
    rememberSecret("geheimes-wort");
    const { text } = describeScriptError(new Error("outer geheimes-wort", { cause: new Error("inner") }));
    expect(text).toContain("because of Error: inner");
    expect(text).not.toContain("geheimes");
  });
});
