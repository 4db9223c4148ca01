import type { MaybePromise } from "../base/types.ts";
import type { StepContext } from "../graph/step.ts";
import { LentPaths, textsIn } from "./lent-paths.ts";

/** The inputs after the hook, and which of them may be paths: what the user's script gave or made, never a text from elsewhere. */
export async function preparedInputs(
  inputs: Readonly<Record<string, unknown>>,
  hook: ((inputs: any) => MaybePromise<any>) | undefined,
  { files, request }: StepContext,
): Promise<{ args: Record<string, unknown>; trusted: ReadonlySet<string> }> {
  const trusted = new Set(request.trusted);
  if (hook === undefined) return { args: { ...inputs }, trusted };
  const foreign = textsIn(
    Object.entries(inputs).flatMap(([name, value]) => (trusted.has(name) ? [] : [value])),
  );
  const lent = new LentPaths(files);
  const args = lent.takeBack(await hook(await lent.lend({ ...inputs }))) as Record<string, unknown>;
  const own = Object.keys(args).filter((name) => ![...textsIn(args[name])].some((text) => foreign.has(text)));
  return { args, trusted: new Set(own) };
}
