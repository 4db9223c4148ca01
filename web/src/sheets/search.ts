import { isFileRef } from "../../../src/protocol/values.ts";
import { statusWord } from "../cards/words.ts";
import type { App } from "../state/app.svelte.ts";
import type { Command } from "../state/commands.ts";
import { scoreOf } from "./rank.ts";

/** In this order where nothing else decides. */
export const kinds = ["Recent", "Steps", "Inputs", "Ports", "Values", "Commands", "Sheets"] as const;
export type Kind = (typeof kinds)[number];

export interface Entry {
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  readonly detail: string;
  /** More that is looked through, which counts less: the source of a step, the text of a value. */
  readonly more?: string;
  readonly keys?: string;
  /** The card, and its field, to go to; without one it is something to do. */
  readonly card?: string;
  readonly field?: string;
  readonly isOff?: boolean;
  readonly act?: () => void;
  /** Only found when asked for; too many to list. */
  readonly isQuiet?: boolean;
}

export interface Group {
  readonly kind: Kind;
  readonly entries: readonly Entry[];
}

const mostText = 4000;
const mostHits = 50;
const mostRecent = 5;

/** Steps, inputs, ports, and what values say. */
export function entriesOf(app: App): Entry[] {
  const entries: Entry[] = [];
  for (const card of app.graph?.ordered ?? []) {
    const node = app.nodes.get(card.id);
    const state = node === undefined ? "" : statusWord(node.state);
    const source = card.source ?? "";
    const fields = card.outputs.filter(({ address }) => address !== undefined);
    entries.push({
      id: `card:${card.id}`,
      kind: node === undefined ? "Inputs" : "Steps",
      title: card.name,
      detail: [source, state].filter(Boolean).join(", "),
      more: `${source} ${state} ${card.place ?? ""}`,
      card: card.id,
      // One field is what its card is there for.
      ...(node === undefined && fields.length === 1 ? { field: fields[0]!.label } : {}),
    });
    for (const [place, port] of [...card.inputs, ...card.outputs].entries()) {
      const isField = port.address !== undefined;
      const made = place < card.inputs.length ? undefined : node?.state.outputs?.[port.name];
      const value = isField ? app.fields.get(port.address)?.value : made;
      // A variant that is not chosen shows no fields: its card says which there are.
      const variant =
        card.kind === "fallback" || port.variant === (app.variants[card.id] ?? 0)
          ? undefined
          : card.variants?.[port.variant ?? -1]?.name;
      const to = { card: card.id, ...(isField && variant === undefined ? { field: port.label } : {}) };
      const owner = variant === undefined ? card.name : `${card.name}, ${variant} (not chosen)`;
      if (!isField || port.label !== card.name)
        entries.push({
          id: `port:${card.id}.${place}`,
          kind: isField ? "Inputs" : "Ports",
          title: port.label,
          detail: isField ? `${owner}: ${inLine(textOf(value)).slice(0, 60)}` : `of ${card.name}`,
          more: port.name,
          isQuiet: true,
          ...to,
        });
      const text = textOf(value);
      if (text !== "")
        entries.push({
          id: `value:${card.id}.${place}`,
          kind: "Values",
          title: text,
          detail: `${port.label} of ${owner}`,
          isQuiet: true,
          ...to,
        });
    }
  }
  return entries;
}

/** Commands of the page, of each step, and the other sheets. */
export function deedsOf(
  app: App,
  commands: readonly Command[],
  keyWords: (chord: string) => string,
): Entry[] {
  const entries = commands.map(
    ({ id, title, keys, isOff, act }): Entry => ({
      id,
      kind: "Commands",
      title,
      detail: "",
      isOff,
      act,
      ...(keys === undefined ? {} : { keys: keyWords(keys[0]!) }),
    }),
  );
  for (const { id } of app.graph?.steps ?? []) {
    const node = app.nodes.get(id);
    const deed = (name: string, title: string, act: () => unknown, more = "") =>
      entries.push({
        id: `${name}:${id}`,
        kind: "Commands",
        title,
        detail: "",
        more,
        isQuiet: true,
        act: () => void act(),
      });
    deed("step", `Run ${id}`, () => app.run("step", [id]));
    deed("to", `Run to ${id}`, () => app.run("to", [id]));
    deed("from", `Run from ${id}`, () => app.run("from", [id]));
    deed("log", `Show the log of ${id}`, () => {
      if (node !== undefined) node.areLogsOpen = true;
    });
    if (node?.state.status === "running" || node?.state.status === "queued")
      deed("halt", `Stop ${id}`, () => app.stop(id));
  }
  for (const sheet of app.sheets)
    if (sheet.id !== app.sheet?.id)
      entries.push({
        id: `sheet:${sheet.id}`,
        kind: "Sheets",
        title: sheet.name,
        detail: "open sheet",
        isQuiet: true,
        act: () => void app.openSheet(sheet.id).catch(() => {}),
      });
  return entries;
}

/** What fits, best first, in groups; with nothing typed what was used last comes first. `>` asks for commands only. */
export function find(entries: readonly Entry[], typed: string, recent: readonly string[]): Group[] {
  const isCommand = typed.trimStart().startsWith(">");
  const words = typed.replace(/^\s*>/, "").toLowerCase().split(/\s+/).filter(Boolean);
  const all = isCommand ? entries.filter(({ kind }) => kind === "Commands") : entries;
  if (words.length === 0) {
    const last = recent
      .flatMap((id) => all.find((entry) => entry.id === id && entry.isOff !== true) ?? [])
      .slice(0, mostRecent)
      .map((entry): Entry => ({ ...entry, kind: "Recent" }));
    const rest = all.filter(
      (entry) => (isCommand || entry.isQuiet !== true) && !last.some(({ id }) => id === entry.id),
    );
    return grouped([...last, ...rest].slice(0, 4 * mostHits), false);
  }
  const scored = all.flatMap((entry) => {
    const score = fit(entry, words);
    if (score === 0) return [];
    const place = recent.indexOf(entry.id);
    return [
      { entry, score: score + (place < 0 ? 0 : 12 - Math.min(10, place)) - (entry.isOff === true ? 30 : 0) },
    ];
  });
  scored.sort((a, b) => b.score - a.score || a.entry.title.length - b.entry.title.length);
  return grouped(
    scored.slice(0, mostHits).map(({ entry }) => entry),
    true,
  );
}

function fit(entry: Entry, words: readonly string[]): number {
  const title = entry.title.toLowerCase();
  const isValue = entry.kind === "Values";
  const more = `${entry.detail} ${entry.more ?? ""}`.toLowerCase();
  let sum = 0;
  // A port that has nothing of it in its name is not what is looked for, wherever it belongs.
  if (
    (isValue || entry.kind === "Ports") &&
    !words.some((word) => title.includes(word) || scoreOf(title, word) > 0)
  )
    return 0;
  for (const word of words) {
    const inTitle = isValue ? (title.includes(word) ? 20 : 0) : scoreOf(title, word);
    const score = inTitle > 0 ? inTitle : more.includes(word) ? 15 : 0;
    if (score === 0) return 0;
    sum += score;
  }
  const whole = words.join(" ");
  const bonus = words.length > 1 && !isValue && title.startsWith(whole) ? 40 : 0;
  // What concerns everything comes before the same of one step.
  const small = entry.kind === "Commands" && entry.isQuiet === true ? 2 : 0;
  return sum / words.length + bonus + weights[entry.kind] - small;
}

/** Where two fit alike, one goes to a place more often than one does something. */
const weights: Readonly<Record<Kind, number>> = {
  Recent: 0,
  Steps: 6,
  Inputs: 5,
  Commands: 3,
  Ports: 2,
  Sheets: 2,
  Values: 0,
};

/** Groups stand in the order of their best entry. */
function grouped(entries: readonly Entry[], isRanked: boolean): Group[] {
  const groups = new Map<Kind, Entry[]>();
  if (!isRanked) for (const kind of kinds) groups.set(kind, []);
  for (const entry of entries) groups.set(entry.kind, [...(groups.get(entry.kind) ?? []), entry]);
  return [...groups].filter(([, list]) => list.length > 0).map(([kind, list]) => ({ kind, entries: list }));
}

/** What a value says, for looking through it. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value.slice(0, mostText);
  if (isFileRef(value)) return value.name;
  if (typeof value === "object") {
    const text = JSON.stringify(value, (_key, part: unknown) => (isFileRef(part) ? part.name : part));
    return text === "[]" || text === "{}" ? "" : text.slice(0, mostText);
  }
  return String(value);
}

export function inLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The part of a long text around what was found. */
export function excerpt(text: string, typed: string): string {
  const line = inLine(text);
  const word = typed.toLowerCase().split(/\s+/).find(Boolean) ?? "";
  const at = Math.max(0, line.toLowerCase().indexOf(word) - 20);
  return `${at > 0 ? "…" : ""}${line.slice(at, at + 80)}`;
}
