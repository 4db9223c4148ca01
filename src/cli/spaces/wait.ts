import { UsageError } from "../options.ts";

/** `--wait <seconds>` in milliseconds. */
export function parseWait(text: string | undefined, usage: string): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds) && seconds >= 0) return Math.max(1, seconds * 1000);
  throw new UsageError(`--wait must be a number of seconds, got '${text}'.`, usage);
}
