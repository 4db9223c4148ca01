import { distance } from "fastest-levenshtein";

/** How alike two names are, from 0 to 1, upper and lower case aside. */
function similarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return longest === 0 ? 1 : 1 - (isSwapped(one, other) ? 1 : distance(one, other)) / longest;
}

/** Two letters next to each other in the wrong order are one slip of the fingers. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
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
