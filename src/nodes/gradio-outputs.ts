import { DaggrError, describe } from "../base/errors.ts";
import { type FileStore, isFileRef } from "../base/files.ts";
import type { GradioEndpoint } from "../clients/gradio.ts";
import type { Component } from "../graph/component.ts";
import type { GradioNodeOptions } from "./gradio-options.ts";
import { LentPaths, textsIn } from "./lent-paths.ts";
import { byOutput, detailsOf, type OutputComponents, type Speaker } from "./values.ts";

export type GradioSelf = Speaker & { readonly outputs: OutputComponents };
type Options = Pick<GradioNodeOptions<any, any>, "postprocess">;

/**
 * Whether the only return value is a pair that stands for two outputs: daggr in Python gives both pictures of an
 * `ImageSlider` to the first two outputs, and Spaces that remove backgrounds return one.
 */
function isPair(endpoint: GradioEndpoint, self: GradioSelf, { postprocess }: Options): boolean {
  const [only, ...others] = endpoint.returns;
  const wanted = postprocess === undefined ? Object.keys(self.outputs).length : postprocess.length;
  return only?.component === "ImageSlider" && others.length === 0 && wanted === 2;
}

/** `TOO_MANY_OUTPUTS` when the node names more outputs than the endpoint returns values. */
export function checkOutputs(
  endpoint: GradioEndpoint,
  self: GradioSelf,
  options: Options,
  source: string,
): DaggrError | undefined {
  const names = Object.keys(self.outputs);
  const count = endpoint.returns.length;
  if (options.postprocess !== undefined || names.length <= count || isPair(endpoint, self, options))
    return undefined;
  const returned =
    count === 0
      ? "nothing"
      : `${count} value${count === 1 ? "" : "s"} (${endpoint.returns.map(({ label, component }) => `${label}: ${component}`).join(", ")})`;
  return new DaggrError(
    "TOO_MANY_OUTPUTS",
    `Node '${self.name}' names ${names.length} outputs (${names.join(", ")}), but endpoint '${endpoint.apiName}' of '${source}' returns ${returned}.`,
    { ...detailsOf(self, names[count]), expected: `at most ${count} outputs`, got: `${names.length}` },
  );
}

/** The returned values by output name, after the hook. */
export async function toOutputs(
  endpoint: GradioEndpoint,
  values: readonly unknown[],
  self: GradioSelf,
  options: Options,
  files: FileStore,
  warn: (text: string) => void,
): Promise<Record<string, unknown>> {
  const returned = isPair(endpoint, self, options) && Array.isArray(values[0]) ? values[0] : values;
  const names = Object.keys(self.outputs);
  if (options.postprocess === undefined) {
    const byName = Object.fromEntries(names.map((name, index) => [name, returned[index] ?? null]));
    return checked(self, byName, async (_port, file) => file, warn);
  }
  const lent = new LentPaths(files);
  const remoteTexts = textsIn(returned);
  const result = lent.takeBack(await options.postprocess(...((await lent.lend(returned)) as unknown[])));
  const byName = byOutput(self, self.outputs, result, warn);
  // The hook's own paths become files. A text that came from the app stays one, whatever it looks like.
  const take = async (_port: string, file: unknown): Promise<unknown> =>
    typeof file === "string" && !remoteTexts.has(file) ? files.put({ path: file }) : file;
  return checked(self, byName, take, warn);
}

async function checked(
  self: GradioSelf,
  values: Record<string, unknown>,
  take: (port: string, file: unknown) => Promise<unknown>,
  warn: (text: string) => void,
): Promise<Record<string, unknown>> {
  const entries = Object.entries(values).map(async ([port, value]) => {
    const component = self.outputs[port] ?? null;
    if (component === null || value === null || value === undefined) return [port, value ?? null] as const;
    const taken =
      component.spec.mapFiles === undefined
        ? value
        : await component.spec.mapFiles(value, (file) => take(port, file), component.props);
    const expected = wrong(component, taken);
    if (expected !== undefined)
      warn(`Output '${port}' of node '${self.name}': expected ${expected}, got ${describe(taken)}.`);
    return [port, taken] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What the component would rather have; choices and bounds of an app are its own matter. */
function wrong(component: Component, value: unknown): string | undefined {
  if (
    ["dropdown", "radio", "checkboxgroup"].includes(component.kind) ||
    (isFileRef(value) && component.spec.mapFiles !== undefined)
  )
    return undefined;
  return component.spec.check(value, {});
}
