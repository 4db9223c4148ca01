import { DaggrError } from "../base/errors.ts";
import {
  checkArguments,
  defaultEndpoint,
  describeGradio,
  findEndpoint,
  type GradioEndpoint,
  type GradioUpdate,
  isRetryable,
  spaceCommit,
} from "../clients/gradio.ts";
import { type Caller, type StepContext, StepError } from "../graph/step.ts";
import { sharedApp } from "./gradio-apps.ts";
import { LentPaths, textsIn } from "./gradio-files.ts";
import type { GradioNodeOptions } from "./gradio-options.ts";
import { checkOutputs, type GradioSelf, toOutputs } from "./gradio-outputs.ts";
import { detailsOf } from "./values.ts";

type Options = GradioNodeOptions<any, any>;

/** The commit of a Space, for the identity. */
export function commitOf(id: string, options: Options): ReturnType<typeof spaceCommit> {
  return spaceCommit(id, connectOptions(options));
}

/** A token that the script names comes before the caller's. */
function connectOptions(options: Options, caller: Caller = {}): Pick<Options, "token" | "auth" | "headers"> {
  const token = options.token ?? caller.token;
  return { token, auth: options.auth, headers: options.headers } as Pick<
    Options,
    "token" | "auth" | "headers"
  >;
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

/** What is certainly wrong, or why it cannot be told now. */
export async function check(
  source: string,
  options: Options,
  self: GradioSelf,
  connected: readonly string[],
): Promise<readonly DaggrError[]> {
  if (options.validate === false) return [];
  try {
    // A Space that sleeps is knocked at, not waited for: it has until its turn to wake up.
    const app = await describeGradio(source, {
      ...connectOptions(options),
      connectTimeoutMs: 10_000,
      wakeTimeoutMs: 1,
      pollMs: 1,
    });
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

/** The same error, naming the node and its line in the script. */
function located(error: DaggrError, self: GradioSelf): DaggrError {
  return new DaggrError(error.code, `Node '${self.name}': ${error.sentence}`, {
    ...error.details,
    ...detailsOf(self, error.port),
  });
}

/** Calls the endpoint. */
export async function invoke(
  source: string,
  options: Options,
  self: GradioSelf,
  inputs: Readonly<Record<string, unknown>>,
  context: StepContext,
): Promise<Record<string, unknown>> {
  const { caller, files, signal } = context;
  try {
    const app = await sharedApp(source, connectOptions(options, caller), signal, (update) =>
      tell(update, source, context),
    );
    const endpoint = endpointOf(app, options, source);
    const tooMany = checkOutputs(endpoint, self, options, source);
    if (tooMany !== undefined) throw tooMany;
    const { args, trustedPaths } = await argumentsFrom(inputs, options, context);
    const warn = (text: string): void => context.update({ type: "log", level: "warning", text });
    const partials = new Partials(async (values) => {
      const outputs = await toOutputs(endpoint, values, self, options, files, () => {});
      context.update({ type: "partial", outputs });
    });
    const returned = await app.call(endpoint.apiName, args, {
      files,
      signal,
      trustedPaths,
      onUpdate: (update) =>
        update.type === "partial" ? partials.show(update.outputs) : tell(update, source, context),
    });
    await partials.end();
    return await toOutputs(endpoint, returned, self, options, files, warn);
  } catch (error) {
    if (!(error instanceof DaggrError)) throw error;
    const canMend =
      isRetryable(error) && (error.code !== "GRADIO_APP_ERROR" || options.retries !== undefined);
    throw new StepError({ ...error.toData(), node: self.name }, canMend, error);
  }
}

/** The inputs after the hook, and which of them may be paths: what the user's script gave or made, never a text from elsewhere. */
async function argumentsFrom(
  inputs: Readonly<Record<string, unknown>>,
  options: Options,
  { files, request }: StepContext,
): Promise<{ args: Record<string, unknown>; trustedPaths: ReadonlySet<string> }> {
  const trusted = new Set(request.trusted);
  if (options.preprocess === undefined) return { args: { ...inputs }, trustedPaths: trusted };
  const foreign = textsIn(
    Object.entries(inputs).flatMap(([name, value]) => (trusted.has(name) ? [] : [value])),
  );
  const lent = new LentPaths(files);
  const args = lent.takeBack(await options.preprocess(await lent.lend({ ...inputs }))) as Record<
    string,
    unknown
  >;
  const own = Object.keys(args).filter((name) => ![...textsIn(args[name])].some((text) => foreign.has(text)));
  return { args, trustedPaths: new Set(own) };
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

/** Partial results one after the other, the newest first; what a hook cannot work with yet is not shown. */
class Partials {
  readonly #show: (values: readonly unknown[]) => Promise<void>;
  #latest: readonly unknown[] | undefined;
  #running: Promise<void> | undefined;

  constructor(show: (values: readonly unknown[]) => Promise<void>) {
    this.#show = show;
  }

  show(values: readonly unknown[]): void {
    this.#latest = values;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async end(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let values = this.#latest; values !== undefined; values = this.#latest) {
      this.#latest = undefined;
      await this.#show(values).catch(() => {});
    }
  }
}
