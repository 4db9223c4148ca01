import type { Exchange } from "../exchange.ts";
import { HubRefusal } from "../exchange.ts";
import { kindOf } from "../repositories.ts";
import type { Commit, Repository } from "../repository.ts";
import { route } from "../routes.ts";

export const infoRoutes = [
  route("GET", "/api/:kind", search),
  route("GET", "/api/spaces/semantic-search", semanticSearch),
  route("GET", "/api/:kind/:id/revision/:revision", info),
  route("GET", "/api/:kind/:id/auth-check", (exchange) => {
    exchange.hub.repositories.contents(
      kindOf(exchange.params["kind"]),
      exchange.params["id"]!,
      exchange.token,
    );
    exchange.json({});
  }),
  route("GET", "/api/:kind/:id", info),
];

function info(exchange: Exchange): void {
  const { kind, id = "", revision = "main" } = exchange.params;
  const repository = exchange.hub.repositories.readable(kindOf(kind), id, exchange.token);
  const commit = repository.at(revision);
  if (commit === undefined) throw new HubRefusal(404, `Invalid rev id: ${revision}`, "RevisionNotFound");
  exchange.json(shown(repository, commit, expanded(exchange), false));
}

function search(exchange: Exchange): void {
  const kind = kindOf(exchange.params["kind"]);
  const { query } = exchange;
  const words = (query.get("search") ?? "").toLowerCase();
  const provider = query.get("inference_provider");
  const found = exchange.hub.repositories
    .visible(kind, exchange.token)
    .filter((one) => one.id.toLowerCase().includes(words))
    .filter((one) => one.id.startsWith(query.has("author") ? `${query.get("author")}/` : ""))
    .filter((one) => !query.has("pipeline_tag") || one.options.pipelineTag === query.get("pipeline_tag"))
    .filter((one) => matchesProvider(one, provider))
    .filter((one) => query.getAll("filter").every((tag) => tags(one).includes(tag)))
    .toSorted((a, b) => number(b, query.get("sort")) - number(a, query.get("sort")));
  const limit = Number(query.get("limit") ?? exchange.hub.pageSize);
  exchange.page(
    found.map((one) => shown(one, one.head, expanded(exchange), true)),
    Math.min(limit, exchange.hub.pageSize),
  );
}

function matchesProvider(repository: Repository, provider: string | null): boolean {
  if (provider === null) return true;
  const own = Object.keys(repository.inferenceProviderMapping ?? {});
  return provider === "all" ? own.length > 0 : provider.split(",").some((one) => own.includes(one));
}

function number(repository: Repository, sort: string | null): number {
  return (sort === "likes" ? repository.options.likes : repository.options.downloads) ?? 0;
}

function semanticSearch(exchange: Exchange): void {
  const words = (exchange.query.get("q") ?? "").toLowerCase().split(/\s+/);
  const found = exchange.hub.repositories.visible("space", exchange.token).filter((one) => {
    const text = `${one.id} ${JSON.stringify(one.cardData() ?? {})}`.toLowerCase();
    return words.some((word) => text.includes(word));
  });
  exchange.json(
    found.map((one) => ({
      id: one.id,
      author: one.id.split("/")[0],
      title: one.cardData()?.["title"] ?? one.id.split("/")[1],
      sdk: one.sdk,
      likes: one.options.likes ?? 0,
      private: one.private,
      tags: tags(one),
      runtime: one.space?.runtime(),
      semanticRelevancyScore: 0.5,
    })),
  );
}

function tags(repository: Repository): string[] {
  const { options, sdk } = repository;
  const own = [...(options.tags ?? [])];
  if (options.pipelineTag !== undefined) own.push(options.pipelineTag);
  if (sdk !== undefined) own.push(sdk);
  return own;
}

function expanded(exchange: Exchange): string[] {
  return [...exchange.query.getAll("expand"), ...exchange.query.getAll("expand[]")];
}

/** All that is told of one, or what `expand` asks for, and nothing else. */
function shown(repository: Repository, commit: Commit, expand: string[], inList: boolean): unknown {
  const all = everything(repository, commit, inList);
  if (expand.length === 0) {
    const { inferenceProviderMapping: _, downloadsAllTime: __, ...usual } = all;
    return usual;
  }
  const unknown = expand.find((name) => !EXPANDABLE.has(name) && !(name in all));
  if (unknown !== undefined) throw new HubRefusal(400, `Invalid expand property: ${unknown}`);
  const asked = new Set(["_id", "id", ...expand]);
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.has(name)));
}

const EXPANDABLE = new Set(
  "author baseModels cardData childrenModelCount citation config createdAt datasets description disabled downloads downloadsAllTime evalResults gated gguf inference inferenceProviderMapping lastModified library_name likes mask_token model-index models paperswithcode_id pipeline_tag private region resourceGroup runtime safetensors sdk sha siblings spaces subdomain tags transformersInfo trendingScore usedStorage widgetData".split(
    " ",
  ),
);

function everything(repository: Repository, commit: Commit, inList: boolean): Record<string, unknown> {
  const { id, options, space } = repository;
  const mapping = repository.inferenceProviderMapping;
  return {
    _id: repository.internalId,
    id,
    author: id.includes("/") ? id.split("/")[0] : undefined,
    sha: commit.oid,
    lastModified: commit.date.toISOString(),
    createdAt: repository.createdAt.toISOString(),
    private: repository.private,
    gated: repository.gated ?? false,
    disabled: false,
    likes: options.likes ?? 0,
    tags: tags(repository),
    cardData: repository.cardData(commit),
    siblings: [...commit.files.keys()].map((rfilename) => ({ rfilename })),
    ...(repository.kind === "model"
      ? {
          modelId: id,
          downloads: options.downloads ?? 0,
          downloadsAllTime: options.downloads ?? 0,
          pipeline_tag: options.pipelineTag,
          library_name: options.libraryName,
          inference: mapping === undefined ? undefined : "warm",
          inferenceProviderMapping: inList
            ? Object.entries(mapping ?? {}).map(([provider, one]) => ({ provider, ...one }))
            : mapping,
        }
      : {}),
    ...(space === undefined
      ? {}
      : {
          sdk: repository.sdk,
          subdomain: subdomain(id),
          ...(space.tellsHost ? { host: hostOf(repository) } : {}),
          runtime: space.runtime(),
          models: repository.cardData(commit)?.["models"],
        }),
    ...options.info,
  };
}

function subdomain(id: string): string {
  return id.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

export function hostOf(repository: Repository): string {
  return repository.space?.host ?? `https://${subdomain(repository.id)}.hf.space`;
}

export { subdomain };
