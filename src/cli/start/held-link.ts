import type { HeldTunnel } from "../../clients/share/hold-tunnel.ts";
import type { TunnelState } from "../../clients/share/tunnel.ts";

/** The tunnel of a script that reloads: it leads to a port that each version takes over from the one before. */
export class HeldLink {
  readonly #onState: (state: TunnelState) => void;
  #tunnel: HeldTunnel | undefined;
  #door: { readonly port: number; readonly token: string } | undefined;
  #state: TunnelState | undefined;
  #opening: Promise<void> | undefined;
  #isStopped = false;

  constructor(onState: (state: TunnelState) => void) {
    this.#onState = onState;
  }

  get door(): { readonly port: number; readonly token: string } | undefined {
    return this.#door;
  }

  get state(): TunnelState | undefined {
    return this.#state;
  }

  /** Somebody said no: later versions of the script do not share again. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** A version of the script has its entrance open. */
  async lead(door: { readonly port: number; readonly token: string }): Promise<void> {
    const isSame = this.#door?.port === door.port && this.#door.token === door.token;
    if (isSame && this.#opening !== undefined) return;
    await this.close();
    this.#door = door;
    this.#opening = this.#open(door.port);
    await this.#opening;
  }

  async #open(port: number): Promise<void> {
    const [{ holdTunnel }, { gradioTunnels }] = await Promise.all([
      import("../../clients/share/hold-tunnel.ts"),
      import("../../clients/share/gradio-tunnel.ts"),
    ]);
    if (this.#isStopped) return;
    this.#tunnel = holdTunnel({
      port,
      start: gradioTunnels(),
      onState: (state) => {
        this.#state = state;
        this.#onState(state);
      },
    });
  }

  /** For good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.close();
  }

  async close(): Promise<void> {
    const tunnel = this.#tunnel;
    this.#tunnel = undefined;
    this.#opening = undefined;
    this.#door = undefined;
    this.#state = undefined;
    await tunnel?.close();
  }
}
