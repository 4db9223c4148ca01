// How much JavaScript a browser loads before the canvas shows anything.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { root, venvDir } from "../scripts/lib/paths.ts";
import { measure } from "./lib/measure.ts";

await measure(async () => {
  const ours = firstLoadBytes(join(root, "dist/web"));
  const daggr = firstLoadBytes(join(venvDir, "lib/python3.11/site-packages/daggr/frontend/dist"));
  return [
    {
      work: "canvas: JavaScript of the first load, gzip",
      unit: "KB",
      better: "lower",
      daggr: daggr / 1_000,
      ours: ours / 1_000,
      goal: "under 120 KB",
      isMet: ours < 120_000,
    },
  ];
});

/** The page's modules and what they import without waiting for anything, each compressed on its own. */
function firstLoadBytes(folder: string): number {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const entries = [...html.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="([^"]+\.js)"/g)].map(([, path]) =>
    join(folder, path!),
  );
  if (entries.length === 0) throw new Error(`${folder}/index.html loads no script.`);
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, path] of text.matchAll(/(?:^|[;}\s])(?:import|export)[^"'()]*?["'](\.[^"']+\.js)["']/g))
      visit(resolve(dirname(file), path!));
  };
  for (const entry of entries) visit(entry);
  return [...seen].reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
}
