import { z } from "zod";
import { hashText } from "../../base/json.ts";
import { rememberSecret } from "../../base/redact.ts";
import { clientError } from "../client-errors.ts";
import { askHub } from "../hub.ts";
import { type Environment, hubEndpoint } from "../hub-environment.ts";

/** Whose token it is. */
export interface HubUser {
  /** Stays the same when the name is changed. */
  readonly id: string;
  readonly name: string;
  readonly fullName?: string;
}

const schema = z.looseObject({
  type: z.string().nullish(),
  id: z.string().nullish(),
  name: z.string().min(1).max(200),
  fullname: z.string().max(400).nullish(),
});

/** A right answer counts so long, a wrong one shorter: a token may just have been made. */
const KNOWN_MS = 5 * 60_000;
const REFUSED_MS = 20_000;
const MOST = 1_000;

interface Answer {
  readonly user: Promise<HubUser>;
  until: number;
}

const answers = new Map<string, Answer>();

/** Asks the Hub whose token it is. Throws `TOKEN_REFUSED`, `HUB_UNREACHABLE`, `HUB_OFFLINE`. The answer is kept for some minutes. */
export function whoAmI(token: string, env: Environment = process.env): Promise<HubUser> {
  rememberSecret(token);
  const key = hashText(JSON.stringify([token, hubEndpoint(env)]));
  const known = answers.get(key);
  if (known !== undefined && Date.now() < known.until) return known.user;
  const answer: Answer = { user: ask(token, env), until: Date.now() + KNOWN_MS };
  answers.delete(key);
  answers.set(key, answer);
  for (const oldest of answers.keys()) {
    if (answers.size <= MOST) break;
    answers.delete(oldest);
  }
  answer.user.catch((error: { code?: string }) => {
    if (error.code === "TOKEN_REFUSED") answer.until = Date.now() + REFUSED_MS;
    else if (answers.get(key) === answer) answers.delete(key);
  });
  return answer.user;
}

/** What was answered is asked anew the next time. */
export function forgetWhoAmI(): void {
  answers.clear();
}

async function ask(token: string, env: Environment): Promise<HubUser> {
  const { status, json } = await askHub("/api/whoami-v2", { token, env });
  if (status === 401 || status === 403) {
    throw clientError(
      "TOKEN_REFUSED",
      `${new URL(hubEndpoint(env)).host} does not accept this token: it has expired, was revoked, or is not whole. Make a new one at https://huggingface.co/settings/tokens.`,
    );
  }
  const read = schema.safeParse(json);
  if (!read.success)
    throw clientError("HUB_UNREACHABLE", `The Hub's answer about a token cannot be read (HTTP ${status}).`);
  const { id, name, fullname } = read.data;
  return { id: id || `name:${name}`, name, ...(fullname ? { fullName: fullname } : {}) };
}
