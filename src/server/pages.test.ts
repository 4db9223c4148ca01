import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createPages } from "./pages.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-pages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("files that a page asks for at once are all found, also right after a start", async () => {
  const names = ["a.js", "b.js", "c.js"];
  for (const name of names) writeFileSync(join(folder, name), "export {};");
  const pages = createPages(folder);
  const found = await Promise.all(names.map((name) => pages.find(name)));
  expect(found.map((page) => page?.mime)).toEqual(names.map(() => found[0]?.mime));
  expect(found[0]?.mime).toContain("javascript");
  expect(await pages.find("../pages.js")).toBeUndefined();
});
