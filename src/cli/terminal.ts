import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** A styled text where the stream shows styles (`NO_COLOR` and pipes are respected). */
export function style(format: Style, text: string, stream: NodeJS.WriteStream = process.stderr): string {
  return styleText(format, text, { stream });
}

/** Asks a question on the terminal; `false` unless the answer begins with y. */
export async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y/i.test(await lines.question(`${question} [y/N] `));
  } finally {
    lines.close();
  }
}

/** `1.4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
