import type { IncomingMessage } from "node:http";
import type { RawData, WebSocket } from "ws";
import { DaggrError } from "../base/errors.ts";
import { checkJson } from "../base/json-check.ts";
import { redact } from "../base/redact.ts";
import type { SheetNotice } from "../engine/notices.ts";
import { type Banner, type ClientMessage, clientMessage, type ServerMessage } from "../protocol/messages.ts";
import type { ShareView } from "../protocol/share.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { obey } from "./commands.ts";
import type { ServerContext } from "./context.ts";
import type { Presence } from "./presence.ts";
import { refuse } from "./refusal.ts";
import { type Follower, followSheet } from "./sheet-follower.ts";
import { isAtTheMachine } from "./visitors/machine-visits.ts";

/** What all pages share. */
export interface PageContext {
  readonly banner: () => Banner | null;
  /** How sharing stands, if there is any. */
  readonly share: () => ShareView["status"] | undefined;
  readonly presence: Presence;
  /** The script of the built page, if there is one. */
  build(): Promise<string | undefined>;
}

export type SessionContext = ServerContext & PageContext;

/** What one page says and is told. */
export interface Session {
  tell(message: ServerMessage): void;
  /** Sends the graph's view anew. */
  showGraph(): Promise<void>;
  /** Tells how its visitor stands. */
  showAccount(): Promise<void>;
  end(): void;
}

/** Messages of one page that wait for an earlier one; past them its socket is not read any further. */
const MOST_WAITING = 64;
/** Mistakes after which a page is sent away: ours makes none. */
const MOST_MISTAKES = 100;

/** Messages that change nothing. */
const onlyAsks: ReadonlySet<ClientMessage["type"]> = new Set([
  "hello",
  "open-sheet",
  "plan",
  "history",
  "result",
  "items",
  "items-of-result",
  "outputs",
  "logs",
]);

/** Answers one socket: its messages one after another, and whatever happens on the sheet it has open. */
export function startSession(ws: WebSocket, context: SessionContext, upgrade: IncomingMessage): Session {
  const { engine, scope } = context;
  let follower: Follower | undefined;
  let leave: (() => void) | undefined;
  let stopSheets: (() => void) | undefined;
  let isGreeted = false;
  let isOver = false;
  let waiting = 0;
  let mistakes = 0;
  let work: Promise<void> = Promise.resolve();

  const tell = (message: ServerMessage) => {
    if (!isOver && ws.readyState === ws.OPEN) ws.send(textOf(message));
  };
  const follow = async (sheet: string, after?: number) => {
    follower = await followSheet(ws, context, sheet, textOf, after);
    if (isOver) return follower.stop();
    leave?.();
    leave = context.presence.enter(sheet, (pages) => tell({ type: "present", pages }));
  };
  const open = async (sheet: string, after?: number) => {
    const previous = follower;
    previous?.stop();
    try {
      await follow(sheet, after);
    } catch (error) {
      if (previous !== undefined) await follow(previous.sheet);
      throw error;
    }
  };
  const greet = async (message: Extract<ClientMessage, { type: "hello" }>) => {
    if (message.version !== PROTOCOL_VERSION) {
      tell({ type: "reload" });
      return;
    }
    isGreeted = true;
    const first = await context.firstSheet();
    const sheets = await engine.sheets(scope);
    const known = sheets.find(({ id }) => id === message.sheet);
    const sheet = known ?? first;
    const build = await context.build();
    tell({
      type: "welcome",
      version: PROTOCOL_VERSION,
      graph: await context.view(),
      sheets,
      banner: context.banner(),
      ...(build === undefined ? {} : { build }),
      now: Date.now(),
    });
    const status = context.share();
    if (status !== undefined) tell({ type: "share", status });
    showAccount().catch(noise);
    stopSheets ??= engine.watchSheets(scope, tellSheets);
    await open(sheet.id, known === undefined ? undefined : message.after);
    tell({ type: "reply", request: message.request, result: { sheet: sheet.id } });
  };
  const showAccount = async () => {
    tell({ type: "account", account: await context.visitor.account(upgrade) });
  };
  const tellSheets = () => {
    engine.sheets(scope).then((sheets) => tell({ type: "sheets", sheets }), noise);
  };
  const handle = async (message: ClientMessage) => {
    if (message.type === "hello") return greet(message);
    if (!isGreeted) throw refuse("HELLO_FIRST", "The first message must be 'hello'.");
    if (message.type === "open-sheet") {
      await open(message.sheet);
      return tell({ type: "reply", request: message.request, result: null });
    }
    const result = await obey(message, {
      ...context,
      sheet: follower?.sheet,
      isAtTheMachine: () => context.visitor.isElsewhere !== true && isAtTheMachine(upgrade),
    });
    tell({ type: "reply", request: message.request, result: result ?? null });
  };
  const refused = (request: number, error: unknown) => {
    if (!(error instanceof DaggrError)) console.error(redact(`daggr: ${(error as Error)?.stack ?? error}`));
    const known =
      error instanceof DaggrError ? error : refuse("INTERNAL", "Something went wrong in the server.");
    const { place: _place, ...data } = known.toData();
    tell({ type: "refused", request, error: data });
  };
  const mistake = (request: number, error: unknown) => {
    refused(request, error);
    mistakes += 1;
    if (mistakes >= MOST_MISTAKES) ws.close(1008, "Too many wrong messages.");
  };

  ws.on("message", (data: RawData, isBinary: boolean) => {
    if (isOver || ws.readyState !== ws.OPEN) return;
    const read = isBinary ? undefined : readMessage(String(data), context.limits.nesting);
    if (read === undefined || "error" in read) {
      mistake(read?.request ?? 0, read?.error ?? refuse("INVALID_MESSAGE", "Messages are JSON texts."));
      return;
    }
    waiting += 1;
    if (waiting >= MOST_WAITING) ws.pause();
    work = work
      // What was said before the page went is done: the last word typed counts. Only nobody waits for answers.
      .then(() => (isOver && onlyAsks.has(read.message.type) ? undefined : handle(read.message)))
      .catch((error) => refused(read.message.request, error))
      .finally(() => {
        waiting -= 1;
        if (waiting < MOST_WAITING / 2 && ws.isPaused) ws.resume();
      });
  });

  /** Whoever has logged out hears nothing more; the page comes back as who it is now. */
  const sendAway = () => ws.close(4001, "Another account.");
  context.visitor.left.addEventListener("abort", sendAway, { once: true });
  if (context.visitor.left.aborted) sendAway();
  const goOut = context.visitor.enter?.();

  return {
    tell,
    showGraph: async () => tell({ type: "graph", graph: await context.view() }),
    showAccount,
    end() {
      isOver = true;
      context.visitor.left.removeEventListener("abort", sendAway);
      goOut?.();
      leave?.();
      follower?.stop();
      stopSheets?.();
    },
  };
}

type Read = { readonly message: ClientMessage } | { readonly request: number; readonly error: unknown };

function readMessage(text: string, nesting: number): Read {
  let request = 0;
  try {
    const value: unknown = JSON.parse(text);
    const given = (value as { request?: unknown } | null)?.request;
    if (typeof given === "number" && Number.isSafeInteger(given) && given >= 0) request = given;
    checkJson(value, nesting);
    const checked = clientMessage.safeParse(value);
    if (checked.success) return { message: checked.data };
    const [issue] = checked.error.issues;
    const path = issue?.path.join(".") ?? "";
    return {
      request,
      error: refuse(
        "INVALID_MESSAGE",
        `The message does not fit: ${path === "" ? "" : `${path}: `}${issue?.message}`,
      ),
    };
  } catch (error) {
    return {
      request,
      error: error instanceof DaggrError ? error : refuse("INVALID_MESSAGE", "The message is no JSON."),
    };
  }
}

const texts = new WeakMap<ServerMessage, string>();

/** A message as it is sent. Notices go to every page on the sheet, so their text is made once. */
function textOf(message: ServerMessage | SheetNotice): string {
  let text = texts.get(message);
  if (text === undefined) {
    text = redact(JSON.stringify(message));
    texts.set(message, text);
  }
  return text;
}

/** A list of sheets that cannot be read just now is told with the next change. */
const noise = (error: unknown) => console.error(redact(`daggr: ${error}`));
