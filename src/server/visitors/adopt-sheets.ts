import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Room } from "./rooms.ts";

type Owner = Pick<Room, "engine" | "scope">;

/** Copies what somebody has made as a stranger to their account, as one would by hand: as files. */
export async function adoptSheets(from: Owner, to: Owner): Promise<void> {
  const made: { readonly id: string; readonly name: string }[] = [];
  for (const sheet of await from.engine.store.listSheets(from.scope)) {
    const state = await from.engine.store.loadSheet(from.scope, sheet.id);
    // One that nobody has touched is no work of theirs.
    const isTouched =
      (sheet.results ?? 0) > 0 || Object.keys({ ...state?.fields, ...state?.variants }).length > 0;
    if (isTouched) made.push(sheet);
  }
  if (made.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), "daggr-login-"));
  try {
    for (const { id, name } of made) {
      const file = join(folder, "sheet.zip");
      const { stream } = await from.engine.exportSheet(from.scope, id);
      await pipeline(stream, createWriteStream(file));
      await to.engine.importSheet(to.scope, file, { name });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
