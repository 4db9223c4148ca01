import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepFiles } from "./keep-files.ts";
import { prettyOutputs } from "./pretty-outputs.ts";

test("files of a run are copied under their node's name, however deep; other texts stay", async () => {
  const passing = mkdtempSync(join(tmpdir(), "daggr-files-"));
  const target = mkdtempSync(join(tmpdir(), "kept-"));
  const file = (name: string): string => {
    writeFileSync(join(passing, name), name);
    return join(passing, name);
  };
  const { outputs, count } = await keepFiles(
    {
      "draw it": { images: [{ image: file("a.png"), caption: "a.png" }, { image: file("b.png") }] },
      say: { text: "/etc/passwd", n: 1, none: null },
    },
    target,
  );
  expect(count).toBe(2);
  const [first, second] = (outputs["draw it"]?.["images"] ?? []) as { image: string }[];
  expect(first).toEqual({ image: join(target, "draw-it-images.png"), caption: "a.png" });
  expect(readFileSync(second?.image ?? "", "utf8")).toBe("b.png");
  expect(outputs["say"]).toEqual({ text: "/etc/passwd", n: 1, none: null });
});

test("outputs for a person: short ones on the line, long ones below", () => {
  const text = prettyOutputs({
    a: { n: 1, text: "two\nlines", list: ["x", "y"], empty: [], record: { a: [1, 2] } },
  });
  expect(text).toBe(
    'a\n  n: 1\n  text:\n    two\n    lines\n  list:\n    1. x\n    2. y\n  empty: (none)\n  record: {"a":[1,2]}\n',
  );
});
