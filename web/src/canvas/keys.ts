import type { App } from "../state/app.svelte.ts";

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      "input, textarea, select, [contenteditable], [role='menu'], [role='dialog'], [role='listbox']",
    ) !== null
  );
}

/** Keys on a card that has the focus: Enter runs it, Shift+Enter runs to it, Escape stops it. */
export function cardKeydown(app: App, event: KeyboardEvent): void {
  const holder =
    event.target instanceof HTMLElement && event.target.matches("[data-node]") ? event.target : null;
  const id = holder?.dataset["node"];
  if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const node = app.nodes.get(id);
  if (event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    app.selected = id;
    if (node !== undefined) void app.run(event.shiftKey ? "to" : "step", [id]);
  } else if (
    event.key === "Escape" &&
    node !== undefined &&
    ["running", "queued"].includes(node.state.status)
  ) {
    event.preventDefault();
    event.stopPropagation();
    app.stop(id);
  }
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
