import { clientError } from "./client-errors.ts";
import { type Environment, hubEndpoint } from "./hub-environment.ts";

/** Where an app is: a Space, whose address the Hub knows, or an address. */
export type GradioSource =
  | { readonly type: "space"; readonly id: string }
  | { readonly type: "url"; readonly url: URL };

const HUB_HOSTS = new Set(["huggingface.co", "www.huggingface.co", "hf.co"]);

/** No part is a way through folders. A slash at the end is nobody's mistake. */
const SPACE_ID = /^((?!\.{1,2}\/)[\w.-]+\/(?!\.{1,2}\/?$)[\w.-]+)\/*$/;
const SPACE_PAGE = /^\/+spaces\/+([\w.-]+\/[\w.-]+)/;

/** Whether it names a Python app on this machine: `./tools.py`, `../space/`, `/srv/app.py`, `C:\\app.py`, `tools.py`. */
export function isLocalPath(source: string): boolean {
  const trimmed = source.trim();
  return /^(?:\.{1,2}(?:[\\/]|$)|\/|file:|[A-Za-z]:[\\/])/.test(trimmed) || /^[^\\/:]+\.py$/.test(trimmed);
}

/** An address as it may be shown and told: without the user and the password that may stand in it. */
export const withoutLogin = (source: string): string =>
  source.trim().replace(/^(https?:\/\/)[^/?#]*@/i, "$1");

/** Reads `owner/name`, a Space page's address or the address of any Gradio app. Throws `INVALID_SOURCE`. */
export function parseSource(source: string, env?: Environment): GradioSource {
  const trimmed = source.trim();
  const id = isLocalPath(trimmed) ? undefined : SPACE_ID.exec(trimmed)?.[1];
  if (id !== undefined) return { type: "space", id };
  if (isLocalPath(trimmed)) {
    throw clientError(
      "INVALID_SOURCE",
      `'${source}' is a path on this machine: only a GradioNode starts the app of one. Here give the address at which it runs.`,
    );
  }
  const url = /^https?:\/\//i.test(trimmed) ? URL.parse(trimmed) : null;
  if (url === null) {
    throw clientError(
      "INVALID_SOURCE",
      `'${withoutLogin(source)}' is neither a Space ('owner/name') nor the address of a Gradio app ('https://…') nor the path of a Python app ('./tools.py').${meantSource(trimmed)}`,
    );
  }
  if (!isHubPage(url, env)) return { type: "url", url: toRoot(url) };
  const page = SPACE_PAGE.exec(url.pathname)?.[1];
  if (page !== undefined) return { type: "space", id: page };
  const model = SPACE_ID.exec(url.pathname.slice(1))?.[1];
  const hint = model === undefined ? "" : ` If it is a model, call it with InferenceNode("${model}").`;
  throw clientError(
    "INVALID_SOURCE",
    `'${withoutLogin(source)}' is a page of Hugging Face, but not of a Space ('owner/name').${hint}`,
  );
}

/** Whether an address is one of the Hub's own pages. */
export function isHubPage(url: URL, env?: Environment): boolean {
  return HUB_HOSTS.has(url.hostname) || url.origin === URL.parse(hubEndpoint(env))?.origin;
}

/** The id of a Space, whichever way it is written; `undefined` for anything else. */
export function spaceIdOf(source: string, env?: Environment): string | undefined {
  try {
    const parsed = parseSource(source, env);
    return parsed.type === "space" ? parsed.id : undefined;
  } catch {
    return undefined;
  }
}

/** What was most likely meant by a text that names no app, as a sentence; empty where nothing is near. */
export function meantSource(text: string): string {
  const near = nearSource(text.trim());
  return near === undefined ? "" : ` Did you mean '${near}'?`;
}

function nearSource(text: string): string | undefined {
  const page = /^(?:[\w.-]+\.\w+\/|\/)?(?:spaces\/)([\w.-]+\/[\w.-]+)/.exec(text)?.[1];
  if (page !== undefined) return page;
  if (/^(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:\/|$)/.test(text)) return `http://${text}`;
  return /^([\w.-]+\/[\w.-]+)\//.exec(text)?.[1];
}

/** The address with a slash at the end, without query and fragment. */
export function toRoot(url: URL): URL {
  const root = new URL(url);
  root.search = "";
  root.hash = "";
  root.pathname = `${root.pathname.replace(/\/+$/, "")}/`;
  return root;
}
