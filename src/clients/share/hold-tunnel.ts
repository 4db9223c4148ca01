import { redact } from "../../base/redact.ts";
import type { StartTunnel, Tunnel, TunnelState } from "./tunnel.ts";

/** Pauses before a tunnel that has ended is opened again; after the last one it stays closed. */
const PAUSES_MS: readonly number[] = [1_000, 5_000, 15_000, 30_000, 60_000, 120_000];
/** A tunnel that stood for so long was a good one: the next pauses are short again. */
const GOOD_MS = 60_000;

export interface HeldTunnel {
  readonly state: TunnelState;
  /** Resolves when the first attempt has ended, well or not. */
  readonly settled: Promise<void>;
  /** Closes it; it stays closed. */
  close(): Promise<void>;
}

export interface HoldOptions {
  readonly port: number;
  readonly start: StartTunnel;
  readonly onState: (state: TunnelState) => void;
  readonly pausesMs?: readonly number[];
}

/** Keeps a tunnel open until it is closed: one that ends by itself is opened again, and every change is told. */
export function holdTunnel({ port, start, onState, pausesMs = PAUSES_MS }: HoldOptions): HeldTunnel {
  let state: TunnelState = { status: "starting" };
  let tunnel: Tunnel | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let failures = 0;

  const become = (next: TunnelState) => {
    state = next;
    onState(next);
  };
  const failed = (problem: string) => {
    if (isClosed) return;
    const pause = pausesMs[failures++];
    // Nobody waits for a link that has never been there.
    if (pause === undefined || state.status === "starting") return become({ status: "ended", problem });
    become({ status: "lost", problem });
    timer = setTimeout(() => void open(), pause);
    timer.unref();
  };
  const open = async (): Promise<void> => {
    try {
      const opened = await start(port);
      if (isClosed) return void (await opened.close());
      tunnel = opened;
      const openedAt = performance.now();
      const { url, until } = opened;
      become({ status: "open", url, ...(until === undefined ? {} : { until }) });
      void opened.ended?.then((why) => {
        if (tunnel !== opened) return;
        tunnel = undefined;
        if (performance.now() - openedAt > GOOD_MS) failures = 0;
        void closeQuietly(opened);
        failed(why);
      });
    } catch (error) {
      failed(redact(error instanceof Error ? error.message : String(error)));
    }
  };
  onState(state);
  const settled = open();
  return {
    get state() {
      return state;
    },
    settled,
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
      const open = tunnel;
      tunnel = undefined;
      state = { status: "ended" };
      if (open !== undefined) await closeQuietly(open);
    },
  };
}

async function closeQuietly(tunnel: Tunnel): Promise<void> {
  try {
    await tunnel.close();
  } catch {
    // It was to be gone, and it is not ours to mend.
  }
}
