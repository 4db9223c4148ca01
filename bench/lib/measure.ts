import type { Row } from "./row.ts";
import { textTable } from "./table.ts";

export interface Settings {
  /** Fewer and shorter rounds: shows whether a benchmark works, not how fast anything is. */
  readonly isShort: boolean;
}

/** What a benchmark says to `bench/run.ts`. */
export type Message = { readonly rows: readonly Row[] };

/** The body of every `bench/<name>.ts`: measures, then hands its rows to `bench/run.ts` or prints them. */
export async function measure(work: (settings: Settings) => Promise<readonly Row[]>): Promise<void> {
  const rows = await work({ isShort: process.argv.includes("--short") });
  if (process.send === undefined) console.log(textTable(rows));
  else process.send({ rows } satisfies Message);
}

/** Tells how far a benchmark is; on the error output, so that the table stays alone on the other. */
export function say(text: string): void {
  process.stderr.write(`  ${text}\n`);
}
