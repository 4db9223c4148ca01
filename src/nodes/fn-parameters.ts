import { closest, didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import type { Place } from "../base/place.ts";
import type { Parameter } from "../graph/behaviour.ts";
import { readParameters } from "../graph/source-text.ts";
import type { AnyFunction } from "./fn-invoke.ts";

/** Refuses inputs that the function cannot take, where its source tells. */
export function checkParameters(
  name: string,
  fn: AnyFunction,
  inputs: readonly string[],
  hasPreprocess: boolean,
  place: Place | undefined,
): readonly Parameter[] | undefined {
  const read = readParameters(fn as (...values: never[]) => unknown);
  if (read === undefined || !read.complete) return undefined;
  if (hasPreprocess) return read.parameters;
  const valid = read.parameters.map((parameter) => parameter.name);
  const free = valid.filter((parameter) => !inputs.includes(parameter));
  const unknown = inputs.filter((input) => !valid.includes(input));
  const wrong = read.destructured ? unknown : unknown.filter((input) => closest(input, free) !== undefined);
  if (wrong.length > 0) {
    const meant = wrong.flatMap((input) => {
      const near = closest(input, free) ?? closest(input, valid);
      return near === undefined ? [] : [`'${input}' -> '${near}'`];
    });
    throw new DaggrError(
      "UNKNOWN_PARAMETER",
      `Invalid input(s) ${wrong.map((input) => `'${input}'`).join(", ")} for function '${fn.name || name}' of node '${name}'.` +
        `${meant.length === 0 ? "" : ` Did you mean: ${meant.join(", ")}?`} Valid parameters: ${valid.join(", ") || "none"}.`,
      {
        node: name,
        port: wrong[0]!,
        ...(place === undefined ? {} : { place }),
        expected: valid.join(", "),
        got: wrong.join(", "),
        ...(meant[0] === undefined ? {} : { hint: meant[0] }),
      },
    );
  }
  for (const input of unknown)
    console.warn(
      `daggr: function '${fn.name || name}' of node '${name}' never reads its input '${input}'.${didYouMean(input, valid)}`,
    );
  return read.parameters;
}
