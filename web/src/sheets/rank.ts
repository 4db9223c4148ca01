/** How well a word fits a text: 0 not at all. Letters in order fit, whole pieces fit better, beginnings best. */
export function scoreOf(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) return text.length === word.length ? 100 : 80;
  if (at > 0) return isWordStart(text, at) ? 60 : 40;
  return scattered(text, word);
}

/** The letters of the word one after the other: those that begin a word or follow each other count. */
function scattered(text: string, word: string): number {
  if (word.length < 2) return 0;
  let good = 0;
  let before = -2;
  let from = 0;
  for (const letter of word) {
    let at = text.indexOf(letter, from);
    if (at < 0) return 0;
    const start = nextWordStart(text, letter, from);
    if (at !== before + 1 && start >= 0) at = start;
    if (at === before + 1 || isWordStart(text, at)) good++;
    before = at;
    from = at + 1;
  }
  // Letters strewn anywhere fit everything, which helps nobody.
  return good / word.length >= 0.6 ? Math.round(25 * (good / word.length)) : 0;
}

function nextWordStart(text: string, letter: string, from: number): number {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1))
    if (isWordStart(text, at)) return at;
  return -1;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s_./:,-]/.test(text[at - 1]!);
}
