import { DaggrError } from "../base/errors.ts";
import {
  checkArguments,
  defaultEndpoint,
  describeGradio,
  findEndpoint,
  type GradioDescription,
  type GradioEndpoint,
  type GradioUpdate,
  isRetryable,
  spaceCommit,
} from "../clients/gradio.ts";
import { type StepContext, StepError } from "../graph/step.ts";
import type { GradioNodeOptions } from "./gradio-options.ts";
import { checkOutputs, type GradioSelf, toOutputs } from "./gradio-outputs.ts";
import { connectOptions, knownHere, type Reached, reach, type Target } from "./gradio-target.ts";
import { preparedInputs } from "./hooked-inputs.ts";
import { Partials } from "./partials.ts";
import { detailsOf } from "./values.ts";

type Options = GradioNodeOptions<any, any>;

/** The commit of a Space, or the hash of the code that runs on this machine, for the identity. */
export async function commitOf({ source, options, local }: Target): Promise<string | null> {
  if (local === undefined) return spaceCommit(source, connectOptions(options));
  try {
    return await local.app.identity();
  } catch (error) {
    if (local.fallsBack) return spaceCommit(source, connectOptions(options));
    throw error;
  }
}

function endpointOf(
  app: { readonly endpoints: readonly GradioEndpoint[] },
  options: Options,
  source: string,
): GradioEndpoint {
  return options.apiName === undefined
    ? defaultEndpoint(app.endpoints, source)
    : findEndpoint(app.endpoints, options.apiName, source);
}

/** The Hub runs a Space at its latest commit only. Throws `SPACE_REVISION`. */
function checkRevision(space: GradioDescription["space"], { revision }: Options): void {
  if (revision === undefined || space === null || space.commit.startsWith(revision)) return;
  throw new DaggrError(
    "SPACE_REVISION",
    `Space '${space.id}' is at ${space.commit.slice(0, 7)}, and the script asks for revision ${revision.slice(0, 7)}. The Hub runs only the latest: run it on this machine (runLocally: true), make a copy of that revision (daggr pin ${space.id} --revision ${revision} --duplicate), or take the revision out of the script.`,
  );
}

/** What is certainly wrong, or why it cannot be told now. */
export async function check(
  target: Target,
  self: GradioSelf,
  connected: readonly string[],
): Promise<readonly DaggrError[]> {
  const { source, options, local } = target;
  if (options.validate === false) return [];
  try {
    const app = local === undefined ? await described(target) : await knownHere(local.app, options);
    // Nothing is installed or started only to look at it: what it does not have is said when it runs.
    if (app === undefined) return [];
    if (local === undefined) checkRevision(app.space, options);
    const endpoint = endpointOf(app, options, source);
    const problems = options.preprocess === undefined ? checkArguments(endpoint, connected, source) : [];
    const outputs = checkOutputs(endpoint, self, options, source);
    return [
      ...problems.map((problem) => located(problem, self)),
      ...(outputs === undefined ? [] : [outputs]),
    ];
  } catch (error) {
    if (error instanceof DaggrError) return [located(error, self)];
    throw error;
  }
}

/** A Space that sleeps is knocked at, not waited for: it has until its turn to wake up. */
function described({ source, options }: Target): ReturnType<typeof describeGradio> {
  const patience = { connectTimeoutMs: 10_000, wakeTimeoutMs: 1, pollMs: 1 };
  return describeGradio(source, { ...connectOptions(options), ...patience });
}

/** The same error, naming the node and its line in the script. */
function located(error: DaggrError, self: GradioSelf): DaggrError {
  return new DaggrError(error.code, `Node '${self.name}': ${error.sentence}`, {
    ...error.details,
    ...detailsOf(self, error.port),
  });
}

/** Calls the endpoint. */
export async function invoke(
  target: Target,
  self: GradioSelf,
  inputs: Readonly<Record<string, unknown>>,
  context: StepContext,
): Promise<Record<string, unknown>> {
  const { source, options } = target;
  const { caller, files, signal } = context;
  let reached: Reached | undefined;
  try {
    reached = await reach(target, caller, signal, (update) => tell(update, source, context));
    const { app } = reached;
    checkRevision(app.space, options);
    const endpoint = endpointOf(app, options, source);
    const tooMany = checkOutputs(endpoint, self, options, source);
    if (tooMany !== undefined) throw tooMany;
    const { args, trusted } = await preparedInputs(inputs, options.preprocess, context);
    const warn = (text: string): void => context.update({ type: "log", level: "warning", text });
    const partials = new Partials(async (values: readonly unknown[]) => {
      const outputs = await toOutputs(endpoint, values, self, options, files, () => {});
      context.update({ type: "partial", outputs });
    });
    const returned = await app.call(endpoint.apiName, args, {
      files,
      signal,
      trustedPaths: trusted,
      ipToken: caller.ipToken,
      onUpdate: (update) =>
        update.type === "partial" ? partials.show(update.outputs) : tell(update, source, context),
    });
    // It may have got a new commit while it was called.
    checkRevision(app.space, options);
    await partials.end();
    return await toOutputs(endpoint, returned, self, options, files, warn);
  } catch (error) {
    if (!(error instanceof DaggrError)) throw error;
    const canMend =
      isRetryable(error) && (error.code !== "GRADIO_APP_ERROR" || options.retries !== undefined);
    throw new StepError({ ...error.toData(), node: self.name }, canMend, error);
  } finally {
    await reached?.release();
  }
}

function tell(update: GradioUpdate, source: string, context: StepContext): void {
  if (update.type === "queue") {
    const eta = update.etaMs === undefined ? {} : { etaMs: update.etaMs };
    // People, and Gradio's own page, count from 1.
    context.update({
      type: "queue",
      position: update.position + 1,
      ...eta,
      waitsFor: `the queue of ${source}`,
    });
  } else if (update.type === "started") {
    context.update({ type: "progress", value: null });
  } else if (update.type !== "partial") context.update(update);
}
