import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "../tokens.ts";
import { localFolder } from "./local-folder.ts";

export function spacesFolder(env: Environment): string {
  return join(localFolder(env), "spaces");
}

/** Where a Space's files are, as they are at a commit. It is there only when it is whole. */
export function spaceFolder(id: string, commit: string, env: Environment): string {
  return join(spacesFolder(env), id.replace("/", "--"), commit);
}

const revisionsFile = (id: string, env: Environment): string =>
  join(spacesFolder(env), id.replace("/", "--"), "revisions.json");

async function revisions(id: string, env: Environment): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(revisionsFile(id, env), "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

/** The commit that a revision was at when it was run last. */
export async function lastKnownCommit(
  id: string,
  revision = "main",
  env: Environment = process.env,
): Promise<string | undefined> {
  return (await revisions(id, env))[revision];
}

export async function rememberCommit(
  id: string,
  revision: string | undefined,
  commit: string,
  env: Environment,
): Promise<void> {
  const file = revisionsFile(id, env);
  const known = await revisions(id, env);
  const name = revision ?? "main";
  if (known[name] === commit) return;
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(temporary, JSON.stringify({ ...known, [name]: commit }));
  await rename(temporary, file);
}
