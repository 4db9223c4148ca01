import type { useSvelteFlow } from "@xyflow/svelte";
import { aligned } from "../layout/align.ts";
import type { App } from "../state/app.svelte.ts";
import type { Stage } from "../state/stage.ts";
import { motionMs } from "../theme/motion.ts";
import type { FlowLayout } from "./flow-layout.svelte.ts";

type Flow = ReturnType<typeof useSvelteFlow>;
/** Moves the view so that these cards are in its middle; all, where none are named. */
type Show = (ids: readonly string[] | undefined, maxZoom: number, duration: number) => void;

export function stageOf(app: App, layout: FlowLayout, flow: Flow, show: Show, saveView: () => void): Stage {
  const zoomed = (done: Promise<unknown>) => void done.then(saveView);
  /** Where the view is on its way to: a second press while it moves goes on from there. */
  let target: { readonly zoom: number } | undefined;
  const zoomTo = (zoom: number, ms: number) => {
    const own = { zoom };
    target = own;
    const arrived = flow.setZoom(zoom, { duration: motionMs(ms) }).finally(() => {
      if (target === own) target = undefined;
    });
    zoomed(arrived);
  };
  return {
    tidy: (ids) =>
      void (ids === undefined ? layout.tidy().then(() => show(undefined, 1, 240)) : layout.tidyOnly(ids)),
    fit: (ids) => show(ids, ids === undefined ? 1 : 1.25, 240),
    zoomTo: (zoom) => zoomTo(zoom, 160),
    // The flow's own zoomIn and zoomOut belong to the store before it was there.
    zoomBy: (way) => zoomTo((target?.zoom ?? flow.getZoom()) * (way === "in" ? 1.2 : 1 / 1.2), 120),
    selectAll: () => {
      app.selection = layout.nodes.map(({ id }) => id);
    },
    align: (ids, side) => app.moveCards(aligned(layout.boxesOf(ids), side), `align ${ids.length} cards`),
  };
}
