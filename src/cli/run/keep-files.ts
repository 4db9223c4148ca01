import { copyFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import type { NodeOutputs } from "../../protocol/events.ts";

/** Where a run without a sheet has its files; they go with this process. */
const passing = join(tmpdir(), "daggr-files-");

/**
 * Copies the files of a run that would go with this process into a folder, and gives the outputs with their new
 * paths: `draw-image-3.png` is the third file of that port.
 */
export async function keepFiles(
  outputs: NodeOutputs,
  folder: string,
): Promise<{ outputs: NodeOutputs; count: number }> {
  const target = resolve(folder);
  let count = 0;
  const keep = async (value: unknown, name: string, number: { last: number }): Promise<unknown> => {
    if (typeof value === "string" && value.startsWith(passing)) {
      number.last += 1;
      const path = join(target, `${name}${number.last === 1 ? "" : `-${number.last}`}${extname(value)}`);
      await mkdir(target, { recursive: true });
      await copyFile(value, path);
      count += 1;
      return path;
    }
    if (Array.isArray(value)) {
      const kept: unknown[] = [];
      for (const item of value) kept.push(await keep(item, name, number));
      return kept;
    }
    if (typeof value !== "object" || value === null) return value;
    const kept: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) kept[key] = await keep(item, name, number);
    return kept;
  };
  const kept: Record<string, Record<string, unknown>> = {};
  for (const [node, ports] of Object.entries(outputs)) {
    kept[node] = {};
    for (const [port, value] of Object.entries(ports))
      kept[node][port] = await keep(value, fileName(`${node}-${port}`), { last: 0 });
  }
  return { outputs: kept, count };
}

const fileName = (text: string): string =>
  text.replace(/[^\p{L}\p{N}.-]+/gu, "-").replace(/^[-.]+/, "") || "output";
