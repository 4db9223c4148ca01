import { once } from "node:events";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { redact } from "../base/redact.ts";
import type { RunRecord } from "../store/store.ts";
import type { Request, ServerContext } from "./context.ts";
import { refuse } from "./refusal.ts";
import { withFileUrls } from "./values-out.ts";

const HEARTBEAT_MS = 15_000;

/** `GET /api/runs/{id}/events`: server-sent events; `id` is the sequence number, `data` the event. */
export async function sendRunEvents(
  request: Request,
  context: ServerContext,
  record: RunRecord,
): Promise<Response> {
  const { outgoing } = request.env;
  const after = lastSeen(request.req.header("last-event-id") ?? request.req.query("after"));
  const isOver = record.endedAt !== null && record.status !== "running" && record.status !== "waiting";
  // 204 tells an EventSource to stop asking.
  if (isOver && after >= record.lastSeq && after > 0) {
    outgoing.writeHead(204).end();
    return RESPONSE_ALREADY_SENT;
  }
  outgoing.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  outgoing.write(": events of the run\n\n");
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const leave = () => gone.abort();
  context.visitor.left.addEventListener("abort", leave, { once: true });
  const heartbeat = setInterval(() => outgoing.write(": heartbeat\n\n"), HEARTBEAT_MS);
  try {
    for await (const { seq, event } of context.engine.events(context.scope, record.id, after, gone.signal)) {
      if (event.type === "node-partial") context.shown.note(event.outputs);
      const isTaken = outgoing.write(`id: ${seq}\ndata: ${redact(JSON.stringify(withFileUrls(event)))}\n\n`);
      if (!isTaken && !gone.signal.aborted) await once(outgoing, "drain", { signal: gone.signal });
    }
  } catch (error) {
    if (!gone.signal.aborted) console.error(redact(`daggr: the events of run ${record.id} ended: ${error}`));
  } finally {
    clearInterval(heartbeat);
    context.visitor.left.removeEventListener("abort", leave);
    outgoing.end();
  }
  return RESPONSE_ALREADY_SENT;
}

function lastSeen(text: string | undefined): number {
  if (text === undefined || text === "") return 0;
  if (!/^\d{1,12}$/.test(text))
    throw refuse("INVALID_EVENT_ID", "Last-Event-ID must be the number of an event.");
  return Number(text);
}
