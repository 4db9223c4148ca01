import type { UpstreamChange } from "../../../src/protocol/upstream.ts";

/** The beginning of a commit, as Git shows it. */
export const shortCommit = (commit: string): string => commit.slice(0, 7);

/** `Space changed`; with its name where a card has several. */
export function title({ kind, id }: UpstreamChange, isNamed: boolean): string {
  if (isNamed) return `${id.split("/").at(-1)} changed`;
  return kind === "space" ? "Space changed" : "Model changed";
}

/** How much, in words that fit beside the title. */
export function inShort(change: UpstreamChange): string {
  const { differences, isCompared } = change;
  if (!isCompared) return "not compared yet";
  const breaking = differences.filter((one) => one.breaking).length;
  if (breaking > 0) return `${breaking} may break`;
  return differences.length === 0 ? "offers the same" : "nothing breaks";
}

/** What stands in place of a list. */
export function unknownText({ kind, isCompared }: UpstreamChange): string {
  if (!isCompared) return "What it offers now is known once it runs.";
  return kind === "space"
    ? "Its endpoints are the same as before."
    : "Its card and who serves it are the same as before.";
}
