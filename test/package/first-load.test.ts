/** What the canvas loads before it can show anything stays small; everything else comes when it is needed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../dist/web");
const most = 120_000;

/** The scripts that the page names, and what those import at once, whatever they import. */
function firstLoad(): Map<string, number> {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const waiting = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map(([, path]) => path!);
  const sizes = new Map<string, number>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (sizes.has(path)) continue;
    const script = readFileSync(join(folder, path), "utf8");
    sizes.set(path, gzipSync(script, { level: 9 }).length);
    for (const [, name] of script.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g))
      waiting.push(`assets/${name}`);
  }
  return sizes;
}

test("the canvas loads less than 120 KB of scripts at once", () => {
  const sizes = firstLoad();
  const largest = [...sizes].sort((a, b) => b[1] - a[1]);
  const sum = largest.reduce((total, [, size]) => total + size, 0);
  const list = largest.map(([path, size]) => `${String(size).padStart(7)} ${path}`).join("\n");
  expect(sizes.size).toBeGreaterThan(0);
  expect(sum, `${sum} bytes in all:\n${list}`).toBeLessThan(most);
});
