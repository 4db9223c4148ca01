import { didYouMean } from "../base/closest.ts";
import { fileRefsIn } from "../base/files.ts";
import type { NodeOutputs, Outputs } from "../protocol/events.ts";
import { type App, answer, type Request, type RouteContext, type ServerContext } from "./context.ts";
import { parseJsonObject } from "./json-input.ts";
import type { Part } from "./parts.ts";
import { readBody } from "./read-body.ts";
import { refuse } from "./refusal.ts";
import { acceptInputs } from "./values-in.ts";
import { withFileUrls } from "./values-out.ts";

/** `POST /api/call` and `POST /api/call/{subgraph}`: one answer with the outputs of the last nodes, in daggr's shape. */
export function addCallRoutes(app: App, routes: RouteContext): void {
  const { parts } = routes;
  app.post("/api/call", (request) => {
    if (parts.length === 1) return call(request, routes, parts[0]!);
    const available = parts.map((part) => part.id);
    return answer(
      request,
      {
        error: "Multiple subgraphs detected. Please specify a subgraph_id.",
        code: "SUBGRAPH_NEEDED",
        available_subgraphs: available,
        hint: `POST /api/call/${available[0]}`,
      },
      400,
    );
  });
  app.post("/api/call/:subgraph", (request) => {
    const id = request.req.param("subgraph");
    const part = parts.find((candidate) => candidate.id === id);
    if (part !== undefined) return call(request, routes, part);
    if (id.startsWith("subgraph_") && !/^subgraph_\d+$/.test(id)) {
      throw refuse("INVALID_PART", `Invalid subgraph_id '${id.slice(0, 80)}'`);
    }
    throw refuse("PART_NOT_FOUND", `Subgraph '${id.slice(0, 80)}' not found`);
  });
}

async function call(request: Request, routes: RouteContext, part: Part): Promise<Response> {
  const { incoming } = request.env;
  const visit = routes.of(request);
  const context = visit instanceof Promise ? await visit : visit;
  const body = parseJsonObject(await readBody(incoming, context.limits.jsonBytes), context.limits.nesting);
  checkKeys(body, ["inputs"]);
  const { fields, variants } = await acceptInputs(context.book, context.files, body.inputs);
  const caller = context.visitor.caller(incoming);
  const gone = new AbortController();
  const { outgoing } = request.env;
  const leave = () => gone.abort();
  outgoing.once("close", leave);
  const { outputs, errors } = await context.engine.call(context.scope, {
    targets: part.nodes,
    fields,
    variants,
    signal: gone.signal,
    ...(caller === undefined ? {} : { caller }),
  });
  outgoing.off("close", leave);
  const failed = errors[0];
  if (failed !== undefined) {
    const { message, hint } = failed.error;
    const { node } = failed;
    const error = `Execution error in node '${node}': ${message}`;
    return answer(
      request,
      { error, code: "NODE_FAILED", node, ...(hint === undefined ? {} : { hint }) },
      500,
    );
  }
  const answered: Record<string, unknown> = {};
  for (const node of part.last) {
    const result = outputs[node];
    if (result !== undefined) answered[node] = asDaggr(node, result, outputs, context);
  }
  // No result keeps these files, but whoever called may fetch them, and give them to the next call.
  const refs = fileRefsIn(answered);
  await Promise.all(refs.map(({ id }) => context.engine.store.ownFile(context.scope, id)));
  return answer(request, { outputs: withFileUrls(answered) });
}

/** daggr answers a scattered node as a list of its items' outputs, beside the items themselves. */
function asDaggr(
  name: string,
  result: Outputs,
  outputs: NodeOutputs,
  { definition }: ServerContext,
): unknown {
  const node = definition.nodes.get(name);
  if (node === undefined || !node.scattered) return result;
  const ports = Object.keys(result);
  const lists = ports.map((port) =>
    Array.isArray(result[port]) ? (result[port] as readonly unknown[]) : [],
  );
  const length = Math.max(0, ...lists.map((list) => list.length));
  const results = Array.from({ length }, (_, item) =>
    Object.fromEntries(ports.map((port, index) => [port, lists[index]![item]])),
  );
  const source = [...node.inputs.values()].find(
    (binding) => binding.type === "port" && (binding.mode === "each" || binding.itemwise),
  );
  const items = source?.type === "port" ? outputs[source.node]?.[source.output] : undefined;
  return { _scattered_results: results, _items: Array.isArray(items) ? items : [] };
}

/** Refuses keys that mean nothing, so that a misspelt one does not run the graph with other values than were meant. */
export function checkKeys(body: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const key of Object.keys(body)) {
    if (known.includes(key)) continue;
    const given = key.slice(0, 80);
    throw refuse(
      "UNKNOWN_KEY",
      `Unknown key '${given}'. There is ${known.join(", ")}.${didYouMean(given, known)}`,
    );
  }
}
