import { DaggrError, type ErrorDetails } from "../base/errors.ts";

/** What the server answers when it does not do what was asked; never a stack. */
export interface RefusalBody {
  /** The sentence, as daggr's clients expect it. */
  readonly error: string;
  readonly code: string;
  readonly node?: string;
  readonly port?: string;
  readonly hint?: string;
}

const STATUS: Readonly<Record<string, number>> = {
  TOKEN_REQUIRED: 401,
  TOKEN_REFUSED: 401,
  LOGIN_EXPIRED: 401,
  LOGIN_NEEDED: 401,
  NOT_LOGGED_IN: 409,
  ONLY_ON_THE_MACHINE: 403,
  FOREIGN_HOST: 403,
  FOREIGN_ORIGIN: 403,
  NOT_FOUND: 404,
  PART_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  STEP_NOT_FOUND: 404,
  SHEET_NOT_FOUND: 404,
  RESULT_NOT_FOUND: 404,
  LOGIN_NOT_FOUND: 404,
  FILE_NOT_FOUND: 404,
  ITEM_NOT_FOUND: 404,
  FILE_MISSING: 404,
  METHOD_NOT_ALLOWED: 405,
  RUN_NOT_RESUMABLE: 409,
  RUN_TAKEN_OVER: 409,
  RUN_ELSEWHERE: 409,
  ALREADY_ANSWERED: 409,
  NOT_WAITING: 409,
  QUESTION_CHANGED: 409,
  CLOSED: 409,
  TOO_LARGE: 413,
  TOO_DEEP: 413,
  UNSUPPORTED_TYPE: 415,
  RANGE_NOT_SATISFIABLE: 416,
};

/** A request that is refused: a sentence, a stable code, and often what would have been right. */
export function refuse(code: string, message: string, details: ErrorDetails = {}): DaggrError {
  return new DaggrError(code, message, details);
}

/** The HTTP status of an error: a mistake of whoever asked is 4xx; anything unforeseen, and a broken disk, is 500. */
export function statusOf(thrown: unknown): number {
  if (!(thrown instanceof DaggrError) || thrown.code.startsWith("STORE_")) return 500;
  return STATUS[thrown.code] ?? 400;
}

/** The answer for an error. What is not a DaggrError is our own mistake and tells a stranger nothing. */
export function refusalBody(thrown: unknown): RefusalBody {
  if (!(thrown instanceof DaggrError))
    return { error: "Something went wrong in the server.", code: "INTERNAL" };
  const { code, message, node, port, hint } = thrown.toData();
  return {
    error: message,
    code,
    ...(node === undefined ? {} : { node }),
    ...(port === undefined ? {} : { port }),
    ...(hint === undefined ? {} : { hint }),
  };
}
