import type { EndpointSignature, ParameterSignature, ReturnSignature } from "../../clients/signature.ts";
import type { EnvEntry } from "./env-entry.ts";

/** The file is not as `writeEntry` writes. */
export class EnvSyntaxError extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`line ${line}`);
    this.line = line;
  }
}

/** Reads the members of `interface Spaces { … }` of a `daggr-env.d.ts` back. Throws an {@link EnvSyntaxError}. */
export function readEntries(text: string): EnvEntry[] {
  const start = /interface Spaces \{/.exec(text);
  if (start === null) throw new EnvSyntaxError(1);
  const reader = new Reader(text, start.index + start[0].length);
  const entries = reader.members((source, about) => ({
    source,
    commit: /^Commit (\S+)$/.exec(about)?.[1],
    endpoints: reader.block(() =>
      reader.members((apiName, description) => readEndpoint(reader, apiName, description)),
    ),
  }));
  reader.expect("}");
  return entries;
}

function readEndpoint(reader: Reader, apiName: string, description: string): EndpointSignature {
  let parameters: ParameterSignature[] = [];
  let returns: ReturnSignature[] = [];
  let [streams, documented] = [false, true];
  reader.block(() =>
    reader.members((name) => {
      if (name === "inputs") parameters = reader.block(() => reader.members(readParameter(reader)));
      else if (name === "outputs") returns = readReturns(reader);
      else {
        const type = reader.type();
        if (name === "streams") streams = type === "true";
        if (name === "documented") documented = type !== "false";
      }
    }),
  );
  return { apiName, description, parameters, returns, streams, documented };
}

const readParameter =
  (reader: Reader) =>
  (name: string, about: string, isOptional: boolean): ParameterSignature => {
    const type = reader.type();
    const [, own = "", preset] = /^(.*?\)) Default: (.*)$/.exec(about) ?? [undefined, about];
    const [, label = "", component = "", range = ""] = /^(.*?) ?\((\w+)(?:, ([^()]*))?\)$/.exec(own) ?? [];
    const [, between, and] = /^(\S+) to (\S+)$/.exec(range) ?? [];
    const minimum = between ?? /^at least (\S+)$/.exec(range)?.[1];
    const maximum = and ?? /^at most (\S+)$/.exec(range)?.[1];
    return {
      name,
      label,
      component,
      type,
      required: !isOptional,
      ...(isOptional ? { default: preset ?? "null" } : {}),
      ...(minimum === undefined ? {} : { minimum: Number(minimum) }),
      ...(maximum === undefined ? {} : { maximum: Number(maximum) }),
    };
  };

function readReturns(reader: Reader): ReturnSignature[] {
  const returns: ReturnSignature[] = [];
  reader.expect("[");
  while (!reader.takes("]")) {
    const about = reader.comment();
    reader.name();
    reader.expect(":");
    const type = reader.type();
    const [, label = "", component = ""] = /^(.*?) ?\((\w+)\)$/.exec(about) ?? [];
    returns.push({ label, component, type });
    if (!reader.takes(",")) {
      reader.expect("]");
      break;
    }
  }
  return returns;
}

/** Reads member by member; layout does not matter, so that a formatter may have been at it. */
class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** Members up to the closing brace, which is left. */
  members<T>(read: (name: string, about: string, isOptional: boolean) => T): T[] {
    const found: T[] = [];
    for (;;) {
      const about = this.comment();
      if (this.#match(/\}/y, false) !== undefined) return found;
      const name = this.name();
      const isOptional = this.takes("?");
      this.expect(":");
      found.push(read(name, about, isOptional));
      this.takes(";");
    }
  }

  block<T>(read: () => T): T {
    this.expect("{");
    const value = read();
    this.expect("}");
    return value;
  }

  /** The last comment before what comes now. */
  comment(): string {
    let last = "";
    for (let found = this.#match(COMMENT); found !== undefined; found = this.#match(COMMENT))
      last = (found[1] ?? "").replace(/\s*\n\s*\*?\s*/g, " ").trim();
    return last;
  }

  name(): string {
    const found = this.#match(/("(?:[^"\\]|\\.)*")|([\p{ID_Start}$_][\p{ID_Continue}$]*)/uy);
    if (found === undefined) throw this.#error();
    return found[1] === undefined ? found[2]! : (JSON.parse(found[1]) as string);
  }

  /** A type as one line, up to what ends it. */
  type(): string {
    let depth = 0;
    let text = "";
    for (;;) {
      const [token] = this.#match(/"(?:[^"\\]|\\.)*"|[\p{ID_Continue}$]+|./uy) ?? [];
      if (token === undefined) throw this.#error();
      if (depth === 0 && ";,]}".includes(token)) {
        this.#at -= token.length;
        return tidy(text);
      }
      if ("{[(<".includes(token)) depth++;
      else if ("}])>".includes(token)) depth--;
      text += this.#hadSpace ? ` ${token}` : token;
    }
  }

  expect(mark: string): void {
    if (!this.takes(mark)) throw this.#error();
  }

  takes(mark: string): boolean {
    return this.#match(new RegExp(`\\${mark}`, "y")) !== undefined;
  }

  #hadSpace = false;

  #match(pattern: RegExp, isTaken = true): RegExpExecArray | undefined {
    const space = /\s*/y;
    space.lastIndex = this.#at;
    const at = this.#at + (space.exec(this.#text)?.[0].length ?? 0);
    pattern.lastIndex = at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#hadSpace = at > this.#at;
    if (isTaken) this.#at = pattern.lastIndex;
    return found;
  }

  #error(): EnvSyntaxError {
    return new EnvSyntaxError(this.#text.slice(0, this.#at).split("\n").length);
  }
}

const COMMENT = /\/\*\*?([\s\S]*?)\*\//y;

/** As `writeEntry` writes it, whatever a formatter made of it. */
function tidy(type: string): string {
  return type
    .trim()
    .replace(/^\| /, "")
    .replace(/([[(]) /g, "$1")
    .replace(/,? ([\])])/g, "$1");
}
