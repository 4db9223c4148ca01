import { statusWord } from "../cards/words.ts";
import type { App } from "../state/app.svelte.ts";

export interface Hit {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  /** The card to go to; without one it is a command. */
  readonly card?: string;
  readonly act?: () => void;
}

const mostHits = 40;

/** Steps, their ports and shown values, and commands that fit what was typed. */
export function findHits(app: App, text: string, commands: readonly Hit[]): Hit[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts: string[]) =>
    words.every((word) => texts.some((entry) => entry.toLowerCase().includes(word)));
  const hits: Hit[] = [];
  for (const card of app.graph?.ordered ?? []) {
    const node = app.nodes.get(card.id);
    const state = node === undefined ? "input" : statusWord(node.state);
    if (fits(card.name, card.source ?? "", state))
      hits.push({
        id: card.id,
        title: card.name,
        detail: card.source === undefined ? state : `${card.source}, ${state}`,
        card: card.id,
      });
    if (words.length === 0) continue;
    for (const port of [...card.inputs, ...card.outputs]) {
      const value =
        port.address === undefined ? node?.state.outputs?.[port.name] : app.fields.get(port.address)?.value;
      const shown = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
      if (fits(port.label, port.name))
        hits.push({
          id: `${card.id}.${port.name}`,
          title: port.label,
          detail: `in ${card.name}`,
          card: card.id,
        });
      else if (shown !== "" && fits(shown))
        hits.push({
          id: `${card.id}.${port.name}`,
          title: shown.slice(0, 80),
          detail: `${port.label} of ${card.name}`,
          card: card.id,
        });
    }
  }
  const found = [...hits, ...commands.filter((command) => fits(command.title))];
  return byNearness(found, words).slice(0, mostHits);
}

/** What begins with what was typed comes first, then what has a word that does; else the graph's order. */
export function byNearness(hits: readonly Hit[], words: readonly string[]): Hit[] {
  const [first] = words;
  if (first === undefined) return [...hits];
  const far = ({ title }: Hit) => {
    const text = title.toLowerCase();
    if (text.startsWith(first)) return 0;
    return text.split(/[\s_.-]+/).some((word) => word.startsWith(first)) ? 1 : 2;
  };
  return [...hits].sort((a, b) => far(a) - far(b));
}
