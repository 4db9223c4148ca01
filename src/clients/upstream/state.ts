import { describeGradio } from "../gradio.ts";
import { findSpace, type HubOptions } from "../hub.ts";
import { findModel } from "../inference/model-info.ts";
import { type EndpointSignature, signaturesOf } from "../signature.ts";

/** What a script depends on of a model that others serve. */
export interface ModelFacts {
  readonly task?: string;
  readonly gated?: boolean;
  readonly license?: string;
  readonly library?: string;
  readonly baseModel?: string;
  /** Under which name each provider serves it, by provider. */
  readonly providers: Readonly<Record<string, { readonly id: string; readonly task: string }>>;
}

/** A Space or a model as it is at one commit, as far as scripts depend on it. */
export interface UpstreamState {
  readonly commit: string;
  /** Of a Space; absent while it does not run. */
  readonly endpoints?: readonly EndpointSignature[];
  /** Of a model. */
  readonly model?: ModelFacts;
}

/**
 * A Space as it is now. What it offers is asked when `known` is another commit, and only of one that runs: nothing is
 * woken for it. Throws as {@link findSpace}.
 */
export async function spaceState(
  id: string,
  options: HubOptions & { readonly known?: UpstreamState | undefined } = {},
): Promise<UpstreamState> {
  const { known, ...hub } = options;
  const { commit, stage } = await findSpace(id, hub);
  if (known?.commit === commit && known.endpoints !== undefined) return known;
  if (!stage.startsWith("RUNNING")) return { commit };
  try {
    const app = await describeGradio(id, { ...hub, connectTimeoutMs: 10_000, wakeTimeoutMs: 1, pollMs: 1 });
    if (app.space?.commit !== commit) return { commit };
    // What it is for is of no concern to a script.
    const endpoints = signaturesOf(app.endpoints).map((endpoint) => ({ ...endpoint, description: "" }));
    return { commit, endpoints };
  } catch {
    // It does not answer, or is no Gradio app: its commit is known all the same.
    return { commit };
  }
}

/** A model as it is now. Throws as {@link findModel}. */
export async function modelState(id: string, options: HubOptions = {}): Promise<UpstreamState> {
  const { commit, task, license, library, baseModel, isGated, providers } = await findModel(id, options);
  const live = providers
    .filter(({ status }) => status === "live")
    .toSorted((a, b) => (a.provider < b.provider ? -1 : 1))
    .map((one) => [one.provider, { id: one.providerId, task: one.task }]);
  return {
    commit,
    model: {
      ...(task === undefined ? {} : { task }),
      ...(library === undefined ? {} : { library }),
      ...(license === undefined ? {} : { license }),
      ...(baseModel === undefined ? {} : { baseModel }),
      gated: isGated,
      providers: Object.fromEntries(live),
    },
  };
}
