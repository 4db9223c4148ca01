import { DaggrError, describe } from "../base/errors.ts";
import type { FileStore } from "../base/files.ts";
import { type InferenceTask, specOf } from "../clients/inference/tasks.ts";
import type { Component } from "../graph/component.ts";
import type { AnyInferenceOptions } from "./inference-options.ts";
import { LentPaths, textsIn } from "./lent-paths.ts";
import { byOutput, detailsOf, type OutputComponents, type Speaker, takeIn } from "./values.ts";

export type InferenceSelf = Speaker & { readonly outputs: OutputComponents };
type Results = Readonly<Record<string, unknown>>;

/**
 * Which result each output takes: the one of its name; another name takes the first, not yet named, that its component
 * can show, `null` and Hidden the main one.
 */
function takers(self: InferenceSelf, task: InferenceTask, results: Results): Record<string, string> {
  const names = specOf(task).results;
  const taken: Record<string, string> = {};
  for (const output of Object.keys(self.outputs)) if (names.includes(output)) taken[output] = output;
  for (const [output, component] of Object.entries(self.outputs)) {
    if (taken[output] !== undefined) continue;
    const free = names.filter((name) => !Object.values(taken).includes(name));
    const chosen = free.find((name) => shows(component, results[name])) ?? free[0];
    if (chosen === undefined) throw tooMany(self, task, output);
    taken[output] = chosen;
  }
  return taken;
}

function shows(component: Component | null, value: unknown): boolean {
  if (component === null) return true;
  return value !== undefined && value !== null && component.spec.check(value, {}) === undefined;
}

function tooMany(self: InferenceSelf, task: InferenceTask, output: string): DaggrError {
  const names = specOf(task).results;
  return new DaggrError(
    "TOO_MANY_OUTPUTS",
    `Node '${self.name}' has an output '${output}', but task '${task}' gives only ${names.join(", ")}.`,
    { ...detailsOf(self, output), expected: names.join(", "), got: output },
  );
}

/** `TOO_MANY_OUTPUTS` when there are more outputs than the task has results. */
export function checkOutputs(
  self: InferenceSelf,
  task: InferenceTask,
  options: AnyInferenceOptions,
): DaggrError | undefined {
  if (options.postprocess !== undefined) return undefined;
  const outputs = Object.keys(self.outputs);
  const names = specOf(task).results;
  const others = outputs.filter((output) => !names.includes(output));
  const free = names.filter((name) => !outputs.includes(name));
  const surplus = others[free.length];
  return surplus === undefined ? undefined : tooMany(self, task, surplus);
}

/** The results by output name, after the hook. */
export async function toOutputs(
  results: Results,
  task: InferenceTask,
  self: InferenceSelf,
  options: AnyInferenceOptions,
  files: FileStore,
  warn: (text: string) => void,
): Promise<Record<string, unknown>> {
  if (options.postprocess === undefined) {
    const taken = takers(self, task, results);
    const entries = Object.entries(self.outputs).map(
      ([output, component]) => [output, shown(results[taken[output]!], component)] as const,
    );
    const outputs = Object.fromEntries(entries);
    for (const [output, value] of entries) tellWrong(self, output, value, warn);
    return outputs;
  }
  const [main] = specOf(task).results;
  const lent = new LentPaths(files);
  const remoteTexts = textsIn(results);
  const all = (await lent.lend(results)) as Record<string, unknown>;
  const result = lent.takeBack(await options.postprocess(all[main!] as never, all as never));
  const byName = byOutput(self, self.outputs, result, warn);
  return takeIn(self, self.outputs, byName, hookFiles(files, remoteTexts), warn);
}

/** The hook's own paths become files. A text that came from the model stays one, whatever it looks like. */
function hookFiles(files: FileStore, remoteTexts: ReadonlySet<string>): FileStore {
  return {
    put: (source, name) => {
      if (!("path" in source) || !remoteTexts.has(source.path)) return files.put(source, name);
      throw new DaggrError("FILE_MISSING", `A model's text is no path: ${describe(source.path)}.`);
    },
    path: (ref) => files.path(ref),
    find: (id) => files.find(id),
  };
}

/** A conversation is shown without calls of tools, which no Chatbot knows. */
function shown(value: unknown, component: Component | null): unknown {
  if (component?.kind !== "chatbot" || !Array.isArray(value)) return value ?? null;
  return value
    .filter((message) => message?.role !== "tool")
    .map(({ tool_calls: _calls, ...message }) => message);
}

function tellWrong(self: InferenceSelf, output: string, value: unknown, warn: (text: string) => void): void {
  const component = self.outputs[output] ?? null;
  if (component === null || value === null) return;
  if (["dropdown", "radio", "checkboxgroup"].includes(component.kind)) return;
  const expected = component.spec.check(value, {});
  if (expected !== undefined)
    warn(`Output '${output}' of node '${self.name}': expected ${expected}, got ${describe(value)}.`);
}
