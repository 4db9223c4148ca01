import { z } from "zod";
import type { Json } from "../../base/json.ts";
import { clientError } from "../client-errors.ts";
import { describeGradio } from "../gradio.ts";
import { askHub, findSpace, type HubOptions } from "../hub.ts";
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

const text = z.string().nullish().catch(undefined);
const modelSchema = z.looseObject({
  sha: z.string(),
  pipeline_tag: text,
  library_name: text,
  gated: z.union([z.string(), z.boolean()]).nullish(),
  cardData: z.looseObject({}).nullish().catch(undefined),
  inferenceProviderMapping: z
    .record(z.string(), z.looseObject({ status: text, providerId: text, task: text }))
    .nullish()
    .catch(undefined),
});

const FIELDS = ["sha", "pipeline_tag", "library_name", "gated", "cardData", "inferenceProviderMapping"];

/** A model as it is now. Throws `MODEL_NOT_FOUND`, `HUB_OFFLINE` or `HUB_UNREACHABLE`. */
export async function modelState(id: string, options: HubOptions = {}): Promise<UpstreamState> {
  const query = FIELDS.map((name) => `expand[]=${name}`).join("&");
  const { status, json } = await askHub(`/api/models/${id}?${query}`, options);
  const parsed = modelSchema.safeParse(json);
  if (!parsed.success) {
    throw status < 300
      ? clientError("HUB_UNREACHABLE", `The Hub's answer about model '${id}' cannot be read.`)
      : clientError("MODEL_NOT_FOUND", `Model '${id}' not found on the Hugging Face Hub. Check its name.`);
  }
  const { sha, pipeline_tag, library_name, gated, cardData, inferenceProviderMapping } = parsed.data;
  const providers = Object.entries(inferenceProviderMapping ?? {})
    .filter(([, one]) => one.status === "live")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => [name, { id: one.providerId ?? "", task: one.task ?? "" }]);
  return {
    commit: sha,
    model: {
      ...named("task", pipeline_tag),
      ...named("library", library_name),
      ...named("license", cardData?.["license"] as Json | undefined),
      ...named("baseModel", cardData?.["base_model"] as Json | undefined),
      gated: gated !== undefined && gated !== null && gated !== false,
      providers: Object.fromEntries(providers),
    },
  };
}

function named(name: string, value: Json | undefined): Record<string, string> {
  if (value === undefined || value === null) return {};
  return { [name]: typeof value === "string" ? value : JSON.stringify(value) };
}
