import { redact } from "../base/redact.ts";

/** A line of a file that holds what must not leave this machine. */
export interface FoundSecret {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\bhf_(?:oauth_[\w.-]{16,}|[A-Za-z0-9]{30,})/, "a Hugging Face token"],
  [/\bapi_org_[A-Za-z0-9]{30,}/, "a Hugging Face token of an organization"],
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, "a private key"],
  [/\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{32,}/, "a key of an AI service"],
  [/\bgsk_[A-Za-z0-9]{40,}/, "a key of an AI service"],
  [/\br8_[A-Za-z0-9]{36,}/, "a key of an AI service"],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{40,}/, "a GitHub token"],
  [/\bglpat-[A-Za-z0-9_-]{20,}/, "a GitLab token"],
  [/\bnpm_[A-Za-z0-9]{36}\b/, "an npm token"],
  [/\bAKIA[0-9A-Z]{16}\b/, "a key of Amazon Web Services"],
  [/\bAIza[A-Za-z0-9_-]{35}\b/, "a key of Google"],
  [/\bxox[abprs]-[A-Za-z0-9-]{20,}/, "a Slack token"],
];

/** Hashes of packages are random letters, among which anything may stand. */
const HASHES = /"(?:integrity|shasum)": "[^"]*"/g;

/** Finds tokens and keys, and the secrets that this process knows, in a file that would be sent. Never tells them. */
export function findSecrets(path: string, content: Uint8Array): FoundSecret[] {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1");
  const isWhole = KINDS.some(([pattern]) => pattern.test(text)) || redact(text) !== text;
  if (!isWhole) return [];
  const found: FoundSecret[] = [];
  for (const [index, line] of text.replace(HASHES, "").split("\n").entries()) {
    const kind = KINDS.find(([pattern]) => pattern.test(line))?.[1];
    const what = kind ?? (redact(line) === line ? undefined : "a secret of this machine's environment");
    if (what !== undefined) found.push({ path, line: index + 1, what });
  }
  return found;
}
