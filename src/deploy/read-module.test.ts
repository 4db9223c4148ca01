import { describe, expect, test } from "vitest";
import { readModule } from "./read-module.ts";

const texts = (list: readonly { readonly text: string }[]) => list.map(({ text }) => text);

describe("readModule", () => {
  test("finds what is imported, now and later, and leaves types out", () => {
    const source = `import a from "./a.ts";
import type { B } from "./types.ts";
export * from "./c.ts";
export { d } from "d/e";
const later = async () => { await import("./later.ts"); await import(\`./also.ts\`); await import(name); };
const old = require("./old.cjs");
// import "./comment.ts"
const text = 'import "./text.ts"';`;
    expect(texts(readModule(source, "m.ts").imports)).toEqual([
      ...["./a.ts", "./c.ts", "d/e", "./later.ts", "./also.ts", "./old.cjs"],
    ]);
  });

  test("finds files beside the module, whichever way it names them", () => {
    const source = `new URL("./a.png", import.meta.url);
join(import.meta.dirname, "data", "b.json");
path.join(__dirname, "c");
readFileSync(\`\${import.meta.dirname}/d.txt\`);
import.meta.resolve("./e.wasm");
join(import.meta.dirname, name);
new URL("https://example.com/x.png");`;
    expect(texts(readModule(source, "m.ts").files)).toEqual([
      ...["./a.png", "data/b.json", "c", "./d.txt", "./e.wasm"],
    ]);
  });

  test("tells lines of the source as it was written", () => {
    const source = 'type A = {\n  b: string;\n};\nimport "./x.ts";\n';
    expect(readModule(source, "m.ts").imports).toEqual([{ text: "./x.ts", line: 4 }]);
  });

  test.each([
    ["enum A { B }", /m\.ts .*enum/],
    ["namespace N { export const a = 1; }", /namespace/],
    ["class A { constructor(private a: string) {} }", /parameter property/],
  ])("refuses %s, which Node.js does not run", (source, message) => {
    expect(() => readModule(source, "m.ts")).toThrow(message);
  });

  test("reads CommonJS and scripts with a first line for the shell", () => {
    expect(texts(readModule('#!/usr/bin/env node\nwith (a) {}\nrequire("./b");', "m.cjs").imports)).toEqual([
      "./b",
    ]);
  });
});
