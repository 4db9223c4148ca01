import { isHubPage } from "../gradio-source.ts";
import type { Environment } from "../tokens.ts";

/** A model as the script names it. */
export interface ModelName {
  /** `owner/name`, as the Hub has it; whatever the server calls it, with an endpoint of one's own. */
  readonly id: string;
  /** After the colon: a provider, or a policy of the router. */
  readonly provider?: string;
}

/** How the router chooses among providers, for chat models only. */
export const POLICIES: ReadonlySet<string> = new Set(["fastest", "cheapest", "preferred"]);

/** A page of the Hub: the part of its address after the host. */
function pathOf(text: string, env: Environment | undefined): string {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (url === null) return text;
  return isHubPage(url, env) ? url.pathname.replace(/^\/+/, "") : text;
}

/** `owner/name:provider`, `owner/name`, the page's address, or an old name without an owner (`gpt2`). */
export function parseModel(text: string, env?: Environment): ModelName | undefined {
  const clean = pathOf(text.trim(), env).replace(/\/+$/, "");
  const match = /^([\w.-]+(?:\/[\w.-]+)?)(?::([\w-]+))?$/.exec(clean);
  if (match?.[1] === undefined || /(^|\/)\.{1,2}(\/|$)/.test(match[1])) return undefined;
  return match[2] === undefined || match[2] === "auto"
    ? { id: match[1] }
    : { id: match[1], provider: match[2] };
}

/** What was most likely meant by a text that names no model, as a sentence; empty where nothing is near. */
export function nearModel(text: string, env?: Environment): string {
  const path = pathOf(text.trim(), env).replace(/^(?:www\.)?(?:huggingface\.co|hf\.co)\//i, "");
  const space = /^spaces\/([\w.-]+\/[\w.-]+)/.exec(path)?.[1];
  if (space !== undefined) return ` '${space}' is a Space: call it with GradioNode.`;
  const model = /^(?:models\/)?([\w.-]+\/[\w.-]+)(?:\/|$)/.exec(path)?.[1];
  return model === undefined || parseModel(model) === undefined ? "" : ` Did you mean '${model}'?`;
}
