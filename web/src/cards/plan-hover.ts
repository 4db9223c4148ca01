import type { RunMode } from "../../../src/protocol/plan.ts";
import type { App } from "../state/app.svelte.ts";

interface Target {
  readonly title: string;
  readonly mode: RunMode;
  readonly nodes: readonly string[];
}

/** Shows what a run would do while the pointer or the focus rests on its button. */
export function planOnHover(app: App, target: () => Target, delayMs = 180) {
  return (element: HTMLElement) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let turn = 0;
    const show = () => {
      clearTimeout(timer);
      const own = ++turn;
      timer = setTimeout(async () => {
        const { title, mode, nodes } = target();
        const preview = await app.plan(mode, nodes).catch(() => null);
        if (own !== turn || preview === null || !element.isConnected) return;
        app.hovered = {
          title,
          mode,
          nodes,
          anchor: element.getBoundingClientRect(),
          isInMenu: element.role === "menuitem",
          preview,
        };
      }, delayMs);
    };
    const hide = () => {
      clearTimeout(timer);
      turn++;
      // A button that goes away is left by the focus in the middle of drawing, where nothing may be changed.
      if (app.hovered !== null) queueMicrotask(() => (app.hovered = null));
    };
    const focus = () => {
      if (element.matches(":focus-visible")) show();
    };
    element.addEventListener("pointerenter", show);
    element.addEventListener("pointerleave", hide);
    element.addEventListener("focus", focus);
    element.addEventListener("blur", hide);
    element.addEventListener("click", hide);
    return () => {
      hide();
      element.removeEventListener("pointerenter", show);
      element.removeEventListener("pointerleave", hide);
      element.removeEventListener("focus", focus);
      element.removeEventListener("blur", hide);
      element.removeEventListener("click", hide);
    };
  };
}
