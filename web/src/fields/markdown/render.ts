import { Marked, type Tokens } from "marked";
import { el } from "../dom.ts";
import { sanitise } from "../kinds/safe-html.ts";

/** What is put in after the text was cleaned: formulas, and code in its colours. */
type Piece =
  | { readonly tex: string; readonly isBlock: boolean }
  | { readonly code: string; readonly language: string };

/** Signs of no script mark the places; a text that has them itself loses them. */
const marks = /\uE000(\d+)\uE001/;
const anyMark = /[\uE000\uE001]/g;

let pieces: Piece[] = [];
const keep = (piece: Piece): string => `\uE000${pieces.push(piece) - 1}\uE001`;

/** `$…$` as in Pandoc: a price is no formula. */
const inlineMath = /^(?:\$\$([^$]+?)\$\$|\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)|\\\(([\s\S]+?)\\\))/;
const blockMath = /^(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])(?:\n|$)/;

const reader = new Marked({
  async: false,
  gfm: true,
  breaks: true,
  renderer: {
    code({ text, lang }: Tokens.Code) {
      return `<pre><code>${keep({ code: text, language: /^\S*/.exec(lang ?? "")![0] })}</code></pre>\n`;
    },
    // A box that cannot be ticked is a sign.
    checkbox({ checked }: Tokens.Checkbox) {
      return checked ? "☑ " : "☐ ";
    },
  },
  extensions: [
    {
      name: "blockMath",
      level: "block",
      start: (text) => /\$\$|\\\[/.exec(text)?.index,
      tokenizer(text) {
        const found = blockMath.exec(text);
        if (found === null) return undefined;
        return { type: "blockMath", raw: found[0], tex: found[1] ?? found[2] };
      },
      renderer: (token) => `<p>${keep({ tex: String(token["tex"]), isBlock: true })}</p>\n`,
    },
    {
      name: "inlineMath",
      level: "inline",
      start: (text) => /\$|\\\(/.exec(text)?.index,
      tokenizer(text) {
        const found = inlineMath.exec(text);
        if (found === null) return undefined;
        return {
          type: "inlineMath",
          raw: found[0],
          tex: found[1] ?? found[2] ?? found[3],
          isBlock: found[1] !== undefined,
        };
      },
      renderer: (token) => keep({ tex: String(token["tex"]), isBlock: token["isBlock"] === true }),
    },
  ],
});

/** A stranger's Markdown as elements that run nothing. Formulas and colours come as soon as what reads them is there. */
export function renderMarkdown(text: string): DocumentFragment {
  pieces = [];
  const html = reader.parse(text.replace(anyMark, "")) as string;
  const found = pieces;
  const fragment = sanitise(html);
  put(fragment, found);
  for (const block of fragment.querySelectorAll<HTMLElement>("pre")) block.tabIndex = 0; // It scrolls by itself.
  return fragment;
}

function put(fragment: DocumentFragment, pieces: readonly Piece[]): void {
  if (pieces.length === 0) return;
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (let text of texts) {
    for (;;) {
      const mark = marks.exec(text.data);
      if (mark === null) break;
      const place = text.splitText(mark.index);
      text = place.splitText(mark[0].length);
      const piece = pieces[Number(mark[1])];
      place.replaceWith(
        piece === undefined
          ? ""
          : "tex" in piece
            ? formula(piece.tex, piece.isBlock)
            : code(piece.code, piece.language),
      );
    }
  }
}

let katex: typeof import("katex").default | undefined;

function formula(tex: string, isBlock: boolean): HTMLElement {
  const place = el("span", { class: isBlock ? "f-math is-block" : "f-math" }, tex.trim());
  const draw = (library: NonNullable<typeof katex>) =>
    library.render(tex.trim(), place, {
      displayMode: isBlock,
      throwOnError: false,
      strict: "ignore",
      trust: false,
      maxExpand: 200,
      maxSize: 40,
    });
  if (katex !== undefined) draw(katex);
  else
    import("./math.ts").then(
      (module) => {
        katex = module.katex;
        draw(module.katex);
      },
      () => {}, // The formula's source can be read as well.
    );
  return place;
}

type Colours = (code: string) => Node;
const colours = new Map<string, Colours>();

function code(text: string, language: string): Node {
  const known = colours.get(language);
  if (known !== undefined) return known(text);
  const place = document.createTextNode(text);
  if (language !== "")
    import("./colours.ts").then(
      async ({ coloursOf }) => {
        const found = await coloursOf(language);
        if (found === undefined) return;
        colours.set(language, found);
        place.replaceWith(found(text));
      },
      () => {},
    );
  return place;
}
