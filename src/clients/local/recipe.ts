import type { OwnCode } from "../../graph/service.ts";
import type { Ask } from "./consent.ts";
import type { Preparing } from "./environment.ts";

/** How a program is started, once everything that it needs is there. */
export interface Launchable {
  /** Of the code that it runs: a hash, or a commit. */
  readonly identity: string;
  /** What is started, told where to listen. */
  start(port: number): {
    readonly command: readonly [string, ...string[]];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly stop?: readonly string[];
  };
}

/** What is known of an app without looking. */
export interface AppHead {
  /** Apps with the same key are one. */
  readonly key: string;
  /** `tools.py`, `owner/name`. */
  readonly label: string;
  /** The user's own, which may change while it runs; a Space's files are those of a commit. */
  readonly isOwnCode: boolean;
}

/** What can be run on this machine: a Python file, a folder with one, a Space. */
export interface Recipe extends AppHead {
  /** Milliseconds until it must answer. */
  readonly startTimeoutMs: number;
  /** The code as it is now; for a Space, the commit that would be run. */
  identity(): Promise<string>;
  prepare(preparing: Preparing & { readonly ask: Ask }): Promise<Launchable>;
  /** The folders where its code is; a change in one is a reason to ask for the identity again. */
  folders?(): Promise<readonly string[]>;
  /** The user's own files. */
  ownCode?(): Promise<OwnCode>;
}

/** What the script may say about how it is run. */
export interface LocalOptions {
  /** An interpreter, or the folder of an environment. */
  readonly python?: string | undefined;
  /** Further variables for the app. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Give it the Hugging Face token. */
  readonly passToken?: boolean | undefined;
  readonly token?: string | false | undefined;
  readonly startTimeout?: number | undefined;
  readonly revision?: string | undefined;
}

/** Weights may be downloaded before an app answers. */
export const START_TIMEOUT_MS = 600_000;
