import { diffLines, diffWordsWithSpace } from "diff";

export interface TextPart {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** A run of lines: the same in both texts, or with what was taken away and what came. */
export interface TextBlock {
  readonly kind: "same" | "changed";
  readonly parts: readonly TextPart[];
  readonly lines: number;
}

/** Words are looked at one by one only as long as that takes no time to speak of. */
const comparedByWord = 40_000;
const linesTimeoutMs = 1_500;
const wordsTimeoutMs = 250;

/** Line by line first, then word by word within the lines that changed: long texts take no longer than they must. */
export function diffTexts(before: string, after: string): TextBlock[] {
  const hunks = diffLines(before, after, { timeout: linesTimeoutMs }) ?? [
    { value: before, removed: true, added: false, count: countLines(before) },
    { value: after, removed: false, added: true, count: countLines(after) },
  ];
  const blocks: TextBlock[] = [];
  for (let place = 0; place < hunks.length; place++) {
    const hunk = hunks[place]!;
    const next = hunks[place + 1];
    if (!hunk.added && !hunk.removed) {
      blocks.push({ kind: "same", parts: [{ kind: "same", text: hunk.value }], lines: hunk.count ?? 1 });
    } else if (hunk.removed && next?.added === true) {
      place++;
      blocks.push({
        kind: "changed",
        parts: diffWords(hunk.value, next.value),
        lines: Math.max(hunk.count ?? 1, next.count ?? 1),
      });
    } else {
      blocks.push({
        kind: "changed",
        parts: [{ kind: hunk.added ? "added" : "removed", text: hunk.value }],
        lines: hunk.count ?? 1,
      });
    }
  }
  return blocks.filter(({ parts }) => parts.some(({ text }) => text !== ""));
}

/** Within one line or a few. */
export function diffWords(before: string, after: string): TextPart[] {
  const whole: TextPart[] = [
    { kind: "removed", text: before },
    { kind: "added", text: after },
  ];
  if (before.length + after.length > comparedByWord) return whole;
  const parts = diffWordsWithSpace(before, after, { timeout: wordsTimeoutMs });
  if (parts === undefined) return whole;
  return parts.map(({ value, added, removed }) => ({
    kind: added ? "added" : removed ? "removed" : "same",
    text: value,
  }));
}

export function changedWords(blocks: readonly TextBlock[]): {
  readonly added: number;
  readonly removed: number;
} {
  const count = (kind: TextPart["kind"]) =>
    blocks
      .flatMap(({ parts }) => parts)
      .filter((part) => part.kind === kind)
      .reduce((sum, { text }) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
  return { added: count("added"), removed: count("removed") };
}

function countLines(text: string): number {
  return text.split("\n").length;
}
