import { DaggrError, describe } from "../base/errors.ts";
import type { RunSnapshot, StartRun } from "../engine/engine.ts";
import type { RunMode } from "../protocol/plan.ts";
import { unknown } from "./address-book.ts";
import { acceptAnswer } from "./answers-in.ts";
import { askAnswer } from "./ask-view.ts";
import { checkKeys } from "./call-routes.ts";
import { type App, answer, type Request, type RouteContext, type ServerContext } from "./context.ts";
import { isObject, parseJsonObject } from "./json-input.ts";
import { readBody } from "./read-body.ts";
import { refuse } from "./refusal.ts";
import { sendRunEvents } from "./run-events.ts";
import { acceptInputs } from "./values-in.ts";
import { withFileUrls } from "./values-out.ts";

const MODES: readonly RunMode[] = ["all", "stale", "to", "step", "from"];

/** `/api/runs`: runs that belong to the server and go on when whoever started them is gone. */
export function addRunRoutes(app: App, routes: RouteContext): void {
  app.post("/api/runs", async (request) => {
    const context = await routes.of(request);
    const started = await acceptStart(request, context);
    const caller = context.visitor.caller(request.env.incoming);
    const { id } = await context.engine.startRun(
      context.scope,
      caller === undefined ? started : { ...started, caller },
    );
    return answer(request, { id, status: "running" }, 202);
  });
  app.get("/api/runs", async (request) => {
    const { engine, scope } = await routes.of(request);
    const offset = count(request.req.query("offset"), 0, 1_000_000);
    const limit = count(request.req.query("limit"), 50, 200);
    const runs = await engine.store.listRuns(scope, { offset, limit });
    return answer(request, {
      runs: runs.map(({ id, status, mode, targets, sheet, startedAt, endedAt }) => ({
        id,
        status,
        mode,
        nodes: targets,
        sheet,
        startedAt,
        endedAt,
      })),
    });
  });
  app.get("/api/runs/:id", async (request) => {
    const context = await routes.of(request);
    return answer(request, await runAnswer(await findRun(request, context), context));
  });
  app.post("/api/runs/:id/resume", async (request) => {
    const context = await routes.of(request);
    const { record } = await findRun(request, context);
    await context.engine.resume(context.scope, record.id, context.visitor.caller(request.env.incoming));
    return answer(request, { id: record.id, status: "running" }, 202);
  });
  app.post("/api/runs/:id/answers/:node", async (request) => {
    const context = await routes.of(request);
    const { engine, scope } = context;
    const { record } = await findRun(request, context);
    const body = parseJsonObject(
      await readBody(request.env.incoming, context.limits.jsonBytes),
      context.limits.nesting,
    );
    const { item, ...said } = body;
    const given = await acceptAnswer(context, record.variants, request.req.param("node"), item, said);
    await engine.answer(scope, record.id, given, context.visitor.caller(request.env.incoming));
    const after = await engine.run(scope, record.id);
    return answerOf(request, record.id, after);
  });
  app.delete("/api/runs/:id", async (request) => {
    const context = await routes.of(request);
    const { engine, scope } = context;
    const { record } = await findRun(request, context);
    await engine.cancel(scope, record.id);
    const after = await engine.run(scope, record.id);
    return answer(request, { id: record.id, status: after?.record.status ?? record.status }, 202);
  });
  app.get("/api/runs/:id/events", async (request) => {
    const context = await routes.of(request);
    const { record } = await findRun(request, context);
    return sendRunEvents(request, context, record);
  });
}

async function acceptStart(
  request: Request,
  { limits, book, engine, scope, files }: ServerContext,
): Promise<StartRun> {
  const body = parseJsonObject(await readBody(request.env.incoming, limits.jsonBytes), limits.nesting);
  checkKeys(body, ["inputs", "nodes", "mode", "sheet", "variants"]);
  const { nodes = [], mode = "all", sheet } = body;
  if (!Array.isArray(nodes) || nodes.length > 10_000 || !nodes.every((name) => typeof name === "string")) {
    throw refuse("INVALID_NODES", `'nodes' must be a list of node names, got ${describe(nodes)}.`);
  }
  for (const name of nodes) book.node(name);
  if (!MODES.includes(mode as RunMode)) {
    throw refuse("INVALID_MODE", `'mode' must be one of ${MODES.join(", ")}, got ${describe(mode)}.`);
  }
  if ((mode === "step" || mode === "to" || mode === "from") && nodes.length === 0) {
    throw refuse("INVALID_NODES", `The mode '${mode}' needs 'nodes'.`);
  }
  if (sheet !== undefined && typeof sheet !== "string") {
    throw refuse("INVALID_SHEET", `'sheet' must be a text, got ${describe(sheet)}.`);
  }
  if (body.variants !== undefined && !isObject(body.variants)) {
    throw refuse("INVALID_VARIANTS", `'variants' must be an object, got ${describe(body.variants)}.`);
  }
  const accepted = await acceptInputs(book, files, body.inputs);
  const variants: Record<string, number> = { ...accepted.variants };
  for (const [name, wanted] of Object.entries(body.variants ?? {})) {
    variants[name] = book.variant(book.node(name), wanted);
  }
  let sheetId: string | undefined;
  if (sheet !== undefined) {
    const sheets = await engine.sheets(scope);
    sheetId = (sheets.find(({ id }) => id === sheet) ?? sheets.find(({ name }) => name === sheet))?.id;
    if (sheetId === undefined)
      throw unknown(
        "SHEET_NOT_FOUND",
        "sheet",
        sheet,
        sheets.map(({ name }) => name),
      );
  }
  return {
    mode: mode as RunMode,
    nodes,
    fields: accepted.fields,
    variants,
    ...(sheetId === undefined ? {} : { sheet: sheetId }),
  };
}

async function findRun(request: Request, { engine, scope }: ServerContext): Promise<RunSnapshot> {
  const id = request.req.param("id") ?? "";
  const snapshot = /^[\w-]{1,64}$/.test(id) ? await engine.run(scope, id) : undefined;
  if (snapshot === undefined) throw new DaggrError("RUN_NOT_FOUND", `There is no run '${id.slice(0, 64)}'.`);
  return snapshot;
}

function answerOf(request: Request, id: string, after: RunSnapshot | undefined): Response {
  return answer(request, { id, status: after?.record.status ?? "running" }, 202);
}

/** What `GET /api/runs/{id}` answers. */
async function runAnswer(
  { record, items, outputs, reasons, asks }: RunSnapshot,
  { definition, files }: ServerContext,
): Promise<unknown> {
  const names = new Set([...Object.keys(record.nodes), ...Object.keys(reasons), ...Object.keys(outputs)]);
  const nodes: Record<string, unknown> = {};
  for (const name of names) {
    const { status, error, startedAt, durationMs, fallback } = record.nodes[name] ?? {
      status: "queued" as const,
    };
    nodes[name] = {
      status,
      reason: reasons[name],
      startedAt,
      durationMs,
      outputs: withFileUrls(outputs[name]),
      error,
      items: items[name],
      fallback,
      ask: await askAnswer(definition, files, name, record.variants[name] ?? 0, asks[name]),
    };
  }
  const { id, status, sheet, mode, startedAt, endedAt } = record;
  return { id, status, sheet, mode, startedAt, endedAt, nodes, outputs: withFileUrls(outputs) };
}

function count(text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw refuse("INVALID_PAGE", `A page needs whole numbers up to ${most}.`);
  return value;
}
