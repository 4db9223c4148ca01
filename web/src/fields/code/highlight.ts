import { classHighlighter, highlightCode } from "@lezer/highlight";
import { el } from "../dom.ts";
import type { LoadedLanguage } from "./languages.ts";

/** Longer texts would hold the page up while they are read; they stay plain. */
const colouredUpTo = 200_000;

/** Text in the colours of its language, as elements with the classes of `tokens.css`, line by line. */
export function highlightedLines(
  code: string,
  language: LoadedLanguage["language"] | null,
): (Node | string)[][] {
  if (language === null || code.length > colouredUpTo) return code.split("\n").map((line) => [line]);
  const lines: (Node | string)[][] = [[]];
  highlightCode(
    code,
    language.parser.parse(code),
    classHighlighter,
    (text, classes) => lines.at(-1)!.push(classes === "" ? text : el("span", { class: classes }, text)),
    () => lines.push([]),
  );
  return lines;
}

/** The same in one piece, for a block of code in a text. */
export function highlighted(code: string, language: LoadedLanguage["language"]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const [index, line] of highlightedLines(code, language).entries())
    fragment.append(...(index === 0 ? [] : ["\n"]), ...line);
  return fragment;
}
