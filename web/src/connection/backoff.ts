/** How long to wait before the given attempt to connect again (0 is the first): at once, then growing to 10 s. */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return 150;
  const ceiling = Math.min(10_000, 300 * 2 ** attempt);
  return Math.round(ceiling * (0.7 + 0.3 * random()));
}
