import { DaggrError, describe } from "../base/errors.ts";
import type { TunnelState } from "../clients/share/tunnel.ts";
import type { ShareView } from "../protocol/share.ts";
import type { RunningServer } from "../server/serve.ts";
import type { DoorOptions } from "../server/sharing/door.ts";
import type { ShareProvider } from "./launch-options.ts";

/** Who holds the tunnel: this process, or the command that outlives it. */
export type HoldShare = (
  door: { readonly port: number; readonly token: string },
  onState: (state: TunnelState) => void,
) => Promise<HeldElsewhere>;

export interface HeldElsewhere {
  /** Resolves when it is known whether there is a link. */
  readonly settled: Promise<void>;
  /** Closes the tunnel, and keeps it closed. */
  stop(): Promise<void>;
  /** The server ends: whoever holds the tunnel decides. */
  leave(): Promise<void>;
}

export interface SharingOptions extends DoorOptions {
  readonly share: true | ShareProvider;
  /** Default: this process. */
  readonly hold?: HoldShare;
  readonly onChange: (view: ShareView) => void;
}

export interface ActiveSharing {
  readonly link: string | undefined;
  /** Resolves when it is known whether there is a link. */
  readonly settled: Promise<void>;
  /** The server stops; whoever else holds the tunnel keeps it. */
  close(): Promise<void>;
}

/** @throws DaggrError `INVALID_OPTION` */
export function checkShare(share: unknown, details: ErrorDetailsOf): true | ShareProvider | undefined {
  if (share === undefined || share === false) return undefined;
  if (share === true) return true;
  if (typeof share === "object" && share !== null && typeof (share as ShareProvider).start === "function")
    return share as ShareProvider;
  throw new DaggrError(
    "INVALID_OPTION",
    `launch: share must be true, or { start(port) } that opens a tunnel and returns { url, close }, got ${describe(share)}.`,
    details,
  );
}

type ErrorDetailsOf = ConstructorParameters<typeof DaggrError>[2];

/** Opens a door for visitors from outside and a tunnel to it. The tunnel's failure is told, and leaves the canvas alone. */
export async function startSharing(
  server: RunningServer,
  { share, hold = holdHere(share), onChange, ...door }: SharingOptions,
): Promise<ActiveSharing> {
  // Where an earlier version of the script had it, if nobody has taken the port since.
  const opened = server.openDoor(door).catch((error: unknown) => {
    if (door.port === undefined) throw error;
    return server.openDoor({ ...door, port: 0 });
  });
  const { port, token, setAddress } = await opened;
  const through = share === true ? "Gradio's share service" : "a tunnel of the script's own";
  let link: string | undefined;
  let held: HeldElsewhere | undefined;
  let isStopped = false;
  const show = (state: TunnelState): void => {
    if (isStopped) return;
    link = setAddress(state.url);
    const { status, until, problem } = state;
    const view: ShareView = {
      status,
      through,
      ...(link === undefined ? {} : { link }),
      ...(until === undefined ? {} : { until }),
      ...(problem === undefined ? {} : { problem }),
    };
    server.showShare({ view, stop });
    onChange(view);
  };
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    show({ status: "ended", problem: "You have stopped it." });
    isStopped = true;
    // Whoever is in is out: with the address gone the door answers to nobody from outside.
    await held?.stop();
  };
  held = await hold({ port, token }, show);
  return {
    get link() {
      return link;
    },
    settled: held.settled,
    async close() {
      isStopped = true;
      await held?.leave();
    },
  };
}

function holdHere(share: true | ShareProvider): HoldShare {
  return async ({ port }, onState) => {
    const { holdTunnel } = await import("../clients/share/hold-tunnel.ts");
    const start = share === true ? await gradio() : ownTunnel(share);
    const { settled, close } = holdTunnel({ port, start, onState });
    return { settled, stop: close, leave: close };
  };
}

async function gradio() {
  const { gradioTunnels } = await import("../clients/share/gradio-tunnel.ts");
  return gradioTunnels();
}

/** What the script's own function returned, looked at before it is believed. */
function ownTunnel(provider: ShareProvider) {
  return async (port: number) => {
    const tunnel: unknown = await provider.start(port);
    const { url, close, ended } = (tunnel ?? {}) as Partial<Awaited<ReturnType<ShareProvider["start"]>>>;
    const address = typeof url === "string" ? URL.parse(url) : null;
    if (address === null || !/^https?:$/.test(address.protocol) || typeof close !== "function") {
      throw new DaggrError(
        "INVALID_OPTION",
        `share.start must return { url, close } with an address like https://name.example, got ${describe(tunnel)}.`,
      );
    }
    return {
      url: address.origin,
      close: () => close.call(tunnel),
      ...(ended === undefined
        ? {}
        : { ended: Promise.resolve(ended).then((why) => String(why ?? "The tunnel has ended.")) }),
    };
  };
}
