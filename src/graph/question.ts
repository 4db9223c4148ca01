import type { Answer, AskForm } from "../protocol/ask.ts";
import type { Component } from "./component.ts";

/** What a step that a person does asks, and what an answer means. Each kind answers for itself. */
export interface Question {
  readonly form: AskForm;
  /** By input, how it is shown. */
  readonly shown: ReadonlyMap<string, Component>;
  /** Throws a DaggrError when there is nothing to ask about: the step then fails. */
  check?(asked: Readonly<Record<string, unknown>>): void;
  /**
   * The outputs that an answer stands for; `asked` is what it is about, by input. Values are checked against their
   * components before. A rejection never comes here.
   *
   * @throws DaggrError `INVALID_ANSWER`, `MISSING_VALUE`
   */
  resolve(answer: Answer, asked: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

export const isRejection = (answer: Answer): answer is Extract<Answer, { readonly action: "reject" }> =>
  "action" in answer && answer.action === "reject";
