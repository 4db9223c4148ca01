import type { CardView } from "../../../src/protocol/view.ts";
import { writeText } from "../fields/write-text.ts";
import type { App } from "../state/app.svelte.ts";

/** A place on the page that can be sent to somebody. */
export interface ResultLink {
  readonly sheet: string;
  readonly node: string;
  readonly result: string;
  readonly port?: string;
  /** Of a scattered step, counted from 0. */
  readonly item?: number;
}

/** The address of a result. What else stands in the page's own address, such as a token, stays out of it. */
export function linkTo(place: Pick<Location, "origin" | "pathname">, link: ResultLink): string {
  const parts = new URLSearchParams({ sheet: link.sheet, node: link.node, result: link.result });
  if (link.port !== undefined) parts.set("port", link.port);
  if (link.item !== undefined) parts.set("item", String(link.item + 1));
  return `${place.origin}${place.pathname}#${parts}`;
}

/** What the part of an address after `#` leads to. */
export function readLink(hash: string): ResultLink | undefined {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const [sheet, node, result] = [parts.get("sheet"), parts.get("node"), parts.get("result")];
  if (!sheet || !node || !result || !/^[\w-]{1,64}$/.test(sheet) || !/^[\w-]{1,64}$/.test(result))
    return undefined;
  const port = parts.get("port");
  const item = Number(parts.get("item"));
  return {
    sheet,
    node,
    result,
    ...(port ? { port } : {}),
    ...(Number.isInteger(item) && item > 0 ? { item: item - 1 } : {}),
  };
}

export async function copyLink(
  app: App,
  card: CardView,
  result: string,
  more: Pick<ResultLink, "port" | "item"> = {},
): Promise<void> {
  if (app.sheet === null) return;
  const link = linkTo(location, { sheet: app.sheet.id, node: card.id, result, ...more });
  await writeText(link).then(
    () => app.toast("Link copied. It leads whoever may open this page to this result.", "plain"),
    () => app.toast(`The browser did not allow copying. The link is ${link}`),
  );
}
