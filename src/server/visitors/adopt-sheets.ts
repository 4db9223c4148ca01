import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { redact } from "../../base/redact.ts";
import type { Room } from "./rooms.ts";

type Owner = Pick<Room, "engine" | "scope">;

/**
 * Moves what somebody has made as a stranger to their account, as one would by hand: as files. What cannot be moved
 * stays where it is.
 * @returns The names of those sheets.
 */
export async function adoptSheets(from: Owner, to: Owner): Promise<readonly string[]> {
  const made: { readonly id: string; readonly name: string }[] = [];
  for (const sheet of await from.engine.store.listSheets(from.scope)) {
    const state = await from.engine.store.loadSheet(from.scope, sheet.id);
    // One that nobody has touched is no work of theirs.
    const isTouched =
      (sheet.results ?? 0) > 0 || Object.keys({ ...state?.fields, ...state?.variants }).length > 0;
    if (isTouched) made.push(sheet);
  }
  if (made.length === 0) return [];
  const left: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "daggr-login-"));
  try {
    for (const { id, name } of made) {
      try {
        const file = join(folder, "sheet.zip");
        const { stream } = await from.engine.exportSheet(from.scope, id);
        await pipeline(stream, createWriteStream(file));
        await to.engine.importSheet(to.scope, file, { name });
      } catch (error) {
        console.error(redact(`daggr: a sheet of a visitor who logs in could not be taken over: ${error}`));
        left.push(name);
        continue;
      }
      // Another try is not to copy it again.
      await from.engine.deleteSheet(from.scope, id).catch(() => {});
    }
    return left;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
