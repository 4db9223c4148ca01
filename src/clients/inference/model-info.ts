import { join } from "node:path";
import { z } from "zod";
import { hashText } from "../../base/json.ts";
import { clientError, tokenRefused } from "../client-errors.ts";
import { EndpointCache } from "../endpoint-cache.ts";
import { askHub, type HubOptions } from "../hub.ts";
import { notFound } from "../hub-search.ts";
import { hubDataFolder, hubEndpoint, hubToken } from "../tokens.ts";

/** One provider that serves a model. */
export interface ProviderOfModel {
  readonly provider: string;
  /** What the provider calls the model. */
  readonly providerId: string;
  readonly status: string;
  readonly task: string;
}

/** What the Hub says of a model. */
export interface ModelInfo {
  readonly id: string;
  readonly commit: string;
  /** `pipeline_tag`. */
  readonly task?: string;
  readonly isPrivate: boolean;
  /** Its conditions have to be accepted on its page. */
  readonly isGated: boolean;
  /** From its card. */
  readonly license?: string;
  readonly library?: string;
  readonly baseModel?: string;
  /** In the order of the account's own settings. */
  readonly providers: readonly ProviderOfModel[];
}

const entry = z.looseObject({
  provider: z.string().optional(),
  providerId: z.string().optional(),
  status: z.string().optional(),
  task: z.string().optional(),
});
const schema = z.looseObject({
  id: z.string().optional(),
  sha: z.string().nullish(),
  pipeline_tag: z.string().nullish(),
  private: z.boolean().nullish(),
  gated: z.union([z.boolean(), z.string()]).nullish(),
  library_name: z.string().nullish(),
  cardData: z.looseObject({}).nullish().catch(null),
  inferenceProviderMapping: z.union([z.array(entry), z.record(z.string(), entry)]).nullish(),
});

const FIELDS = [
  "sha",
  "pipeline_tag",
  "private",
  "gated",
  "library_name",
  "cardData",
  "inferenceProviderMapping",
];
const LASTS_MS = 60_000;

/** Scattered items ask about the same model at once. By model and token: the order of providers is the account's. */
const known = new Map<string, { readonly info: Promise<ModelInfo>; readonly at: number }>();

/** Throws `MODEL_NOT_FOUND`, `TOKEN_REFUSED`, `HUB_OFFLINE`, `HUB_UNREACHABLE`. */
export async function findModel(id: string, options: HubOptions = {}): Promise<ModelInfo> {
  const token = await hubToken(options.token, options.env);
  const key = hashText(JSON.stringify([hubEndpoint(options.env), id, token ?? null]));
  const before = known.get(key);
  if (before !== undefined && performance.now() < before.at + LASTS_MS) return before.info;
  // One that stops waiting must not take the answer from the others.
  const info = ask(id, { ...options, token: token ?? false, signal: undefined });
  known.set(key, { info, at: performance.now() });
  info.catch(() => known.delete(key));
  return info;
}

async function ask(id: string, options: HubOptions): Promise<ModelInfo> {
  const query = FIELDS.map((field) => `expand[]=${field}`).join("&");
  const { status, json, hasToken } = await askHub(`/api/models/${id}?${query}`, options);
  if (status === 401 && hasToken) throw tokenRefused();
  if (status === 401 || status === 403 || status === 404)
    throw await notFound("models", id, hasToken, options);
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw clientError(
      "HUB_UNREACHABLE",
      `The Hub's answer about model '${id}' cannot be read (HTTP ${status}).`,
    );
  const { data } = parsed;
  const info: ModelInfo = {
    id: data.id ?? id,
    commit: data.sha ?? "",
    ...(data.pipeline_tag ? { task: data.pipeline_tag } : {}),
    ...cardText("library", data.library_name),
    ...cardText("license", data.cardData?.["license"]),
    ...cardText("baseModel", data.cardData?.["base_model"]),
    isPrivate: data.private ?? false,
    isGated: data.gated !== undefined && data.gated !== null && data.gated !== false,
    providers: providersOf(data.inferenceProviderMapping),
  };
  await cacheOf(options).write(info.id, { commit: info.commit });
  if (info.id !== id) await cacheOf(options).write(id, { commit: info.commit });
  return info;
}

/** A card may hold anything: a text is kept as it is, a list as JSON. */
function cardText(name: "library" | "license" | "baseModel", value: unknown): Partial<ModelInfo> {
  if (value === undefined || value === null || value === "") return {};
  return { [name]: typeof value === "string" ? value : JSON.stringify(value) };
}

function providersOf(mapping: z.infer<typeof schema>["inferenceProviderMapping"]): ProviderOfModel[] {
  if (mapping === null || mapping === undefined) return [];
  const entries = Array.isArray(mapping)
    ? mapping
    : Object.entries(mapping).map(([provider, rest]) => ({ ...rest, provider }));
  return entries.flatMap(({ provider, providerId, status, task }) =>
    provider === undefined || providerId === undefined || task === undefined
      ? []
      : [{ provider, providerId, status: status ?? "live", task }],
  );
}

function cacheOf(options: HubOptions): EndpointCache<{ readonly commit: string }> {
  return new EndpointCache(join(hubDataFolder(options.env), "models"));
}

/** The commit a model is at, as the Hub says, else as it was when we last knew. */
export async function modelCommit(id: string, options: HubOptions = {}): Promise<string | null> {
  try {
    return (await findModel(id, options)).commit;
  } catch {
    return (await cacheOf(options).read(id))?.commit ?? null;
  }
}
