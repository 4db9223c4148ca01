import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Environment } from "../tokens.ts";
import { isAlive, isHeld } from "./file-lock.ts";
import { localFolder } from "./local-folder.ts";

const runningFolder = (env: Environment): string => join(localFolder(env), "running");

/** Notes which places a program uses that was started: by its process id, so that an old note counts for nothing. */
export async function noteUse(
  pid: number,
  places: readonly string[],
  env: Environment = process.env,
): Promise<void> {
  await mkdir(runningFolder(env), { recursive: true });
  await placesInUse(env);
  await writeFile(join(runningFolder(env), `${pid}.json`), JSON.stringify(places));
}

/** Whether a program that runs uses something in the folder, or something is being made there. */
export async function isInUse(folder: string, env: Environment = process.env): Promise<boolean> {
  if (await isHeld(`${folder}.lock`)) return true;
  return (await placesInUse(env)).some((place) => place === folder || place.startsWith(folder + sep));
}

async function placesInUse(env: Environment): Promise<string[]> {
  const places: string[] = [];
  for (const name of await readdir(runningFolder(env)).catch(() => [])) {
    const file = join(runningFolder(env), name);
    if (!isAlive(Number.parseInt(name, 10))) await rm(file, { force: true });
    else {
      const text = await readFile(file, "utf8").catch(() => "");
      places.push(...(text === "" ? [] : (JSON.parse(text) as string[])));
    }
  }
  return places;
}
