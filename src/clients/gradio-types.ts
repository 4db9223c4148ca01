import type { FileStore } from "../base/files.ts";
import type { Json } from "../base/json.ts";
import type { ComponentProps } from "./gradio-props.ts";

/** How a value holds files: not at all, as one, as a list of them, or somewhere inside (`MultimodalTextbox`). */
export type FilePlace = false | "one" | "many" | "inside";

export interface GradioParameter {
  readonly name: string;
  readonly label: string;
  /** `Textbox`, `Image`, … as Gradio writes it. */
  readonly component: string;
  readonly hasDefault: boolean;
  readonly default: Json;
  readonly file: FilePlace;
  /** JSON schema of what travels. */
  readonly schema: Json;
  readonly props: ComponentProps;
}

export interface GradioReturn {
  readonly label: string;
  readonly component: string;
  readonly file: FilePlace;
  readonly schema: Json;
  readonly props: ComponentProps;
}

/** An endpoint as a user sees it: state and buttons are left out. */
export interface GradioEndpoint {
  /** With its slash: `/predict`. */
  readonly apiName: string;
  readonly description: string;
  readonly parameters: readonly GradioParameter[];
  readonly returns: readonly GradioReturn[];
  /** Yields partial results. */
  readonly generator: boolean;
  /** Listed by the app's own "Use via API" page. */
  readonly documented: boolean;
  /** The app wants the caller's Hugging Face token as an argument; it is never given unasked. */
  readonly asksForToken: boolean;
}

/** An endpoint with how its call travels. */
export interface EndpointRoute extends GradioEndpoint {
  readonly fnIndex: number;
  /** Per value on the wire the index of the parameter, or -1 where state is spliced in. */
  readonly inputs: readonly number[];
  /** Per value on the wire the index of the return, or -1 where it is not surfaced. */
  readonly outputs: readonly number[];
}

/** What an app offers, as plain data; this is what is cached. */
export interface GradioDescription {
  /** Base address with a slash at the end. */
  readonly root: string;
  /** Path under the root where the API is, with a slash at the end: `gradio_api/`. */
  readonly prefix: string;
  readonly appId: string;
  /** Gradio's version. */
  readonly version: string;
  readonly protocol: string;
  /** Bytes an upload may have, or null. */
  readonly maxFileSize: number | null;
  readonly space: { readonly id: string; readonly commit: string } | null;
  readonly endpoints: readonly EndpointRoute[];
}

/** What a running call tells. */
export type GradioUpdate =
  /** Waiting in the app's queue; 0 is next. */
  | { readonly type: "queue"; readonly position: number; readonly size: number; readonly etaMs?: number }
  | { readonly type: "started" }
  | { readonly type: "progress"; readonly value: number | null; readonly text?: string }
  | { readonly type: "log"; readonly level: "info" | "warning" | "error"; readonly text: string }
  /** All return values so far. */
  | { readonly type: "partial"; readonly outputs: readonly unknown[] };

export interface CallOptions {
  /** Files for the endpoint are read from here, what it returns is put here. */
  readonly files: FileStore;
  readonly signal: AbortSignal;
  onUpdate?(update: GradioUpdate): void;
  /** Arguments whose texts are paths or web addresses of the user's own script. */
  readonly trustedPaths?: ReadonlySet<string>;
  /** Milliseconds without a sign of life before the call fails; Gradio sends one every 15 s. Default 60,000. */
  readonly idleMs?: number | undefined;
  /** Milliseconds for the whole call. */
  readonly timeoutMs?: number | undefined;
  /** The `x-ip-token` of whoever calls, by which ZeroGPU counts. Goes to Spaces that the Hub named, nowhere else. */
  readonly ipToken?: string | undefined;
  /** Calls with the same session share the app's state; they go one after the other. Default: a new one per call. */
  readonly session?: string | undefined;
}

export interface ConnectOptions {
  /** A Hugging Face token, only ever sent to the Hub and to hosts that it names; `false` for none. */
  readonly token?: string | false | undefined;
  /** User and password of the app's own login. */
  readonly auth?: readonly [user: string, password: string] | undefined;
  /** Sent to the app's own origin only. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told while a Space wakes up. */
  readonly onUpdate?: ((update: GradioUpdate) => void) | undefined;
  /** Milliseconds for each request that connecting takes; default 30,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds to wait for a sleeping Space; default 600,000. */
  readonly wakeTimeoutMs?: number | undefined;
  /** Milliseconds between two looks at a waking Space; default 4,000. */
  readonly pollMs?: number | undefined;
  /** What messages call it. Default: the Space's id, or the address. */
  readonly label?: string | undefined;
  /** Where descriptions are kept; `false` for nowhere. */
  readonly cacheFolder?: string | false | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A Gradio app that was reached. */
export interface GradioApp {
  readonly root: string;
  readonly space: { readonly id: string; readonly commit: string } | null;
  /** Documented and undocumented. */
  readonly endpoints: readonly GradioEndpoint[];
  /**
   * Calls an endpoint with arguments by name and resolves to its return values in order, files as `FileRef`.
   * Rejects with a `DaggrError`; aborting `signal` cancels exactly this call on the server, then rejects with `CANCELLED`.
   */
  call(
    apiName: string,
    args: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<readonly unknown[]>;
}
