import type { DaggrError } from "../base/errors.ts";
import type { App, Request } from "./context.ts";
import { refuse } from "./refusal.ts";

/** Nothing is there, or it is there for another method: then the answer names those (`Allow`). */
export function refuseUnknown(app: App, request: Request): DaggrError {
  const { method, path } = request.req;
  const methods = new Set(
    app.routes.filter((route) => isKnown(route.path, path)).map((route) => route.method.toUpperCase()),
  );
  if (methods.has("GET")) methods.add("HEAD");
  if (methods.size === 0 || methods.has(method)) return refuse("NOT_FOUND", "There is nothing here.");
  const allowed = [...methods].sort().join(", ");
  request.env.outgoing.setHeader("allow", allowed);
  return refuse("METHOD_NOT_ALLOWED", `${method} is not for this address. It takes ${allowed}.`);
}

/** Whether the pattern of a route is this path; what matches everything says nothing. */
function isKnown(pattern: string, path: string): boolean {
  if (pattern.includes("*")) return false;
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith(":") ? given[at] !== "" : part === given[at]))
  );
}
