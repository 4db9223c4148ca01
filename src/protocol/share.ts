/** How sharing stands, as the page and the terminal show it. */
export interface ShareView {
  /** `lost`: the tunnel has ended and is being opened again. `ended`: it stays closed. */
  readonly status: "starting" | "open" | "lost" | "ended";
  /** The address to give away; it holds the access token. */
  readonly link?: string;
  /** Whose servers the traffic goes through, in words. */
  readonly through: string;
  /** When the link ends by itself (milliseconds since 1970), where that is known. */
  readonly until?: number;
  /** Why it is lost or ended. */
  readonly problem?: string;
}

/** What `GET /api/share` answers: nothing is shared, or how it stands for whoever asks. */
export interface ShareAnswer {
  readonly share: ShareView | null;
  /** Whether whoever asks may end it. */
  readonly canStop: boolean;
}
