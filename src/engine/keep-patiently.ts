import { setTimeout as sleep } from "node:timers/promises";
import type { DaggrError } from "../base/errors.ts";
import type { Batch, Scope, Store } from "../store/store.ts";
import type { LiveSheet } from "./live-sheet.ts";

const AGAIN_AFTER_MS = 500;
const PATIENCE_MS = 60_000;

/** Commits; while the disk is full it tries again for a minute, so that somebody can make space and nothing is lost. */
export async function keepPatiently(
  store: Store,
  scope: Scope,
  batch: Batch,
  sheet: LiveSheet | undefined,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.commit(scope, batch);
    } catch (error) {
      const { code, message } = error as DaggrError;
      if (code !== "STORE_FULL" || signal.aborted || performance.now() > until) throw error;
      if (attempt === 1) warn(sheet, batch, message);
      await sleep(AGAIN_AFTER_MS, undefined, { signal }).catch(() => {});
    }
  }
}

function warn(sheet: LiveSheet | undefined, batch: Batch, text: string): void {
  console.error(`daggr: ${text}`);
  const node = batch.results?.[0]?.record.node ?? batch.items?.[0]?.node ?? batch.runNodes?.[0]?.node;
  if (node !== undefined) sheet?.notices.tell({ type: "log", node, level: "error", text });
}
