const own = new URL("../", import.meta.url).href;

/** `file:line` of the user's script where an error was thrown: the first frame that is neither ours, nor Node's, nor a package's. */
export function scriptPlace(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  for (const line of error.stack.split("\n").slice(1)) {
    const match = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(line);
    const file = match?.[1];
    if (file === undefined || file.includes("/node_modules/")) continue;
    const url = file.startsWith("file:") ? file : `file://${file}`;
    if (url.startsWith(own) && !/\.test(-d)?\.ts/.test(url)) continue;
    return `${decodeURIComponent(url.replace(/^file:\/\//, "").replace(/\?.*$/, ""))}:${match?.[2]}`;
  }
  return undefined;
}
