import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { RunEvent } from "../protocol/events.ts";

/** What the runner tells: the event for whoever watches, and with it what is to be kept before anybody is told. */
export interface RunNotice {
  readonly event: RunEvent;
  /** A new result, to be kept and selected. A reused one is only named, by `event.result`. */
  readonly result?: ResultRecord;
  /** With `node-waiting`: the fingerprint of what the step asks about. */
  readonly asked?: string;
  /** An item that ended; with `record.error` when it failed. */
  readonly item?: { readonly node: string; readonly record: ItemRecord };
}
