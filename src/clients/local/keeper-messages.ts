/** What a keeper is asked to keep: one line of JSON on its standard input. */
export interface Order {
  /** Where it listens for holders: a socket's path, or a pipe's name on Windows. */
  readonly socket: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The program's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Carried out after the program was ended, for what is not its child (a container). */
  readonly stop?: readonly string[];
  /** Told to every holder. */
  readonly about: Readonly<Record<string, string | number>>;
}

/** What a holder says: that it lets go, or that it waits for what was printed so far. */
export type ToKeeper = "release" | "flush";

/** What it tells each of its holders, a line of JSON each. */
export type FromKeeper =
  | { readonly type: "hello"; readonly pid: number; readonly about: Order["about"] }
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "flushed" }
  | {
      readonly type: "exit";
      readonly code: number | null;
      readonly signal: string | null;
      /** Why it could not even be started. */
      readonly error?: string;
    };
