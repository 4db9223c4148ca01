import type { Place } from "./place.ts";

/** What a {@link DaggrError} may say besides its sentence. */
export interface ErrorDetails {
  /** The node it is about. */
  readonly node?: string;
  /** The port of that node. */
  readonly port?: string;
  /** Where in the user's script the node was made. */
  readonly place?: Place;
  /** What was expected. */
  readonly expected?: string;
  /** What came instead. */
  readonly got?: string;
  /** What to do about it, most often the nearest valid name. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The plain-data form of an error, as events, the API and the store carry it. Never holds a stack. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly node?: string;
  readonly port?: string;
  /** `file:line` in the user's script. */
  readonly place?: string;
  readonly hint?: string;
}

/**
 * Every error that daggr throws on purpose.
 *
 * `code` is stable and listed in `docs/errors.md`; the message is for people.
 *
 * @example
 * ```ts
 * import { DaggrError } from "daggr";
 * try {
 *   throw new DaggrError("CYCLE", "a needs b, and b needs a.");
 * } catch (error) {
 *   if (error instanceof DaggrError) console.log(error.code);
 * }
 * ```
 */
export class DaggrError extends Error {
  override readonly name: string = "DaggrError";
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    const place = details.place === undefined ? "" : `\n    at ${details.place.file}:${details.place.line}`;
    super(message + place, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
    this.sentence = message;
  }

  /** The message without the place. */
  readonly sentence: string;

  get node(): string | undefined {
    return this.details.node;
  }

  get port(): string | undefined {
    return this.details.port;
  }

  get hint(): string | undefined {
    return this.details.hint;
  }

  /** Plain data for events, answers and the store. */
  toData(): ErrorData {
    const { node, port, hint, place } = this.details;
    return {
      code: this.code,
      message: this.sentence,
      ...(node === undefined ? {} : { node }),
      ...(port === undefined ? {} : { port }),
      ...(hint === undefined ? {} : { hint }),
      ...(place === undefined ? {} : { place: `${place.file}:${place.line}` }),
    };
  }
}

/** Turns whatever was thrown into plain data; user errors keep their message and get `code`. */
export function toErrorData(thrown: unknown, code = "NODE_FAILED"): ErrorData {
  if (thrown instanceof DaggrError) return thrown.toData();
  if (thrown instanceof Error) return { code, message: thrown.message || thrown.name };
  return { code, message: typeof thrown === "string" ? thrown : `thrown: ${describe(thrown)}` };
}

/** A short description of a value for "got …" in a message: its type and, where short, itself. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  if (typeof value === "string")
    return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value)}`;
  if (typeof value === "number" || typeof value === "boolean") return `the ${typeof value} ${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") {
    const keys = Object.keys(value);
    return `an object with ${keys.length === 0 ? "no entries" : keys.slice(0, 6).join(", ")}`;
  }
  return `a ${typeof value}`;
}
