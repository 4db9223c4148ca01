import type { GraphDefinition } from "../graph/definition.ts";
import type { Place } from "../base/place.ts";

export interface LaunchOptions {
  /** Default 127.0.0.1 (`DAGGR_HOST`, `GRADIO_SERVER_NAME`). Any other asks for a token. */
  host?: string;
  /** Default 7860 (`DAGGR_PORT`, `GRADIO_SERVER_PORT`); when it is taken, the next free one. */
  port?: number;
  /** Open the browser. Default: when a person is at the terminal. */
  open?: boolean;
  /** A theme's name, or CSS variables. */
  theme?: string | Readonly<Record<string, string>>;
  /** `false` serves the canvas only. */
  api?: boolean;
  /** Where it keeps its data. Default: `.daggr_sessions.db` in the current folder (`DAGGR_DB_PATH`). */
  dbPath?: string;
  /** Believe `X-Forwarded-*`. Only behind a proxy of your own. */
  trustProxy?: boolean;
  /** The largest JSON body, upload and socket frame (bytes), and the deepest nesting. */
  limits?: { jsonBytes?: number; uploadBytes?: number; frameBytes?: number; nesting?: number };
}

export interface Launched {
  readonly url: string;
  /** Stops serving; what runs is interrupted and kept. */
  close(): Promise<void>;
}

export async function launch(definition: GraphDefinition, options: LaunchOptions, place: Place | undefined): Promise<Launched> {
  void definition;
  void options;
  void place;
  throw new Error("not yet");
}
