import type { App } from "../state/app.svelte.ts";
import { commandById } from "../state/commands.ts";

/** Keys on a card that has the focus: Enter runs it, Shift+Enter runs to it, Escape stops it. */
export function cardKeydown(app: App, event: KeyboardEvent): void {
  const holder =
    event.target instanceof HTMLElement && event.target.matches("[data-node]") ? event.target : null;
  const id = holder?.dataset["node"];
  if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const node = app.nodes.get(id);
  if (event.key === "Enter") {
    if (node === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    // A card of several that are selected stands for all of them.
    if (!app.selection.includes(id)) app.selected = id;
    commandById(app, event.shiftKey ? "run-to" : "run-step").act();
  } else if (event.key === "Escape") {
    // The flow would take the focus away from the card.
    event.preventDefault();
    event.stopPropagation();
    if (node !== undefined && ["running", "queued"].includes(node.state.status)) app.stop(id);
    else if (app.activeRun?.status === "running") app.stop();
    else app.selection = [];
  }
}

const arrows: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** How far an arrow key on a card moves it. */
export function nudgeOf(event: KeyboardEvent): { readonly x: number; readonly y: number } | undefined {
  const isOnCard = event.target instanceof Element && event.target.matches("[data-node]");
  const way = arrows[event.key];
  if (!isOnCard || way === undefined || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const step = event.shiftKey ? 20 : 5;
  return { x: way.x * step, y: way.y * step };
}

/** Lets what can scroll inside a card scroll; everything else moves the canvas. */
export function wheelInsideCards(event: WheelEvent): void {
  if (event.ctrlKey || event.metaKey || !(event.target instanceof Element)) return;
  for (
    let element: Element | null = event.target;
    element !== null && !element.matches(".card");
    element = element.parentElement
  ) {
    if (!(element instanceof HTMLElement)) continue;
    if (canScroll(element, event.deltaX, event.deltaY)) {
      event.stopPropagation();
      return;
    }
  }
}

function canScroll(element: HTMLElement, dx: number, dy: number): boolean {
  const style = getComputedStyle(element);
  const isOpenY = /auto|scroll/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
  if (isOpenY && Math.abs(dy) >= Math.abs(dx)) {
    return dy < 0
      ? element.scrollTop > 0
      : element.scrollTop + element.clientHeight < element.scrollHeight - 1;
  }
  const isOpenX = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
  if (!isOpenX) return false;
  return dx < 0
    ? element.scrollLeft > 0
    : dx > 0 && element.scrollLeft + element.clientWidth < element.scrollWidth - 1;
}
