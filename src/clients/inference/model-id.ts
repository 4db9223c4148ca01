/** A model as the script names it. */
export interface ModelName {
  /** `owner/name`, as the Hub has it; whatever the server calls it, with an endpoint of one's own. */
  readonly id: string;
  /** After the colon: a provider, or a policy of the router. */
  readonly provider?: string;
}

/** How the router chooses among providers, for chat models only. */
export const POLICIES: ReadonlySet<string> = new Set(["fastest", "cheapest", "preferred"]);

/** `owner/name:provider`, `owner/name`, the page's address, or an old name without an owner (`gpt2`). */
export function parseModel(text: string): ModelName | undefined {
  const clean = text
    .trim()
    .replace(/^https?:\/\/(?:huggingface\.co|hf\.co)\//, "")
    .replace(/\/+$/, "");
  const match = /^([\w.-]+(?:\/[\w.-]+)?)(?::([\w-]+))?$/.exec(clean);
  if (match?.[1] === undefined || /(^|\/)\.{1,2}(\/|$)/.test(match[1])) return undefined;
  return match[2] === undefined || match[2] === "auto"
    ? { id: match[1] }
    : { id: match[1], provider: match[2] };
}
