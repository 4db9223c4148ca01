import { type ErrorData, toErrorData } from "../base/errors.ts";
import { redact } from "../base/redact.ts";
import type { NodeDefinition } from "../graph/definition.ts";
import { StepError } from "../graph/step.ts";

/** Whatever was thrown, as the reason why a step failed. */
export function toStepError(thrown: unknown): StepError {
  return thrown instanceof StepError ? thrown : new StepError(toErrorData(thrown), false, thrown);
}

/** An error as it may be told: with its node and its line, without secrets. */
export function toldError(data: ErrorData, node: NodeDefinition): ErrorData {
  const place =
    data.place ?? (node.place === undefined ? undefined : `${node.place.file}:${node.place.line}`);
  return {
    ...data,
    message: redact(data.message),
    node: data.node ?? node.name,
    ...(data.hint === undefined ? {} : { hint: redact(data.hint) }),
    ...(place === undefined ? {} : { place }),
  };
}

export function cancelled(node: string): StepError {
  return new StepError({ code: "CANCELLED", message: `Node '${node}' was cancelled.`, node }, false);
}

export function timedOut(node: string, timeoutMs: number): StepError {
  const time = timeoutMs < 1000 ? `${timeoutMs} ms` : `${timeoutMs / 1000} s`;
  return new StepError({ code: "TIMEOUT", message: `Node '${node}' took longer than ${time}.`, node }, true);
}

export function isCancelled(thrown: unknown): boolean {
  return thrown instanceof StepError && thrown.data.code === "CANCELLED";
}
