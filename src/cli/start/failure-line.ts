import type { ErrorData } from "../../base/errors.ts";
import { redact } from "../../base/redact.ts";
import { style } from "../terminal.ts";

/** `12:04:31 draw failed: The message. (app.ts:12)`, in one line; under it the end of a log, where there is one. */
export function failureLine(
  node: string,
  { code, message, place, hint }: ErrorData,
  at = new Date(),
): string {
  const [first = "", ...log] = redact(message).split("\n");
  const sentence = first.slice(0, 400);
  const more = hint === undefined || message.includes(hint) ? "" : ` ${redact(hint).split("\n")[0]!}`;
  const where = place === undefined ? "" : ` (${place.replace(`${process.cwd()}/`, "")})`;
  const time = style("dim", at.toTimeString().slice(0, 8));
  // What a program of its own printed before it failed.
  const tail = code.startsWith("LOCAL_")
    ? log.map((line) => `\n${style("dim", line.slice(0, 400))}`).join("")
    : "";
  return `${time} ${style("red", `${node} failed:`)} ${sentence}${more}${style("dim", where)}${tail}`;
}
