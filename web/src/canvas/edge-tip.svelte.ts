import type { EdgeView } from "../../../src/protocol/view.ts";

/** The edge under the pointer, and where. */
class EdgeTip {
  shown = $state.raw<{ edge: EdgeView; x: number; y: number } | null>(null);

  show(edge: EdgeView, event: PointerEvent): void {
    this.shown = { edge, x: event.clientX, y: event.clientY };
  }

  hide(): void {
    this.shown = null;
  }
}

export const edgeTip = new EdgeTip();
