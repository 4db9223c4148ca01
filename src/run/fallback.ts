import type { ErrorData } from "../base/errors.ts";
import { StepError } from "../graph/step.ts";
import type { ResolvedInputs } from "../plan/resolve.ts";
import type { FallbackUse } from "../protocol/values.ts";
import type { NodeRun } from "./node-run.ts";
import { isCancelled, toldError, toStepError } from "./step-errors.ts";
import { type Performed, performBy, type Work, type WorkContext } from "./work.ts";

/**
 * Tries one variant after the other until one succeeds, each with its own retries, time-out and limits. Whatever
 * a variant fails with hands on to the next; a cancel ends them all.
 */
export async function inOrder(
  context: WorkContext,
  run: NodeRun,
  inputs: ResolvedInputs,
  work: Work,
): Promise<Performed> {
  const failed: FallbackUse["failed"][number][] = [];
  for (const [index, way] of run.ways.entries()) {
    const fallback: FallbackUse = { variant: way.name, index, failed: [...failed] };
    try {
      return { ...(await performBy(context, run, way, inputs, work, fallback)), fallback };
    } catch (thrown) {
      const failure = toStepError(thrown);
      if (run.isCancelled || isCancelled(failure)) throw failure;
      const { code, message } = toldError(failure.data, run.node.definition);
      failed.push({ variant: way.name, error: { code, message } });
      const next = run.ways[index + 1];
      if (next === undefined) throw allFailed(run, failed, failure.data);
      run.updates.drop(work.item);
      const text = `${way.name} failed: ${sentence(message)} Next is ${next.name}.`;
      run.updates.add({ type: "log", level: "warning", text }, work.item);
    }
  }
  throw allFailed(run, failed, { code: "FALLBACK_FAILED", message: "There is no variant." });
}

function sentence(message: string): string {
  const text = message.trim();
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Says of each variant why; what to do next is the last one's. */
function allFailed({ name }: NodeRun, failed: FallbackUse["failed"], last: ErrorData): StepError {
  const reasons = failed.map(({ variant, error }) => `${variant}: ${sentence(error.message)}`);
  const message = `All ${failed.length} variants of '${name}' failed. ${reasons.join(" ")}`;
  const { hint, place } = last;
  return new StepError(
    {
      code: "FALLBACK_FAILED",
      message,
      node: name,
      ...(hint === undefined ? {} : { hint }),
      ...(place === undefined ? {} : { place }),
    },
    false,
  );
}
