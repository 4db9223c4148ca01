import type { Question } from "../graph/question.ts";
import { isRejection } from "../graph/question.ts";
import { StepError, type StepResult } from "../graph/step.ts";
import type { Answer } from "../protocol/ask.ts";
import type { NodeRun } from "./node-run.ts";
import type { RunNotice } from "./notice.ts";
import type { Work } from "./work.ts";

/** An answer that came while the run was at rest: it is taken when the step asks the same again. */
export interface GivenAnswer {
  readonly node: string;
  /** `undefined`: the whole step, or every item of it that is open. */
  readonly item: number | undefined;
  /** The fingerprint of what it is about. */
  readonly asked: string | undefined;
  readonly answer: Answer;
  /** It does not fit the question, which stays open. */
  refuse(error: unknown): void;
}

/** What a run that goes on knows of the steps that have asked before. */
export interface Continuation {
  readonly answers: readonly GivenAnswer[];
  /** By node, when it began to wait. */
  readonly waitingSince: ReadonlyMap<string, number>;
}

export interface AskContext {
  readonly continuation: Continuation | undefined;
  readonly now: () => number;
  notice(notice: RunNotice): void;
  /** Called when a question was put, and when one was answered. */
  asksChanged(run: NodeRun): void;
}

/** Puts a question and waits for its answer; takes nobody's place meanwhile. */
export function ask(context: AskContext, run: NodeRun, question: Question, work: Work): Promise<StepResult> {
  const { item, inputs: values } = work;
  question.check?.(values);
  const now = context.now();
  work.startedAt = context.continuation?.waitingSince.get(run.name) ?? now;
  work.startedElapsed = performance.now() - (now - work.startedAt);
  if (!run.startedTold || work.startedAt < run.startedAt) {
    run.startedTold = true;
    run.startedAt = work.startedAt;
    run.startedElapsed = work.startedElapsed;
  }
  const given = context.continuation?.answers.find(
    (each) =>
      each.node === run.name && each.asked === run.base && (each.item === undefined || each.item === item),
  );
  if (given !== undefined) {
    try {
      return Promise.resolve({ outputs: resolved(run, question, given.answer, values) });
    } catch (thrown) {
      if (thrown instanceof StepError) throw thrown;
      given.refuse(thrown);
    }
  }
  const event = {
    type: "node-waiting",
    node: run.name,
    ...(item === undefined ? {} : { item }),
    reason: run.decision.reason,
    form: question.form,
    values,
  } as const;
  context.notice(run.base === undefined ? { event } : { event, asked: run.base });
  const { promise, resolve, reject } = Promise.withResolvers<StepResult>();
  run.asks.set(item, (answer) => {
    try {
      resolve({ outputs: resolved(run, question, answer, values) });
    } catch (thrown) {
      if (!(thrown instanceof StepError)) throw thrown;
      reject(thrown);
    }
    run.asks.delete(item);
    context.asksChanged(run);
  });
  context.asksChanged(run);
  return run.orCancelled(promise);
}

function resolved(
  run: NodeRun,
  question: Question,
  answer: Answer,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!isRejection(answer)) return question.resolve(answer, values);
  const why = typeof answer.values === "string" ? answer.values.trim() : "";
  const message = why === "" ? "It was rejected." : `It was rejected: ${why}`;
  throw new StepError({ code: "REJECTED", message, node: run.name }, false);
}
