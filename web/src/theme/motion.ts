const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/** How long something may move: not at all for who asked for that. */
export const motionMs = (ms: number): number => (reduced.matches ? 0 : ms);
