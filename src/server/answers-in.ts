import { didYouMean } from "../base/closest.ts";
import { type DaggrError, describe } from "../base/errors.ts";
import type { GiveAnswer } from "../engine/engine.ts";
import type { Answer } from "../protocol/ask.ts";
import { unknown } from "./address-book.ts";
import type { ServerContext } from "./context.ts";
import { isObject } from "./json-input.ts";
import { refuse } from "./refusal.ts";
import { acceptValue } from "./values-in.ts";

const KEYS = ["action", "values", "choice"];
const LONGEST_REASON = 2_000;

/** Takes in an answer to a human step: `{ action, values? }`, `{ choice }` or `{ values }`. */
export async function acceptAnswer(
  context: Pick<ServerContext, "definition" | "files">,
  variants: Readonly<Record<string, number>>,
  node: string,
  item: unknown,
  given: Readonly<Record<string, unknown>>,
): Promise<GiveAnswer> {
  const found = context.definition.nodes.get(node);
  if (found === undefined)
    throw unknown("STEP_NOT_FOUND", "step", node, [...context.definition.nodes.keys()]);
  for (const key of Object.keys(given)) {
    if (KEYS.includes(key)) continue;
    throw refuse(
      "UNKNOWN_KEY",
      `Unknown key '${key.slice(0, 80)}' in an answer. There is ${[...KEYS, "item"].join(", ")}.${didYouMean(key, KEYS)}`,
    );
  }
  if (item !== undefined && !(Number.isInteger(item) && (item as number) >= 0))
    throw refuse("INVALID_ANSWER", `'item' must be a whole number, got ${describe(item)}.`, { node });
  const outputs = (found.variants[variants[node] ?? 0] ?? found).outputs;
  const answer = await acceptBody(given);
  return { node, answer, ...(item === undefined ? {} : { item: item as number }) };

  async function acceptBody({ action, choice, values }: Readonly<Record<string, unknown>>): Promise<Answer> {
    if (choice !== undefined) {
      if (action !== undefined || values !== undefined)
        throw wrong("either 'choice' or 'action' and 'values'", given);
      if (!Number.isInteger(choice)) throw wrong("'choice' as a whole number (0 is the first)", choice);
      return { choice: choice as number };
    }
    if (action !== undefined && action !== "approve" && action !== "reject")
      throw wrong("'action' as approve or reject", action);
    if (action === "reject") {
      if (values !== undefined && (typeof values !== "string" || values.length > LONGEST_REASON))
        throw wrong(`as 'values' the reason, a text of at most ${LONGEST_REASON} characters`, values);
      return values === undefined ? { action } : { action, values };
    }
    if (values === undefined && action === "approve") return { action };
    if (!isObject(values)) throw wrong("'action', 'choice' or 'values' (an object by port)", values ?? given);
    const accepted: Record<string, unknown> = {};
    for (const [port, value] of Object.entries(values)) {
      const component = outputs.get(port);
      if (component === undefined) {
        const known = [...outputs.keys()];
        throw refuse(
          "PORT_NOT_FOUND",
          `Step '${node}' has no output '${port.slice(0, 80)}'.${didYouMean(port, known)} It has: ${known.join(", ")}.`,
          { node, port },
        );
      }
      accepted[port] =
        component === null ? value : await acceptValue({ node, port, component }, context.files, value);
    }
    return action === "approve" ? { action, values: accepted } : { values: accepted };
  }

  function wrong(expected: string, got: unknown): DaggrError {
    return refuse("INVALID_ANSWER", `An answer to '${node}' takes ${expected}, got ${describe(got)}.`, {
      node,
    });
  }
}
