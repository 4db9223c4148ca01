/** What `graph.launch()` takes. */
export interface LaunchOptions {
  /** Default 127.0.0.1 (`DAGGR_HOST`, `GRADIO_SERVER_NAME`). Any other asks for a token, which the printed address holds. */
  host?: string;
  /** Default 7860 (`DAGGR_PORT`, `GRADIO_SERVER_PORT`); when it is taken, the next free one. */
  port?: number;
  /** Open the browser. Default: when a person is at the terminal. */
  open?: boolean;
  /** A theme's name (`default`, `soft`, `monochrome`, `glass`, `base`, `ocean`, `origin`, `citrus`), or CSS variables:
   * those of the canvas or Gradio's (`{ "--accent": "#0b7285", "--accent-dark": "#66d9e8" }`). */
  theme?: string | Readonly<Record<string, string>>;
  /** `false` serves the canvas only. */
  api?: boolean;
  /**
   * Opens a link for others, which always holds an access token. `true`: through Gradio's share service, for a week;
   * or a tunnel of your own. Whoever has the link runs the workflow with your tokens.
   */
  share?: boolean | ShareProvider;
  /** Believe `X-Forwarded-*`. Only behind a proxy of your own. */
  trustProxy?: boolean;
  /** The largest JSON body, upload and socket frame (bytes: 10 MB, 200 MB, 1 MB), the largest imported sheet (2 GB), and the deepest nesting (100). */
  limits?: {
    jsonBytes?: number;
    uploadBytes?: number;
    importBytes?: number;
    frameBytes?: number;
    nesting?: number;
  };
}

/** A tunnel of your own for `launch({ share })`: see docs/sharing.md. */
export interface ShareProvider {
  /**
   * Opens a tunnel to a port of 127.0.0.1.
   *
   * @returns Where the outside reaches it, and how to close it. `ended` may resolve when it has ended by itself: it is
   *   then opened again.
   */
  start(port: number): Promise<{ url: string; close(): void | Promise<void>; ended?: Promise<unknown> }>;
}

/** What `graph.launch()` resolves to. */
export interface Launched {
  /** Where the canvas is. */
  readonly url: string;
  /** The link for others, with its token, while it is shared. */
  readonly shareUrl?: string | undefined;
  /** Stops serving; what runs is interrupted and kept. */
  close(): Promise<void>;
}
