import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../tokens.ts";
import { environmentsFolder, readStamp } from "./environment.ts";
import { spacesFolder } from "./kept-spaces.ts";

/** A Space's files, or a Python environment, on this machine. */
export interface Kept {
  readonly what: "space" | "environment";
  /** The Space, or whom the environment was made for. */
  readonly name: string;
  readonly detail: string;
  readonly bytes: number;
  readonly folder: string;
}

/** Everything that is kept to run apps on this machine. */
export async function keptHere(env: Environment = process.env): Promise<Kept[]> {
  const spaces = await Promise.all(
    (await namesIn(spacesFolder(env))).map(async (name): Promise<Kept> => {
      const folder = join(spacesFolder(env), name);
      const commits = (await namesIn(folder)).filter((entry) => /^[0-9a-f]{40}$/.test(entry));
      const detail = commits.map((commit) => commit.slice(0, 7)).join(", ");
      return { what: "space", name: name.replace("--", "/"), detail, bytes: await sizeOf(folder), folder };
    }),
  );
  const environments = await Promise.all(
    (await namesIn(environmentsFolder(env)))
      .filter((name) => /^[0-9a-f]{16}$/.test(name))
      .map(async (name): Promise<Kept> => {
        const folder = join(environmentsFolder(env), name);
        const stamp = await readStamp(folder);
        const detail =
          stamp === undefined
            ? "not finished"
            : `Python ${stamp.python}, ${stamp.madeWith}, ${stamp.madeAt.slice(0, 10)}`;
        return {
          what: "environment",
          name: stamp?.label ?? name,
          detail,
          bytes: await sizeOf(folder),
          folder,
        };
      }),
  );
  return [...spaces, ...environments];
}

export async function removeKept({ folder }: Kept): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

export function sizeInWords(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} KB`;
  return bytes < 1_000_000_000
    ? `${(bytes / 1_000_000).toFixed(1)} MB`
    : `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
