import type { FitViewOptions } from "@xyflow/svelte";

/** Room for the bars that float over the canvas. */
export const fitOptions = {
  padding: { top: "40px", right: "40px", bottom: "84px", left: "40px" },
  maxZoom: 1,
  minZoom: 0.08,
} satisfies FitViewOptions;
