import { type RawAnswer, sendRaw } from "./raw-request.ts";

/** The server under attack, and what must not come out of it. */
export interface Target {
  readonly port: number;
  /** Of a file that is really kept. */
  readonly fileId: string;
  /** A file outside the store. */
  readonly canaryPath: string;
  readonly canary: string;
  readonly secret: string;
}

export interface HostileCase {
  readonly group: string;
  readonly name: string;
  /** What got through; `undefined` when the server held. */
  attack(target: Target): Promise<string | undefined>;
}

/** `refused`: a 4xx, or the connection closed. `harmless`: that, or an answer that gives nothing away. */
export type Verdict = "refused" | "harmless";

export const own = (target: Target): readonly [string, string] => ["Host", `127.0.0.1:${target.port}`];

/** A case of one HTTP request. */
export function httpCase(
  group: string,
  name: string,
  verdict: Verdict,
  bytes: (target: Target) => string | Buffer,
  more?: (answer: RawAnswer, target: Target) => string | undefined,
): HostileCase {
  return {
    group,
    name,
    async attack(target) {
      const answer = await sendRaw(target.port, bytes(target));
      return judge(answer, verdict, target) ?? more?.(answer, target);
    },
  };
}

export function judge(
  { status, head, body }: RawAnswer,
  verdict: Verdict,
  target: Target,
): string | undefined {
  const said = `${status} ${body.slice(0, 200)}`;
  const isOwnFailure = status === 500 && body.includes('"code":"NODE_FAILED"');
  if (status >= 500 && !isOwnFailure) return `a server error: ${said}`;
  if (verdict === "refused" && status !== 0 && (status < 400 || status > 499)) return `let in: ${said}`;
  return leak(head + body, target) ?? (status > 0 ? unsafeAnswer({ status, head, body }) : undefined);
}

/** What must never come out. */
export function leak(text: string, target: Target): string | undefined {
  if (text.includes(target.canary)) return "gave a file away";
  if (/root:x?:0:0/.test(text)) return "gave /etc/passwd away";
  if (text.includes(target.secret)) return "gave a secret away";
  if (/\n\s+at .*\.(?:ts|js):\d+|node_modules|\bat file:\/\/\//.test(text)) return "gave a stack away";
  return undefined;
}

/** An answer that a browser could take for a page of ours. */
function unsafeAnswer({ head, body }: RawAnswer): string | undefined {
  if (body === "") return undefined;
  if (!/\r\nx-content-type-options: nosniff/i.test(head)) return "an answer whose type a browser may guess";
  if (/\r\ncontent-type: text\/html/i.test(head) && !/\r\ncontent-security-policy: /i.test(head))
    return "a page without a policy";
  if (/\r\naccess-control-allow-/i.test(head)) return "an answer that other origins may read";
  return undefined;
}
