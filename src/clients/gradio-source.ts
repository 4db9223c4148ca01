import { clientError } from "./client-errors.ts";
import { type Environment, hubEndpoint } from "./tokens.ts";

/** Where an app is: a Space, whose address the Hub knows, or an address. */
export type GradioSource =
  | { readonly type: "space"; readonly id: string }
  | { readonly type: "url"; readonly url: URL };

const HUB_HOSTS = new Set(["huggingface.co", "www.huggingface.co", "hf.co"]);

/** Whether it names a Python app on this machine: `./tools.py`, `../space/`, `/srv/app.py`, `C:\\app.py`, `tools.py`. */
export function isLocalPath(source: string): boolean {
  const trimmed = source.trim();
  return /^(?:\.{1,2}(?:[\\/]|$)|\/|file:|[A-Za-z]:[\\/])/.test(trimmed) || /^[^\\/:]+\.py$/.test(trimmed);
}

/** Reads `owner/name`, a Space page's address or the address of any Gradio app. Throws `INVALID_SOURCE`. */
export function parseSource(source: string, env?: Environment): GradioSource {
  const trimmed = source.trim();
  if (/^[\w.-]+\/[\w.-]+$/.test(trimmed) && !trimmed.startsWith(".")) return { type: "space", id: trimmed };
  if (isLocalPath(trimmed)) {
    throw clientError(
      "INVALID_SOURCE",
      `'${source}' is a path on this machine: only a GradioNode starts the app of one. Here give the address at which it runs.`,
    );
  }
  const url = /^https?:\/\//i.test(trimmed) ? URL.parse(trimmed) : null;
  if (url === null) {
    const isHost = /^(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:\/|$)/.test(trimmed);
    const hint = isHost ? ` Did you mean 'http://${trimmed}'?` : "";
    throw clientError(
      "INVALID_SOURCE",
      `'${source}' is neither a Space ('owner/name') nor the address of a Gradio app ('https://…').${hint}`,
    );
  }
  const isHub = HUB_HOSTS.has(url.hostname) || url.origin === URL.parse(hubEndpoint(env))?.origin;
  const page = isHub ? /^\/spaces\/([\w.-]+\/[\w.-]+)/.exec(url.pathname) : null;
  if (page?.[1] !== undefined) return { type: "space", id: page[1] };
  return { type: "url", url: toRoot(url) };
}

/** The address with a slash at the end, without query and fragment. */
export function toRoot(url: URL): URL {
  const root = new URL(url);
  root.search = "";
  root.hash = "";
  if (!root.pathname.endsWith("/")) root.pathname += "/";
  return root;
}
