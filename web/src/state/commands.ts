import { theme } from "../theme/theme.svelte.ts";
import type { App } from "./app.svelte.ts";
import { type Chord, isChord } from "./keymap.ts";
import { overlay } from "./overlay.svelte.ts";
import { sheetCommands } from "./sheet-commands.ts";
import { jumpToWaiting, waitingCards } from "./waiting.ts";

export const groups = ["Run", "Edit", "View", "Cards", "Sheet", "Page"] as const;

/** Something that the page does on demand. The keys, the palette, the menus and the help are all made from these. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: (typeof groups)[number];
  readonly keys?: readonly Chord[];
  /** Where the keys count: everywhere, wherever nothing is typed, or on a card that has the focus. */
  readonly scope: "page" | "canvas" | "card";
  readonly isOff: boolean;
  readonly act: () => void;
}

export type MakeCommand = (
  id: string,
  title: string,
  keys: readonly Chord[],
  isOn: boolean,
  act: () => unknown,
) => Command;

/** Every command of the page as things are now. */
export function commandsOf(app: App): readonly Command[] {
  const { stage, undo } = app;
  const ids = app.selection;
  const steps = ids.filter((id) => app.nodes.has(id));
  const whom = ids.length === 1 ? (app.graph?.cards.get(ids[0]!)?.name ?? "") : `${ids.length} selected`;
  const whomToRun = steps.length === 1 ? steps[0]! : `${steps.length} selected`;
  const isOffline = app.status !== "open";
  const canRun = app.nodes.size > 0 && !isOffline;
  const isAll = app.outOfDate === 0 || !app.hasResults;
  const make =
    (group: Command["group"], scope: Command["scope"] = "canvas"): MakeCommand =>
    (id, title, keys, isOn, act) => ({
      id,
      title,
      group,
      scope,
      isOff: !isOn,
      act: () => void act(),
      ...(keys.length === 0 ? {} : { keys }),
    });
  const run = make("Run");
  const edit = make("Edit");
  const view = make("View");
  const cards = make("Cards");
  const card = make("Cards", "card");
  const page = make("Page", "page");
  return [
    make("Run", "page")("run", isAll ? "Run all" : `Run ${app.outOfDate} stale`, ["Mod+Enter"], canRun, () =>
      app.run(app.outOfDate === 0 ? "all" : "stale"),
    ),
    run("run-anew", "Run everything anew", [], canRun, () => app.run("all")),
    run("stop", "Stop", ["Escape"], app.runs.size > 0, () => app.stop()),
    run("next-waiting", "Show the next step that waits for you", ["F9"], waitingCards(app).length > 0, () =>
      jumpToWaiting(app),
    ),
    run("next-failed", "Show the next failed step", ["F8"], app.failed > 0, () => app.showNextFailed()),
    make("Edit", "page")(
      "undo",
      undo.back === null ? "Undo" : `Undo: ${undo.back}`,
      ["Mod+Z"],
      undo.back !== null,
      () => undo.undo(),
    ),
    make("Edit", "page")(
      "redo",
      undo.again === null ? "Redo" : `Redo: ${undo.again}`,
      ["Mod+Shift+Z", "Mod+Y"],
      undo.again !== null,
      () => undo.redo(),
    ),
    edit("select-all", "Select all cards", ["Mod+A"], stage !== null, () => stage?.selectAll()),
    view("zoom-in", "Zoom in", ["+", "="], stage !== null, () => stage?.zoomBy("in")),
    view("zoom-out", "Zoom out", ["-"], stage !== null, () => stage?.zoomBy("out")),
    view("zoom-100", "Zoom to 100 %", ["0"], stage !== null, () => stage?.zoomTo(1)),
    view("fit", "Show everything", ["1"], stage !== null, () => stage?.fit()),
    view(
      "fit-selected",
      `Show ${ids.length > 0 ? whom : "what is selected"}`,
      ["2"],
      stage !== null && ids.length > 0,
      () => stage?.fit(ids),
    ),
    cards("tidy", "Tidy: lay all cards out again", [], stage !== null, () => stage?.tidy()),
    cards("tidy-selected", `Tidy ${whom}`, [], stage !== null && ids.length > 1, () => stage?.tidy(ids)),
    cards("align-left", `Align left edges of ${whom}`, [], stage !== null && ids.length > 1, () =>
      stage?.align(ids, "left"),
    ),
    cards("align-top", `Align top edges of ${whom}`, [], stage !== null && ids.length > 1, () =>
      stage?.align(ids, "top"),
    ),
    card("run-step", `Run ${whomToRun}`, ["Enter"], canRun && steps.length > 0, () => app.run("step", steps)),
    card("run-to", `Run to ${whomToRun}`, ["Shift+Enter"], canRun && steps.length > 0, () =>
      app.run("to", steps),
    ),
    ...sheetCommands(app, make("Sheet")),
    page("search", "Search", ["Mod+K"], true, () => overlay.search()),
    make("Page")("commands", "All commands", [">"], true, () => overlay.search(">")),
    make("Page")("help", "Keys and signs", ["?"], true, () => overlay.help()),
    page("share", "Share…", [], !isOffline, () => overlay.share()),
    page("theme", theme.isDark ? "Light theme" : "Dark theme", [], true, () => theme.toggle()),
    page("canvas", "Go to the canvas", [], location.pathname.endsWith("/app"), () => location.assign("/")),
    page("app", "Go to the app view", [], !location.pathname.endsWith("/app"), () => location.assign("/app")),
  ];
}

export function commandById(app: App, id: string): Command {
  return commandsOf(app).find((command) => command.id === id)!;
}

/** Whether keys belong to what the event went to: text, a menu, a dialog. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      "input, textarea, select, [contenteditable], [role='menu'], [role='dialog'], [role='listbox']",
    ) !== null
  );
}

const isInPopup = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest("[role='menu'], [role='dialog'], [role='alertdialog'], form") !== null;

/** A text field gets undo and redo first, for what was typed. Said before the field hears of the key. */
export function undoInText(app: App, event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || !takesText(event.target) || isInPopup(event.target)) return;
  const command = commandsOf(app).find(({ keys }) => (keys ?? []).some((chord) => isChord(event, chord)));
  if (command?.id === "undo" || command?.id === "redo") app.undo.afterTyping(event, command.id);
}

/** Does what a key asks for. Keys of a card are the card's own matter. */
export function commandKeydown(app: App, event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const command = commandsOf(app).find(
    ({ keys, scope }) => scope !== "card" && (keys ?? []).some((chord) => isChord(event, chord)),
  );
  if (command === undefined) return;
  if (command.id === "undo" || command.id === "redo") {
    if (isInPopup(event.target) || takesText(event.target)) return;
  } else if (command.id === "search") {
    if (overlay.isSearchOpen) return event.preventDefault();
  } else if (command.scope === "page" ? isInPopup(event.target) : isTyping(event.target) || overlay.isOpen)
    return;
  // With nothing at work (a question is not taken away by a key), Escape takes the selection back.
  if (command.id === "stop" && app.activeRun?.status !== "running") {
    app.selection = [];
    return;
  }
  event.preventDefault();
  if (command.id === "undo" || command.id === "redo") void app.undo[command.id]();
  else if (!command.isOff) command.act();
}

/** A tick or a slider has no typing that could be undone. */
function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "range", "color", "file", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
