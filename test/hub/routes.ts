import type { Exchange } from "./exchange.ts";

export type Handler = (exchange: Exchange) => void | Promise<void>;

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handler: Handler;
}

/**
 * A route, `route("POST", "/api/spaces/:id/secrets", …)` for one. In a path `:id` stands for a repository
 * (`owner/name`, or the name alone of a canonical one), `:kind` for `models`, `spaces` or `datasets`, `:rest` for
 * all that follows, and any other `:name` for one part.
 */
export function route(method: string, path: string, handler: Handler): Route {
  const pattern = path.replace(/:(\w+)/g, (_, name: string) => `(?<${name}>${PARTS[name] ?? "[^/]+"})`);
  return { method, pattern: new RegExp(`^${pattern}$`), handler };
}

const PARTS: Readonly<Record<string, string>> = {
  id: "[^/]+(?:/[^/]+)?",
  kind: "models|spaces|datasets",
  way: "resolve|raw",
  rest: ".+",
};

/** The parts of a path, decoded; `undefined` when the route is another. */
export function matchRoute(route: Route, method: string, path: string): Record<string, string> | undefined {
  if (route.method !== (method === "HEAD" ? "GET" : method)) return undefined;
  const match = route.pattern.exec(path);
  if (match === null) return undefined;
  return Object.fromEntries(
    Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
}
