import type { UpstreamNews } from "../../app/watch-upstream.ts";
import type { TunnelState } from "../../clients/share/tunnel.ts";
import type { Banner } from "../../protocol/messages.ts";
import type { UpstreamChange, UpstreamChoice } from "../../protocol/upstream.ts";
import type { ScriptError } from "../script-error.ts";

/** What the supervisor tells the process that holds one version of the script. */
export type ToChild =
  | {
      readonly type: "listen";
      readonly host?: string;
      readonly port?: number;
      /** That port or none: a page is waiting there. */
      readonly strictPort: boolean;
      /** `undefined` leaves it to the script and to whether a person is at the terminal. */
      readonly open?: boolean;
      readonly banner: Banner | null;
      /** That of the version before, so that open pages stay let in. */
      readonly token?: string;
      /** Changes of Spaces and models that were decided about, as `space ada/echo`. */
      readonly ignoredUpstream: readonly string[];
      /** `true`: a link is asked for; `false`: somebody has stopped it; else the script says. */
      readonly share?: boolean;
      /** The entrance of the version before, to which the tunnel leads. */
      readonly door?: { readonly port: number; readonly token: string };
    }
  | { readonly type: "banner"; readonly banner: Banner | null }
  | {
      readonly type: "choose-upstream";
      readonly kind: UpstreamChange["kind"];
      readonly id: string;
      readonly choice: UpstreamChoice;
    }
  /** How the tunnel stands that the supervisor holds. */
  | { readonly type: "tunnel"; readonly state: TunnelState };

/** What that process tells the supervisor. */
export type FromChild =
  /** Local files that the script loaded. */
  | { readonly type: "files"; readonly files: readonly string[] }
  /** There is a graph, and nothing is certainly wrong with it. */
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly error: ScriptError }
  | { readonly type: "upstream"; readonly news: UpstreamNews }
  | {
      readonly type: "listening";
      readonly name: string;
      readonly url: string;
      readonly port: number;
      readonly askedPort: number;
      /** Set where visitors need one. */
      readonly token?: string;
      /** It wants a tunnel, and will say where to. */
      readonly isShared: boolean;
    }
  /** Here is the entrance for a tunnel. */
  | { readonly type: "door"; readonly port: number; readonly token: string }
  /** Somebody has stopped sharing on the page. */
  | { readonly type: "close-tunnel" };
