import type { Unasked } from "../clients/upstream/check.ts";
import { changeInFull } from "../clients/upstream/words.ts";
import type { UpstreamChange } from "../protocol/upstream.ts";
import type { UpstreamNews } from "./watch-upstream.ts";

/** How a terminal paints: the identity where it shows no styles. */
export type Paint = (format: "yellow" | "dim" | "red" | "green", text: string) => string;

const plain: Paint = (_, text) => text;

/** The news in words, a paragraph for each change; empty when there is nothing to say. */
export function tellUpstream({ changes, unasked }: UpstreamNews, script: string, paint = plain): string {
  return [
    ...tellUnasked(unasked, paint),
    ...changes.flatMap((change) => tellChange(change, paint)),
    ...(changes.length === 0 ? [] : [paint("dim", choices(changes, script)), ""]),
  ].join("\n");
}

function tellChange(change: UpstreamChange, paint: Paint): string[] {
  const [title = "", state = "", ...differences] = changeInFull(change);
  return [
    paint("yellow", title),
    `  ${state}`,
    ...differences.map((line) => `    ${line.startsWith("-") ? paint("red", line) : line}`),
  ];
}

function choices(changes: readonly UpstreamChange[], script: string): string {
  const pin = changes.find((change) => change.pin !== undefined);
  const pinned = pin === undefined ? "" : ` Keep the old one: daggr pin ${pin.id}.`;
  return `  Accept what is there now: daggr upstream ${script} --accept.${pinned} Otherwise it is said again at the next start.`;
}

/** Only where something is known: a graph that starts for the first time without the Hub has nothing to fall back on. */
function tellUnasked(unasked: readonly Unasked[], paint: Paint): string[] {
  const known = unasked.filter((one) => one.known !== undefined);
  const [first] = known;
  if (first === undefined) return [];
  const names = known.map(({ id, known }) => `${id} (${known!.commit.slice(0, 7)})`).join(", ");
  return [paint("dim", `Taken as last known: ${names}. ${first.reason}`)];
}
