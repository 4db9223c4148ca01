import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { bootstrapFile } from "./bootstrap.ts";

test("apps that start at once on a new machine do not get in each other's way", async () => {
  const folder = await mkdtemp(join(tmpdir(), "daggr-bootstrap-"));
  const paths = await Promise.all(Array.from({ length: 8 }, () => bootstrapFile({ HF_HOME: folder })));
  expect(new Set(paths).size).toBe(1);
  expect(await readdir(dirname(paths[0]!))).toHaveLength(1);
  await rm(folder, { recursive: true });
});
