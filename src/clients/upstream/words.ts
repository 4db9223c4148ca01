import type { UpstreamChange } from "../../protocol/upstream.ts";

/** The beginning of a commit, as Git shows it. */
export const shortCommit = (commit: string): string => commit.slice(0, 7);

/** `Space 'ada/echo' (1a2b3c4 → 9f8e7d6, 2 differences, 1 breaks)`. */
export function changeInShort(change: UpstreamChange): string {
  const commits = `${shortCommit(change.from)} → ${shortCommit(change.to)}`;
  return `${wordOf(change.kind)} '${change.id}' (${commits}, ${countOf(change)})`;
}

/** `Space`, `Model`. */
export const wordOf = (kind: UpstreamChange["kind"]): string => (kind === "space" ? "Space" : "Model");

/** How much changed, in words. */
export function countOf({ kind, differences, isCompared }: UpstreamChange): string {
  const what = kind === "space" ? "endpoints" : "card and providers";
  if (!isCompared) return `what it offers now is known once it runs`;
  if (differences.length === 0) return `${what} are the same`;
  const breaking = differences.filter((one) => one.breaking).length;
  const count = differences.length === 1 ? "1 difference" : `${differences.length} differences`;
  return breaking === 0 ? `${count}, none breaks` : `${count}, ${breaking} may break`;
}

/** The whole of a change, a line each: what may break is marked with `-`. */
export function changeInFull(change: UpstreamChange): string[] {
  const users = change.nodes.length === 0 ? "" : `, used by ${change.nodes.join(", ")}`;
  const day = new Date(change.since).toISOString().slice(0, 10);
  return [
    `${wordOf(change.kind)} '${change.id}' has changed${users}`,
    `${shortCommit(change.from)} (accepted ${day}) is ${shortCommit(change.to)} now: ${countOf(change)}`,
    ...change.differences.map(({ breaking, text }) => `${breaking ? "-" : "·"} ${text}`),
  ];
}
