import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { StepContext } from "../graph/step.ts";
import type { FnNodeOptions, RunContext } from "./fn-options.ts";
import { byOutput, type OutputComponents, type Speaker, takeIn, toPaths } from "./values.ts";

export type AnyFunction = (inputs: Record<string, unknown>, context: RunContext) => unknown;

/** The node, as its function's execution needs it. */
export type FnSelf = Speaker & { readonly outputs: OutputComponents };

/** Calls the function with paths for files, shows what it yields, and takes what it returns into the store. */
export async function invokeFunction(
  fn: AnyFunction,
  options: FnNodeOptions<any, any, any>,
  self: FnSelf,
  inputs: Readonly<Record<string, unknown>>,
  context: StepContext,
): Promise<Record<string, unknown>> {
  const { files, signal, request } = context;
  const warn = (text: string): void => context.update({ type: "log", level: "warning", text });
  let folder: string | undefined;
  const runContext: RunContext = {
    signal,
    attempt: request.attempt,
    item: request.item,
    workId: request.workId,
    progress: (value, text) =>
      context.update({ type: "progress", value, ...(text === undefined ? {} : { text }) }),
    log: (text, level = "info") => context.update({ type: "log", level, text: String(text) }),
    file(name) {
      folder ??= mkdtempSync(join(tmpdir(), "daggr-step-"));
      const own = basename(name);
      return join(folder, own === "" || own === "." || own === ".." ? "file" : own);
    },
  };
  try {
    let given = await toPaths(inputs, files);
    if (options.preprocess !== undefined) given = await options.preprocess(given);
    let returned = await fn(given, runContext);
    if (isGenerator(returned)) returned = await consume(returned, self, options, context);
    if (options.postprocess !== undefined) returned = await options.postprocess(returned);
    return await takeIn(self, self.outputs, byOutput(self, self.outputs, returned, warn), files, warn);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

type AnyGenerator = AsyncGenerator<unknown, unknown> | Generator<unknown, unknown>;

function isGenerator(value: unknown): value is AnyGenerator {
  return (
    typeof value === "object" &&
    value !== null &&
    "next" in value &&
    typeof value.next === "function" &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

/** Shows every yield at once; the `return` value is the result, else the last yield (several outputs: the yields together). */
async function consume(
  generator: AnyGenerator,
  self: FnSelf,
  options: FnNodeOptions<any, any, any>,
  context: StepContext,
): Promise<unknown> {
  const several = Object.keys(self.outputs).length > 1;
  let last: unknown;
  try {
    for (;;) {
      const step = await generator.next();
      context.signal.throwIfAborted();
      if (step.done === true) return step.value === undefined ? last : step.value;
      last =
        several && isPlainObject(step.value)
          ? { ...(last as object | undefined), ...step.value }
          : step.value;
      const shown = options.postprocess === undefined ? last : await options.postprocess(last);
      const outputs = await takeIn(
        self,
        self.outputs,
        byOutput(self, self.outputs, shown, () => {}, true),
        context.files,
        () => {},
      );
      context.update({ type: "partial", outputs });
    }
  } finally {
    await generator.return(undefined);
  }
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
