import { DaggrError, type ErrorDetails } from "../../base/errors.ts";
import { redact } from "../../base/redact.ts";

/** How much of a log an error shows. */
const TAIL_LINES = 12;

/** An error about something that was to run on this machine, with the end of what it printed. */
export function localError(
  code: string,
  sentence: string,
  log: readonly string[] = [],
  details: ErrorDetails = {},
): DaggrError {
  const tail = log.filter((line) => line.trim() !== "").slice(-TAIL_LINES);
  const shown = tail.length === 0 ? "" : `\n${tail.map((line) => `  ${line}`).join("\n")}`;
  return new DaggrError(code, redact(`${sentence}${shown}`), details);
}
