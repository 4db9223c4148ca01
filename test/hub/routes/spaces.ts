import { randomBytes } from "node:crypto";
import type { Exchange } from "../exchange.ts";
import { HubRefusal } from "../exchange.ts";
import { route } from "../routes.ts";
import type { SpaceState, SpaceVariable } from "../space.ts";
import { hostOf, subdomain } from "./info.ts";

export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
}

/** A secret or a variable as the Hub keeps it. */
export function remember(settings: Map<string, SpaceVariable>, { key, value, description }: Setting): void {
  if (!/^[A-Za-z_]\w*$/.test(key)) throw new HubRefusal(400, `Invalid key: ${key}`);
  const updatedAt = new Date().toISOString();
  settings.set(key, { value, updatedAt, ...(description === undefined ? {} : { description }) });
}

function owned(exchange: Exchange): SpaceState {
  return exchange.hub.repositories.writable("space", exchange.params["id"]!, exchange.token).space!;
}

function seen(exchange: Exchange) {
  return exchange.hub.repositories.readable("space", exchange.params["id"]!, exchange.token);
}

export const spaceRoutes = [
  route("GET", "/api/spaces/:id/host", (exchange) => {
    const repository = seen(exchange);
    exchange.json({ subdomain: subdomain(repository.id), host: hostOf(repository) });
  }),
  route("GET", "/api/spaces/:id/jwt", (exchange) => {
    seen(exchange);
    exchange.json({ token: `jwt.${randomBytes(12).toString("hex")}` });
  }),
  route("GET", "/api/spaces/:id/runtime", (exchange) => exchange.json(seen(exchange).space!.runtime())),
  route("GET", "/api/spaces/:id/secrets", (exchange) => {
    const told = [...owned(exchange).secrets].map(([key, { value: _, ...rest }]) => [key, { key, ...rest }]);
    exchange.json(Object.fromEntries(told));
  }),
  route("POST", "/api/spaces/:id/secrets", (exchange) => {
    remember(owned(exchange).secrets, exchange.data);
    exchange.json({});
  }),
  route("DELETE", "/api/spaces/:id/secrets", (exchange) => {
    owned(exchange).secrets.delete(exchange.data.key);
    exchange.json({});
  }),
  route("GET", "/api/spaces/:id/variables", variables),
  route("POST", "/api/spaces/:id/variables", (exchange) => {
    remember(owned(exchange).variables, exchange.data);
    variables(exchange);
  }),
  route("DELETE", "/api/spaces/:id/variables", (exchange) => {
    owned(exchange).variables.delete(exchange.data.key);
    variables(exchange);
  }),
  route("PUT", "/api/spaces/:id/volumes", (exchange) => {
    owned(exchange).volumes = exchange.data.volumes;
    exchange.json({});
  }),
  route("POST", "/api/spaces/:id/hardware", (exchange) => {
    const space = owned(exchange);
    space.requestedHardware = exchange.data.flavor;
    space.sleepTimeSeconds = exchange.data.sleepTimeSeconds ?? space.sleepTimeSeconds;
    exchange.json(space.runtime());
  }),
  route("POST", "/api/spaces/:id/sleeptime", (exchange) => {
    const space = owned(exchange);
    space.sleepTimeSeconds = exchange.data.seconds;
    exchange.json(space.runtime());
  }),
  route("POST", "/api/spaces/:id/pause", (exchange) => {
    const space = owned(exchange);
    space.stages.length = 0;
    space.stage = "PAUSED";
    exchange.json(space.runtime());
  }),
  route("POST", "/api/spaces/:id/restart", (exchange) => {
    const space = owned(exchange);
    space.restarts.push({ factory: exchange.query.get("factory") === "true" });
    space.start();
    exchange.json(space.runtime());
  }),
  route("GET", "/api/spaces/:id/logs/:log", logs),
];

function variables(exchange: Exchange): void {
  const told = [...owned(exchange).variables].map(([key, variable]) => [key, { key, ...variable }]);
  exchange.json(Object.fromEntries(told));
}

/** The lines of a log as server-sent events, until it ends. */
async function logs(exchange: Exchange): Promise<void> {
  const space = owned(exchange);
  const name = exchange.params["log"];
  if (name !== "build" && name !== "run") throw new HubRefusal(404, "There is no such log.");
  const { response } = exchange;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    for await (const line of space.logs[name].follow(gone.signal)) {
      response.write(`data: ${JSON.stringify(line)}\n\n`);
    }
  } catch {
    // Whoever followed it has gone.
  }
  response.end();
}
