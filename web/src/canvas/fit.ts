import type { FitViewOptions } from "@xyflow/svelte";

/** Room for the bars that float over the canvas. */
export const margins = { top: 40, right: 40, bottom: 84, left: 40 };

export const fitOptions = {
  padding: {
    top: `${margins.top}px`,
    right: `${margins.right}px`,
    bottom: `${margins.bottom}px`,
    left: `${margins.left}px`,
  },
  maxZoom: 1,
  minZoom: 0.08,
} satisfies FitViewOptions;
