import type { WebSocket } from "ws";
import type { SheetNotice } from "../engine/notices.ts";
import { withShortOutputs } from "../engine/told-outputs.ts";
import type { ServerMessage } from "../protocol/messages.ts";
import type { ServerContext } from "./context.ts";

/** Keeps one page in step with one sheet. */
export interface Follower {
  readonly sheet: string;
  stop(): void;
}

/** Bytes that may wait in a socket. A page that reads more slowly is not told every step but, later, where things stand. */
const MOST_BUFFERED = 4_000_000;
const LOOK_AGAIN_MS = 100;

/**
 * Tells a socket what it missed since `after`, or the whole sheet, then every change.
 * Rejects when there is no such sheet.
 */
export async function followSheet(
  ws: WebSocket,
  { engine, scope, shown }: ServerContext,
  sheet: string,
  textOf: (message: ServerMessage) => string,
  after?: number,
): Promise<Follower> {
  let isStopped = false;
  let stopWatching: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const fallBehind = () => {
    stopWatching?.();
    stopWatching = undefined;
    timer = setInterval(() => {
      if (ws.bufferedAmount > MOST_BUFFERED / 8) return;
      clearInterval(timer);
      timer = undefined;
      // The sheet may have been deleted meanwhile; then there is nothing left to tell.
      start(undefined).catch(() => {});
    }, LOOK_AGAIN_MS);
  };
  const onNotice = (notice: SheetNotice) => {
    if (isStopped || timer !== undefined || ws.readyState !== ws.OPEN) return;
    if (notice.type === "node" && notice.state.partial === true) shown.note(notice.state.outputs);
    ws.send(textOf(notice));
    if (ws.bufferedAmount > MOST_BUFFERED) fallBehind();
  };
  const watch = (from: number): boolean => {
    const { complete, stop } = engine.watch(scope, sheet, onNotice, from);
    if (!complete) stop();
    else if (isStopped || timer !== undefined) stop();
    else stopWatching = stop;
    return complete;
  };
  const start = async (from: number | undefined): Promise<void> => {
    if (from !== undefined && watch(from)) return;
    for (let attempt = 0; attempt < 3 && !isStopped; attempt++) {
      const { view, seq } = await engine.openSheet(scope, sheet);
      if (isStopped) return;
      for (const { partial, outputs } of Object.values(view.nodes)) if (partial === true) shown.note(outputs);
      ws.send(textOf({ type: "sheet", seq, view: withShortOutputs(view) }));
      if (watch(seq)) return;
    }
  };

  await start(after);
  return {
    sheet,
    stop() {
      isStopped = true;
      clearInterval(timer);
      stopWatching?.();
    },
  };
}
