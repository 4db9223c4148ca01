import type { App } from "../state/app.svelte.ts";
import { overlay } from "../state/overlay.svelte.ts";

/**
 * The right mouse button, a long touch, Shift+F10 or the menu key on a card, an edge or the canvas. What is typed
 * into, links, pictures and marked text keep the browser's own menu.
 */
export async function openContextMenu(app: App, event: MouseEvent): Promise<void> {
  const target = event.target instanceof Element ? event.target : null;
  if (target === null || (event.shiftKey && event.button === 2)) return;
  const isOwn = target.closest(
    "input, textarea, select, [contenteditable], a, img, video, audio, canvas, [role='dialog']",
  );
  if (isOwn !== null || getSelection()?.isCollapsed === false) return;
  event.preventDefault();
  const holder = target.closest<HTMLElement>("[data-node]");
  const id = holder?.dataset["node"];
  const edgeId = target.closest<HTMLElement>("[data-edge]")?.dataset["edge"];
  const edge = app.graph?.view.edges.find((one) => one.id === edgeId);
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const isByKey = event.button !== 2 && event.clientX === 0 && event.clientY === 0;
  const box = isByKey ? (holder ?? target).getBoundingClientRect() : undefined;
  const x = box === undefined ? event.clientX : box.left + 24;
  const y = box === undefined ? event.clientY : box.top + 40;
  const [menu, connections] = await Promise.all([import("./card-menu.ts"), import("./connections.ts")]);
  const isSelection = id !== undefined && app.selection.length > 1 && app.selection.includes(id);
  const shown = isSelection
    ? { label: `${app.selection.length} selected cards`, entries: menu.selectionEntries(app) }
    : id !== undefined
      ? { label: `Options of ${app.graph?.cards.get(id)?.name ?? id}`, entries: menu.cardEntries(app, id) }
      : edge !== undefined
        ? { label: "Connection", entries: connections.edgeEntries(app, edge) }
        : { label: "Canvas", entries: menu.canvasEntries(app) };
  if (shown.entries.length > 0) overlay.menu = { ...shown, x, y, from: holder ?? focused };
}

const longMs = 550;
const farPx = 10;

/** A long touch opens the menu on every tablet; not all browsers make a right click of it. */
export function onLongTouch(open: (event: PointerEvent) => void): (event: PointerEvent) => void {
  let end = () => {};
  return (event) => {
    end();
    if (event.pointerType !== "touch" || !event.isPrimary) return;
    const timer = setTimeout(() => {
      end();
      open(event);
    }, longMs);
    const moved = (now: PointerEvent) => {
      if (Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > farPx) end();
    };
    end = () => {
      clearTimeout(timer);
      removeEventListener("pointermove", moved, true);
      for (const type of ["pointerup", "pointercancel", "pointerdown"]) removeEventListener(type, stop, true);
      end = () => {};
    };
    const stop = () => end();
    addEventListener("pointermove", moved, true);
    // A second finger zooms.
    for (const type of ["pointerup", "pointercancel"]) addEventListener(type, stop, true);
    setTimeout(() => addEventListener("pointerdown", stop, true));
  };
}
