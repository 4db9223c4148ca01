import type { RunMode } from "../../../src/protocol/plan.ts";
import type { MenuEntry } from "../menus/menu.ts";
import { resultEntries } from "../results/card-entries.ts";
import type { App } from "../state/app.svelte.ts";
import { commandsOf } from "../state/commands.ts";
import { chordWords } from "../state/keymap.ts";
import { overlay } from "../state/overlay.svelte.ts";
import { connectionEntries } from "./connections.ts";

type Entries = readonly (MenuEntry | null)[];

/** What can be done with a card: the same from its button, with the right mouse button and from the keyboard. */
export function cardEntries(app: App, id: string): Entries {
  const node = app.nodes.get(id);
  const card = app.graph?.cards.get(id);
  const connections = connectionEntries(app, id);
  const isActive = node !== undefined && ["running", "queued", "waiting"].includes(node.state.status);
  const run = (mode: RunMode, title: string, keys?: string): MenuEntry => ({
    title,
    plan: { mode, nodes: [id] },
    act: () => void app.run(mode, [id]),
    ...(keys === undefined ? {} : { keys: chordWords(keys) }),
  });
  return tidied([
    ...(isActive ? [{ title: "Stop", keys: chordWords("Escape"), act: () => app.stop(id) }] : []),
    ...(node === undefined
      ? []
      : [
          run("step", "Run this step", "Enter"),
          run("to", "Run to here", "Shift+Enter"),
          run("from", "Run from here"),
          ...(card === undefined ? [] : resultEntries(app, card, node)),
          null,
          {
            title: node.areLogsOpen ? "Hide the log" : "Show the log",
            act: () => {
              node.areLogsOpen = !node.areLogsOpen;
            },
          },
        ]),
    ...(card?.service === undefined || card.service.status === "asking"
      ? []
      : [{ title: `Restart ${card.source ?? "its program"}`, act: () => restart(app, id) }]),
    ...(connections.length === 0 ? [] : [{ title: "Connections", act: () => showConnections(app, id) }]),
    ...(app.stage === null || app.positions[id] === undefined
      ? []
      : [{ title: "Put back in the layout", act: () => app.moveCards({ [id]: null }, `put ${id} back`) }]),
    ...(app.stage === null || app.selection.length === 0 || app.selection.includes(id)
      ? []
      : [{ title: "Select as well", act: () => app.select([...app.selection, id]) }]),
  ]);
}

function restart(app: App, node: string): void {
  app.tell({ type: "service", node, action: "restart" });
}

/** What can be done with several cards that are selected. */
export function selectionEntries(app: App): Entries {
  const steps = app.selection.filter((id) => app.nodes.has(id));
  const moved = app.selection.filter((id) => app.positions[id] !== undefined);
  const run = (mode: RunMode, title: string, keys?: string): MenuEntry => ({
    title,
    plan: { mode, nodes: steps },
    isDisabled: steps.length === 0,
    act: () => void app.run(mode, steps),
    ...(keys === undefined ? {} : { keys: chordWords(keys) }),
  });
  return tidied([
    run("step", `Run ${steps.length} selected`, "Enter"),
    run("to", `Run to ${steps.length} selected`, "Shift+Enter"),
    run("from", `Run from ${steps.length} selected`),
    null,
    ...fromCommands(app, ["tidy-selected", "align-left", "align-top", "fit-selected"]),
    ...(moved.length === 0
      ? []
      : [
          {
            title: "Put back in the layout",
            act: () =>
              app.moveCards(Object.fromEntries(moved.map((id) => [id, null])), `put ${moved.length} back`),
          },
        ]),
    null,
    { title: "Select nothing", keys: chordWords("Escape"), act: () => app.select([]) },
  ]);
}

/** What can be done with the bare canvas. */
export function canvasEntries(app: App): Entries {
  return tidied([
    ...fromCommands(app, ["run", "run-anew", "stop"]),
    null,
    ...fromCommands(app, ["undo", "redo"]),
    null,
    ...fromCommands(app, ["select-all", "tidy", "fit", "zoom-100"]),
    null,
    ...fromCommands(app, ["new-sheet", "search", "help"]),
  ]);
}

function fromCommands(app: App, ids: readonly string[]): MenuEntry[] {
  const commands = commandsOf(app);
  return ids.flatMap((id) => {
    const command = commands.find((one) => one.id === id);
    if (command === undefined) return [];
    const { title, keys, isOff, act } = command;
    return { title, isDisabled: isOff, act, ...(keys === undefined ? {} : { keys: chordWords(keys[0]!) }) };
  });
}

/** A second menu takes the place of the first. */
function showConnections(app: App, id: string): void {
  const card = app.graph?.cards.get(id);
  const box = document.querySelector(`[data-node="${CSS.escape(id)}"]`);
  const head = box?.querySelector(".card-head")?.getBoundingClientRect();
  setTimeout(() => {
    overlay.menu = {
      label: `Connections of ${card?.name ?? id}`,
      entries: connectionEntries(app, id),
      x: Math.max(8, head?.left ?? innerWidth / 2),
      y: Math.max(8, head?.bottom ?? innerHeight / 2),
      from: box instanceof HTMLElement ? box : null,
    };
  }, 30);
}

/** No line at the ends and no two in a row. */
function tidied(entries: Entries): Entries {
  return entries.filter(
    (entry, at) => entry !== null || (at > 0 && at < entries.length - 1 && entries[at - 1] !== null),
  );
}
