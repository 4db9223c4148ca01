import { DaggrError, describe } from "../base/errors.ts";
import type { FileStore } from "../base/files.ts";
import type { Component } from "../graph/component.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { takePath } from "../nodes/values.ts";
import type { Answer } from "../protocol/ask.ts";
import type { RunEvent } from "../protocol/events.ts";
import { ownedFiles } from "../store/owned-files.ts";
import type { Session } from "./headless.ts";
import type { RunOptions } from "./run-types.ts";

type Asked = Extract<RunEvent, { readonly type: "node-waiting" }>;

/** Answers the questions of a headless run with `onAsk`; the first that cannot be answered ends the run. */
export function answerFor(
  { engine, scope, store }: Session,
  definition: GraphDefinition,
  run: string,
  onAsk: NonNullable<RunOptions["onAsk"]>,
): { take(asked: Asked, left: AbortController): void; rethrow(): void } {
  let failure: { readonly error: unknown } | undefined;
  const files = ownedFiles(store, scope);
  const give = async ({ node, item, form, values }: Asked): Promise<void> => {
    const which = item === undefined ? {} : { item };
    const answer = await onAsk({ node, form, values, ...which });
    if (typeof answer !== "object" || answer === null)
      throw new DaggrError(
        "INVALID_ANSWER",
        `onAsk must return an answer for step '${node}', got ${describe(answer)}.`,
        { node },
      );
    await engine.answer(scope, run, {
      node,
      answer: await withFiles(definition, node, answer, files),
      ...which,
    });
  };
  return {
    take(asked, left) {
      give(asked).catch((error: unknown) => {
        if (left.signal.aborted) return;
        failure ??= { error };
        left.abort();
      });
    },
    rethrow() {
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** Paths that the script gives become files of the store. */
async function withFiles(
  definition: GraphDefinition,
  node: string,
  answer: Answer,
  files: Pick<FileStore, "put">,
): Promise<Answer> {
  if (!("values" in answer) || typeof answer.values !== "object") return answer;
  const values: Record<string, unknown> = { ...answer.values };
  for (const [port, value] of Object.entries(values)) {
    const component = definition.nodes.get(node)?.outputs.get(port);
    if (component?.spec.mapFiles !== undefined)
      values[port] = await taken(component, value, node, port, files);
  }
  return { ...answer, values } as Answer;
}

async function taken(
  { spec, props }: Component,
  value: unknown,
  node: string,
  port: string,
  files: Pick<FileStore, "put">,
): Promise<unknown> {
  const take = (file: unknown) =>
    takePath(file, files, `The answer for '${port}' of step '${node}'`, "INVALID_VALUE", { node, port });
  return spec.mapFiles?.(value, take, props);
}
