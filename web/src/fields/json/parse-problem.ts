/** Why a text is no JSON, and where. Browsers say it each in words of their own, and not all say where. */
export interface ParseProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** From 0, in the text. */
  readonly offset: number;
  readonly reason: string;
}

class Problem extends Error {
  readonly offset: number;
  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

const space = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON forbids in a text.
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** `undefined` where the text can be read. An empty text is no value. */
export function parseProblem(text: string): ParseProblem | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const { offset, message } = findProblem(text) ?? {
      offset: text.length,
      message: (error as Error).message,
    };
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: before.at(-1)!.length + 1, offset, reason: message };
  }
}

function findProblem(text: string): Problem | undefined {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const next = () => (at < text.length ? `'${text[at]}'` : "the end of the text");
  const fail = (expected: string): never => {
    throw new Problem(at, `expected ${expected}, got ${next()}`);
  };
  const key = () => {
    if (text[at] !== '"') fail("a key in double quotes");
    quoted();
    take(space);
    if (text[at] !== ":") fail("':' after the key");
    at++;
  };
  const quoted = () => {
    if (take(string) !== undefined) return;
    const start = at;
    while (at < text.length && text[at] !== "\n" && (text[at] !== '"' || at === start)) at++;
    if (text[at] !== '"') throw new Problem(start, "this text has no closing quote");
    throw new Problem(start, "this text has a character or an escape that JSON does not know");
  };
  const list = (close: "]" | "}", entry: () => void, what: string) => {
    at++;
    take(space);
    if (text[at] === close) return void at++;
    for (;;) {
      entry();
      take(space);
      if (text[at] === close) return void at++;
      if (text[at] !== ",") fail(`',' or '${close}'`);
      at++;
      take(space);
      if (text[at] === close) throw new Problem(at, `expected ${what} after the last ',', got '${close}'`);
    }
  };
  const value = () => {
    take(space);
    if (text[at] === "{")
      list(
        "}",
        () => {
          key();
          value();
        },
        "another key",
      );
    else if (text[at] === "[") list("]", value, "another value");
    else if (text[at] === '"') quoted();
    else if (take(scalar) === undefined) fail("a value");
  };
  try {
    value();
    take(space);
    if (at < text.length) fail("nothing after the value");
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
