import { mayWrite } from "../accounts.ts";
import type { Exchange } from "../exchange.ts";
import { HubRefusal } from "../exchange.ts";
import { kindOf } from "../repositories.ts";
import type { RepositoryKind } from "../repository.ts";
import { route } from "../routes.ts";
import { remember, type Setting } from "./spaces.ts";

interface NewRepository {
  readonly name: string;
  readonly organization?: string | null;
  readonly type?: RepositoryKind;
  readonly sdk?: string;
  readonly private?: boolean;
  readonly visibility?: string;
  readonly hardware?: string;
  readonly sleepTimeSeconds?: number;
  readonly secrets?: readonly Setting[];
  readonly variables?: readonly Setting[];
  readonly volumes?: readonly unknown[];
  readonly files?: readonly { path: string; content: string; encoding: BufferEncoding }[];
}

const SDKS = ["gradio", "docker", "static", "streamlit"];

export const creatingRoutes = [
  route("POST", "/api/repos/create", create),
  route("DELETE", "/api/repos/delete", (exchange) => {
    const { name, organization, type = "model" } = exchange.data as NewRepository;
    const id = `${organization ?? exchange.signedIn().account.name}/${name}`;
    exchange.hub.repositories.writable(type, id, exchange.token);
    exchange.hub.repositories.remove(type, id);
    exchange.json({});
  }),
  route("POST", "/api/repos/move", (exchange) => {
    const { fromRepo, toRepo, type = "model" } = exchange.data;
    exchange.hub.repositories.writable(type, fromRepo, exchange.token);
    exchange.hub.repositories.move(type, fromRepo, toRepo);
    exchange.json({});
  }),
  route("PUT", "/api/:kind/:id/settings", (exchange) => {
    const { kind, id = "" } = exchange.params;
    const repository = exchange.hub.repositories.writable(kindOf(kind), id, exchange.token);
    const { private: isPrivate, visibility, gated } = exchange.data;
    if (isPrivate !== undefined || visibility !== undefined) {
      repository.private = isPrivate ?? visibility === "private";
    }
    if (gated !== undefined) repository.gated = gated === false ? undefined : gated;
    exchange.json({ private: repository.private, gated: repository.gated ?? false });
  }),
  route("POST", "/api/:kind/:id/duplicate", duplicate),
];

/** The new one's id, when this token may make it. */
function allowed(exchange: Exchange, kind: RepositoryKind, id: string): void {
  const token = exchange.signedIn();
  const [namespace, name = ""] = id.split("/");
  if (!/^[\w.-]{1,96}$/.test(name) || /^[-.]|[-.]$|--|\.\.|\.git$/.test(name)) {
    throw new HubRefusal(400, `Invalid repo name: ${name}`);
  }
  if (!mayWrite(token, id)) {
    throw new HubRefusal(
      403,
      `You don't have the rights to create a ${kind} under the namespace "${namespace}"`,
    );
  }
}

function create(exchange: Exchange): void {
  const wanted = exchange.data as NewRepository;
  const kind = wanted.type ?? "model";
  const id = `${wanted.organization ?? exchange.signedIn().account.name}/${wanted.name}`;
  allowed(exchange, kind, id);
  if (kind === "space" && !SDKS.includes(wanted.sdk ?? "")) {
    throw new HubRefusal(400, `"sdk" must be one of [${SDKS.join(", ")}]`);
  }
  const place = kind === "model" ? id : `${kind}s/${id}`;
  const { repositories, url } = exchange.hub;
  if (repositories.find(kind, id) !== undefined) {
    const error = `You already created this ${kind} repo: ${id}`;
    return exchange.json({ error, url: `${url}/${place}` }, 409, { "x-error-message": error });
  }
  const files = (wanted.files ?? []).map(({ path, content, encoding }) => [
    path,
    Buffer.from(content, encoding),
  ]);
  const repository = repositories.add(kind, id, {
    private: wanted.private ?? wanted.visibility === "private",
    stage: "NO_APP_FILE",
    files: Object.fromEntries(files),
    ...(wanted.sdk === undefined ? {} : { sdk: wanted.sdk }),
    ...(wanted.hardware === undefined ? {} : { hardware: wanted.hardware }),
  });
  if (repository.space !== undefined) settings(repository.space, wanted);
  exchange.json({ url: `${url}/${place}`, name: id, id });
}

function settings(space: NonNullable<ReturnType<typeof spaceOf>>, wanted: NewRepository): void {
  space.sleepTimeSeconds = wanted.sleepTimeSeconds ?? null;
  space.volumes = wanted.volumes ?? [];
  for (const secret of wanted.secrets ?? []) remember(space.secrets, secret);
  for (const variable of wanted.variables ?? []) remember(space.variables, variable);
}

function spaceOf(exchange: Exchange, id: string) {
  return exchange.hub.repositories.get("space", id).space;
}

function duplicate(exchange: Exchange): void {
  const { kind: plural, id = "" } = exchange.params;
  const kind = kindOf(plural);
  const wanted = exchange.data as NewRepository & { repository: string };
  const { repositories, url } = exchange.hub;
  const from = repositories.contents(kind, id, exchange.token);
  allowed(exchange, kind, wanted.repository);
  if (repositories.find(kind, wanted.repository) !== undefined) {
    throw new HubRefusal(409, `You already created this ${kind} repo: ${wanted.repository}`);
  }
  const copy = repositories.add(kind, wanted.repository, {
    ...from.options,
    private: wanted.private ?? (wanted.visibility ?? "private") === "private",
    files: Object.fromEntries(from.head.files),
    ...(wanted.hardware === undefined ? {} : { hardware: wanted.hardware }),
  });
  if (copy.space !== undefined) {
    for (const [key, { value }] of from.space?.variables ?? [])
      remember(copy.space.variables, { key, value });
    settings(copy.space, wanted);
    copy.space.start();
  }
  const place = kind === "model" ? wanted.repository : `${kind}s/${wanted.repository}`;
  exchange.json({ url: `${url}/${place}` });
}
