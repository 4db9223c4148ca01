import { distance } from "fastest-levenshtein";

/** How alike two names are, from 0 to 1, upper and lower case aside. */
function similarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - distance(a.toLowerCase(), b.toLowerCase()) / longest;
}

/** The candidate that `name` is most likely a misspelling of; `undefined` when none is near (0.6, as Python's difflib). */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestSimilarity = 0.6;
  for (const candidate of candidates) {
    const value = similarity(name, candidate);
    if (value >= bestSimilarity && (best === undefined || value > bestSimilarity)) {
      best = candidate;
      bestSimilarity = value;
    }
  }
  return best;
}

/** ` Did you mean 'x'?`, or nothing when no candidate is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const meant = closest(name, candidates);
  return meant === undefined ? "" : ` Did you mean '${meant}'?`;
}
