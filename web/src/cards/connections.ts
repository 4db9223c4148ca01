import type { EdgeView, PortView } from "../../../src/protocol/view.ts";
import type { MenuEntry } from "../menus/menu.ts";
import type { App } from "../state/app.svelte.ts";
import { overlay } from "../state/overlay.svelte.ts";

/** A value in a few words, for tooltips. */
export function inWords(value: unknown): string {
  if (value === undefined || value === null) return "no value yet";
  if (typeof value === "string") return value === "" ? "empty text" : value.slice(0, 120);
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === "object") {
    const name = (value as { name?: unknown }).name;
    return "$daggr" in value && typeof name === "string" ? name : JSON.stringify(value).slice(0, 120);
  }
  return String(value);
}

/** Both ends of an edge and what flows, in words. */
export function edgeInWords(app: App, { from, to, kind }: EdgeView) {
  const source = app.graph?.cards.get(from.card);
  const target = app.graph?.cards.get(to.card);
  const out = source?.outputs.find(({ name }) => name === from.port);
  const into = target?.inputs.find(({ name }) => name === to.port);
  return {
    from: end(source?.name ?? from.card, out, from.port),
    to: end(target?.name ?? to.card, into, to.port),
    way: kind === "each" ? "each of" : kind === "all" ? "all of" : "",
    value: inWords(
      out?.address === undefined
        ? app.nodes.get(from.card)?.state.outputs?.[from.port]
        : app.fields.get(out.address)?.value,
    ),
    isEdited: app.nodes.get(from.card)?.state.result?.edited === true,
  };
}

function end(card: string, port: PortView | undefined, name: string): string {
  const label = port?.label ?? name;
  return label === card ? card : `${card}.${label}`;
}

export function jumpTo(card: string): void {
  // The menu gives the focus back first.
  setTimeout(() => (overlay.jump = { card }), 30);
}

/** What an edge's menu offers: to go to either end. */
export function edgeEntries(app: App, edge: EdgeView): MenuEntry[] {
  const words = edgeInWords(app, edge);
  return [
    { title: `Go to ${words.from}`, detail: words.value.slice(0, 40), act: () => jumpTo(edge.from.card) },
    { title: `Go to ${words.to}`, act: () => jumpTo(edge.to.card) },
  ];
}

/** Where the inputs of a card come from and where its outputs go; choosing one goes there. */
export function connectionEntries(app: App, id: string): (MenuEntry | null)[] {
  const into = (app.graph?.edgesInto.get(id) ?? []).map((edge): MenuEntry => {
    const words = edgeInWords(app, edge);
    const port = app.graph?.cards.get(id)?.inputs.find(({ name }) => name === edge.to.port);
    return {
      title: `${port?.label ?? edge.to.port} from ${words.way === "" ? "" : `${words.way} `}${words.from}`,
      detail: words.value.slice(0, 40),
      act: () => jumpTo(edge.from.card),
    };
  });
  const from = (app.graph?.edgesFrom.get(id) ?? []).map((edge): MenuEntry => {
    const words = edgeInWords(app, edge);
    const port = app.graph?.cards.get(id)?.outputs.find(({ name }) => name === edge.from.port);
    return {
      title: `${words.way === "" ? "" : `${words.way} `}${port?.label ?? edge.from.port} to ${words.to}`,
      detail: words.value.slice(0, 40),
      act: () => jumpTo(edge.to.card),
    };
  });
  return [...into, ...(into.length > 0 && from.length > 0 ? [null] : []), ...from];
}
