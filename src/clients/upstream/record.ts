import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { DaggrError } from "../../base/errors.ts";
import type { UpstreamState } from "./state.ts";

/** A state and when it was accepted. */
export interface RecordedState extends UpstreamState {
  readonly acceptedAt: string;
}

export type UpstreamKind = "space" | "model";

/** `space ada/echo`, `model meta/llama`. */
export const upstreamKey = (kind: UpstreamKind, id: string): string => `${kind} ${id}`;

export interface RecordOptions {
  /** The database that it stands beside; default: the one that is used when none is named. */
  readonly dbPath?: string | undefined;
  readonly mayCreate?: boolean;
}

/** Raised whenever what is kept changes its shape. */
const VERSION = 1;

const fileSchema = z.looseObject({
  version: z.literal(VERSION),
  upstream: z.record(z.string(), z.looseObject({ commit: z.string(), acceptedAt: z.string() })),
});

/**
 * What a project has accepted of others' Spaces and models: one readable file beside its data, made to be committed
 * with the script. It holds commits and signatures, never a token.
 */
export class UpstreamRecord {
  readonly path: string;
  readonly #mayCreate: boolean;

  /** `mayCreate: false` only keeps what is there already. */
  constructor({ dbPath, mayCreate = true }: RecordOptions = {}) {
    this.path = recordPath(dbPath);
    this.#mayCreate = mayCreate;
  }

  /** All of it; empty when there is none. Throws `UPSTREAM_RECORD` for a file that is not ours. */
  async read(): Promise<Map<string, RecordedState>> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
      throw this.#damaged((error as Error).message);
    }
    try {
      const { upstream } = fileSchema.parse(JSON.parse(text));
      return new Map(Object.entries(upstream) as unknown as [string, RecordedState][]);
    } catch {
      throw this.#damaged("it is not what daggr wrote");
    }
  }

  /** Accepts these states. Others that somebody else has accepted meanwhile stay. */
  async accept(states: ReadonlyMap<string, UpstreamState>): Promise<void> {
    if (states.size === 0 || (!this.#mayCreate && !existsSync(this.path))) return;
    const all = await this.read();
    const acceptedAt = new Date().toISOString();
    for (const [key, state] of states) {
      const before = all.get(key);
      const since = before?.commit === state.commit ? before.acceptedAt : acceptedAt;
      all.set(key, { ...state, acceptedAt: since });
    }
    const upstream = Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const temporary = `${this.path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(temporary, `${JSON.stringify({ version: VERSION, upstream }, null, 2)}\n`);
    await rename(temporary, this.path);
  }

  #damaged(why: string): DaggrError {
    return new DaggrError(
      "UPSTREAM_RECORD",
      `${this.path} cannot be read: ${why}. Take it from version control again, or delete it to record anew.`,
    );
  }
}

function recordPath(dbPath = process.env["DAGGR_DB_PATH"] || ".daggr_sessions.db"): string {
  return join(dirname(resolve(dbPath)), ".daggr_upstream.json");
}
