/** A line of the user's script. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const own = new URL("../", import.meta.url).href;

/** The line outside this package that led here, read from the stack. `undefined` when there is none. */
export function callSite(): Place | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const stack = new Error().stack ?? "";
  Error.stackTraceLimit = limit;
  return placeInStack(stack);
}

/** The first frame of a stack that is neither ours, nor Node's, nor a package's. */
export function placeInStack(stack: string): Place | undefined {
  for (const line of stack.split("\n").slice(1)) {
    const match = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(line);
    const file = match?.[1];
    if (file === undefined || file.startsWith("node:") || file.includes("/node_modules/")) continue;
    const url = file.startsWith("file:") ? file : `file://${file}`;
    // Tests stand beside the code, so that they count as a user's script.
    if (url.startsWith(own) && !/\.test(-d)?\.ts/.test(url)) continue;
    return {
      file: decodeURIComponent(url.replace(/^file:\/\//, "").replace(/\?.*$/, "")),
      line: Number(match?.[2]),
    };
  }
  return undefined;
}
