/** A way from outside to a port of this machine. */
export interface Tunnel {
  /** Where the outside reaches it. */
  readonly url: string;
  /** When it ends by itself, in milliseconds since 1970. */
  readonly until?: number;
  /** Resolves with why, when it has ended without being asked to. */
  readonly ended?: Promise<string>;
  /** Closes it. */
  close(): void | Promise<void>;
}

/** Opens a tunnel to a port of 127.0.0.1. */
export type StartTunnel = (port: number) => Promise<Tunnel>;

/** How a tunnel that is held stands. */
export interface TunnelState {
  readonly status: "starting" | "open" | "lost" | "ended";
  readonly url?: string;
  readonly until?: number;
  readonly problem?: string;
}
