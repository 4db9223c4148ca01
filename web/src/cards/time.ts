/** `0.8 s`, `12 s`, `2 min 5 s`, `1 h 20 min`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 0.05) return `${Math.max(1, Math.round(ms))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A running time: always one decimal below a minute, so that its width stays. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(ms);
}

/** `just now`, `2 min ago`, `yesterday`, `3 Nov`. */
export function ago(then: number, now: number): string {
  const seconds = (now - then) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 172_800) return "yesterday";
  return new Date(then).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}

/** The whole truth, for tooltips. */
export function exactTime(then: number): string {
  return new Date(then).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/** `3 items`, `1 item`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** `0.4 MB`, `12 KB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${Math.round(n / 1000)} KB`;
  return `${(n / 1_000_000).toFixed(1)} MB`;
}
