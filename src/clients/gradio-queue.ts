import { DaggrError } from "../base/errors.ts";
import { clientError, networkReason } from "./client-errors.ts";
import type { Connection } from "./gradio-connection.ts";
import { applyOutputChanges } from "./gradio-diff.ts";
import { appError, httpError } from "./gradio-errors.ts";
import { type Message, readMessages, toUpdate } from "./gradio-messages.ts";
import type { EndpointRoute, GradioUpdate } from "./gradio-types.ts";
import { isUpdate } from "./gradio-values.ts";
import { readText } from "./http.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface QueuedCall {
  readonly endpoint: EndpointRoute;
  /** One value per input on the wire. */
  readonly data: readonly unknown[];
  readonly session: string | undefined;
  readonly ipToken?: string | undefined;
  readonly signal: AbortSignal;
  readonly idleMs: number;
  onUpdate(update: GradioUpdate): void;
  /** All outputs on the wire so far. */
  onPartial(data: readonly unknown[]): void;
}

/** How long the server is given to answer a cancel before we hang up. */
const CANCEL_MS = 2000;

/**
 * One call through the app's queue, with a session and an event stream that no other call has meanwhile: Gradio
 * cancels by session and function, so that only this makes cancelling exact. Rejects with the signal's reason once the
 * server was told to cancel.
 */
export async function callQueued(connection: Connection, call: QueuedCall): Promise<readonly unknown[]> {
  const session = call.session ?? connection.sessions.take(call.endpoint);
  const what = `'${call.endpoint.apiName}' of ${connection.label}`;
  const joining = join(connection, call, session, what);
  // An abort during the join orphans the call on the server: only its id can cancel it, so wait for the id.
  const eventId = await unlessAborted(joining, call.signal, async () => {
    const id = await Promise.race([joining.catch(() => undefined), later(CANCEL_MS)]);
    if (id === undefined) joining.then((late) => cancel(connection, call, session, late)).catch(() => {});
    else await cancel(connection, call, session, id);
  });
  const hangUp = new AbortController();
  const following = follow(connection, call, session, eventId, what, hangUp.signal);
  try {
    return await unlessAborted(following, call.signal, () => cancel(connection, call, session, eventId));
  } catch (error) {
    const isOver =
      error instanceof DaggrError && (error.code === "GRADIO_APP_ERROR" || error.code === "GRADIO_CANCELLED");
    if (!call.signal.aborted && !isOver) void cancel(connection, call, session, eventId);
    hangUp.abort();
    throw error;
  }
}

function later(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}

function post(body: unknown): { method: "POST"; headers: Record<string, string>; body: string } {
  return {
    method: "POST",
    headers: { "content-type": "application/json", "x-gradio-user": "api" },
    body: JSON.stringify(body),
  };
}

async function join(
  connection: Connection,
  call: QueuedCall,
  session: string,
  what: string,
): Promise<string> {
  const body = {
    data: call.data,
    fn_index: call.endpoint.fnIndex,
    session_hash: session,
    event_data: null,
    trigger_id: null,
  };
  const response = await connection.request(connection.url("queue/join"), {
    ...post(body),
    timeoutMs: call.idleMs,
    ...(call.ipToken === undefined ? {} : { ipToken: call.ipToken }),
  });
  const text = await readText(response);
  if (!response.ok) throw httpError(response.status, text, what);
  try {
    const { event_id } = JSON.parse(text);
    if (typeof event_id === "string") return event_id;
  } catch {
    // Told below.
  }
  throw clientError("GRADIO_PROTOCOL", `${what} took the call but gave no id for it.`);
}

async function cancel(
  connection: Connection,
  call: QueuedCall,
  session: string,
  eventId: string,
): Promise<void> {
  const body = { event_id: eventId, session_hash: session, fn_index: call.endpoint.fnIndex };
  try {
    const response = await connection.request(connection.url("cancel"), {
      ...post(body),
      timeoutMs: CANCEL_MS,
    });
    await response.body?.cancel();
  } catch {
    // Hanging up, which follows, cancels it as well once the server notices.
  }
}

/** Reads the call's events to its end. */
async function follow(
  connection: Connection,
  call: QueuedCall,
  session: string,
  eventId: string,
  what: string,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const sendsChanges = connection.description.protocol !== "sse_v1";
  let outputs: readonly unknown[] | undefined;
  let isInStep = true;
  try {
    const url = connection.url(`queue/data?session_hash=${encodeURIComponent(session)}`);
    const response = await connection.request(url, {
      headers: { accept: "text/event-stream" },
      signal,
      timeoutMs: call.idleMs,
    });
    if (!response.ok) throw httpError(response.status, await readText(response), what);
    const messages = readMessages(response, call.idleMs);
    for (;;) {
      const { value: message, done } = await messages.next();
      if (done) break;
      if (message.event_id != null && message.event_id !== eventId) continue;
      const update = toUpdate(message);
      if (update !== undefined) call.onUpdate(update);
      const result = readResult(message, what);
      if (result === undefined) continue;
      if (result.isFinal) {
        const data = checked(result.data, call.endpoint, what);
        const isClean = call.session === undefined && !data.some(isUpdate) && !outputs?.some(isUpdate);
        void finish(messages, () => {
          if (isClean) connection.sessions.giveBack(call.endpoint, session);
        });
        return data;
      }
      if (outputs === undefined || !sendsChanges) outputs = checked(result.data, call.endpoint, what);
      else if (isInStep) {
        const next = changed(outputs, result.data);
        isInStep = next !== undefined;
        outputs = next ?? outputs;
      }
      if (isInStep) call.onPartial(outputs);
    }
  } catch (error) {
    if (error instanceof DaggrError && error.code !== "GRADIO_UNREACHABLE") throw error;
    const reason = error instanceof DaggrError ? error.sentence : networkReason(error);
    throw clientError("GRADIO_DROPPED", `The connection to ${what} was lost before the result: ${reason}`, {
      cause: error,
    });
  }
  throw clientError(
    "GRADIO_DROPPED",
    `${connection.label} ended the connection before '${call.endpoint.apiName}' had a result.`,
  );
}

/** Reads the little that follows a result, so that connection and session can be used again. */
async function finish(messages: AsyncGenerator<Message>, onEnd: () => void): Promise<void> {
  const readOn = async (): Promise<true> => {
    while (!(await messages.next()).done);
    return true;
  };
  if (await Promise.race([readOn(), later(500)]).catch(() => false)) onEnd();
  messages.return(undefined).catch(() => {});
}

/** The outputs that a message carries, or `undefined`; throws what it says went wrong. */
function readResult(
  message: Message,
  what: string,
): { data: readonly unknown[]; isFinal: boolean } | undefined {
  const output = message.output ?? {};
  switch (message.msg) {
    case "process_generating":
    case "process_streaming":
    case "process_completed": {
      const isFinal = message.msg === "process_completed";
      if (message.success === false || "error" in output) throw appError(output, message.title, what);
      if (Array.isArray(output["data"])) return { data: output["data"], isFinal };
      if (!isFinal) return undefined;
      if (Object.keys(output).length === 0)
        throw clientError("GRADIO_CANCELLED", `${what} was cancelled on the server.`);
      throw clientError("GRADIO_PROTOCOL", `${what} ended without data.`);
    }
    case "queue_full":
      throw clientError("GRADIO_BUSY", `${what} is busy: its queue is full.`);
    case "unexpected_error": {
      const said = message.message ?? "";
      if (message.session_not_found)
        throw clientError(
          "GRADIO_DROPPED",
          `${what} lost the call: ${said || "it knows nothing of it any more"}`,
        );
      throw clientError("GRADIO_DROPPED", `${what} broke off: ${said || "no reason given"}`);
    }
    default:
      return undefined;
  }
}

function checked(data: readonly unknown[], endpoint: EndpointRoute, what: string): readonly unknown[] {
  if (data.length === endpoint.outputs.length) return data;
  throw clientError(
    "GRADIO_PROTOCOL",
    `${what} returned ${data.length} values; it declares ${endpoint.outputs.length}.`,
  );
}

/**
 * The outputs after changes; `undefined` when these do not fit. Gradio 6 counts deletions in nested lists wrongly
 * (`gradio.utils.diff`), and the result comes whole anyway: so a partial that is lost costs nothing but itself.
 */
function changed(outputs: readonly unknown[], changes: readonly unknown[]): readonly unknown[] | undefined {
  try {
    return applyOutputChanges(outputs, changes);
  } catch {
    return undefined;
  }
}
