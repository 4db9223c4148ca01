import type { ErrorData } from "../../base/errors.ts";
import { redact } from "../../base/redact.ts";
import { style } from "../terminal.ts";

/** `12:04:31 draw failed: The message. (app.ts:12)`, in one line. */
export function failureLine(node: string, { message, place, hint }: ErrorData, at = new Date()): string {
  const sentence = redact(message).split("\n")[0]!.slice(0, 400);
  const more = hint === undefined ? "" : ` ${redact(hint).split("\n")[0]!}`;
  const where = place === undefined ? "" : ` (${place.replace(`${process.cwd()}/`, "")})`;
  const time = style("dim", at.toTimeString().slice(0, 8));
  return `${time} ${style("red", `${node} failed:`)} ${sentence}${more}${style("dim", where)}`;
}
