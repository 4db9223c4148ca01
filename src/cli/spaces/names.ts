import type { ReturnSignature } from "../../clients/signature.ts";
import { RESERVED_NAMES } from "../../graph/node.ts";

/** Words that are no names in a script: the language's own, and what is imported. */
export const WORDS = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function gr if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  ),
);

/** A name for code out of words for people: `Final image` is `finalImage`; empty when nothing is left. */
export function identifier(words: string): string {
  const parts = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = "", ...rest] = parts.slice(0, 4);
  const joined =
    first.charAt(0).toLowerCase() +
    first.slice(1) +
    rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  const name = /^[A-Z\d]+$/.test(first) ? first.toLowerCase() + joined.slice(first.length) : joined;
  return /^\d/.test(name) ? `output${name}` : name;
}

/** A name for each returned value: after its label, else its kind; none twice, none that a node uses itself. */
export function outputNames(returns: readonly ReturnSignature[]): string[] {
  const used = new Set<string>();
  return returns.map(({ label, component }) => {
    const own = identifier(label) || (component === "Api" ? "" : identifier(component)) || "output";
    const wanted = WORDS.has(own) || RESERVED_NAMES.includes(own) ? `${own}Output` : own;
    let name = wanted;
    for (let count = 2; used.has(name); count++) name = `${wanted}${count}`;
    used.add(name);
    return name;
  });
}
