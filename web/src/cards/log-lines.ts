import type { LogLine } from "../state/node-model.svelte.ts";

/** Lines in one block: a block that is out of sight is neither laid out nor painted. */
const perBlock = 100;

/** What a terminal's codes begin with. */
const mark = "\u001b[";

const withoutCodes = (text: string): string =>
  text
    .split(mark)
    .map((part, at) => (at === 0 ? part : part.replace(/^[\d;?]*[A-Za-z]/, "")))
    .join("");

/**
 * Draws the lines of a log into an element: what is new is added and nothing else is touched, so that a long log costs
 * no more than a short one. Terminal colours are read by a part of the page that is loaded when the first ones come.
 */
export function logLines(
  box: HTMLElement,
  lines: readonly LogLine[],
): { update(lines: readonly LogLine[]): void } {
  let drawn: readonly LogLine[] = [];
  let colour: ((line: string) => Node) | undefined;

  const draw = (next: readonly LogLine[]) => {
    const gone = drawn.length === 0 ? -1 : drawn.indexOf(next[0]!);
    const isLonger = gone >= 0 && next[drawn.length - gone - 1] === drawn.at(-1);
    if (isLonger) {
      for (let left = gone; left > 0; left--) dropFirst();
      drawn = drawn.slice(gone);
    } else {
      box.replaceChildren();
      drawn = [];
    }
    if (next.length === 0) box.append(lineOf({ level: "debug", text: "No lines yet." } as LogLine));
    for (const line of next.slice(drawn.length)) {
      let block = box.lastElementChild;
      if (block === null || block.childElementCount >= perBlock) {
        block = document.createElement("div");
        block.className = "log-block";
        box.append(block);
      }
      block.append(lineOf(line));
    }
    drawn = next;
    if (colour === undefined && next.some(({ text }) => text.includes(mark))) void learnColours();
  };
  const dropFirst = () => {
    const block = box.firstElementChild;
    block?.firstElementChild?.remove();
    if (block?.childElementCount === 0) block.remove();
  };
  const lineOf = ({ level, item, text }: LogLine) => {
    const line = document.createElement("span");
    line.className = `l-${level}`;
    if (item !== undefined) line.append(`${item + 1}: `);
    line.append(colour !== undefined && text.includes(mark) ? colour(text) : withoutCodes(text), "\n");
    return line;
  };
  const learnColours = async () => {
    ({ coloured: colour } = await import("./ansi.ts"));
    const all = drawn;
    drawn = [];
    const place = box.scrollTop;
    draw(all);
    box.scrollTop = place;
  };
  draw(lines);
  return { update: draw };
}
