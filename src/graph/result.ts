import type { ErrorData } from "../base/errors.ts";
import type { FallbackUse } from "../protocol/values.ts";

/** One item of a scattered node, kept on its own. */
export interface ItemRecord {
  readonly index: number;
  readonly fingerprint: string;
  readonly drawn: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** The run that made it. */
  readonly run: string;
  /** Set when it failed; `outputs` is then empty. */
  readonly error?: ErrorData;
  /** Of a fallback: which variant made it. */
  readonly fallback?: FallbackUse;
}

/** A finished execution of a node, with where it came from. Plain data; files as `FileRef`. */
export interface ResultRecord {
  readonly id: string;
  readonly node: string;
  readonly variant: number;
  readonly fingerprint: string;
  /** Hash of the node's definition when it ran. */
  readonly identity: string;
  /** Resolved inputs by port; for scattered inputs the whole list. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Per input port the hash of what went in: tells which input changed. */
  readonly inputHashes: Readonly<Record<string, string>>;
  /** The values of input fields that it was made with, by address. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The results it was made from, by node. */
  readonly upstream: Readonly<Record<string, string>>;
  /** Values that function inputs drew, by port. Items keep their own. */
  readonly drawn: Readonly<Record<string, unknown>>;
  /** By output; for a scattered node the list of all items' values, in order. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Only for a scattered node. */
  readonly items: readonly ItemRecord[] | null;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly run: string;
  /** An output was replaced by hand. */
  readonly edited: boolean;
  /** Of a fallback: which variant made it. The items of a scattered one have their own. */
  readonly fallback?: FallbackUse;
}
