import type { Box, Size } from "../layout/geometry.ts";
import type { View } from "./mounted.ts";

/** Room for the bars that float over the canvas. */
export const margins = { top: 40, right: 40, bottom: 84, left: 40 };

/** The view that shows a part of the canvas in the middle, as large as it fits and no larger than `maxZoom`. */
export function fitting(bounds: Box, size: Size, maxZoom = 1, share = 1): View {
  const width = Math.max(1, size.width - margins.left - margins.right);
  const height = Math.max(1, size.height - margins.top - margins.bottom);
  const most = Math.min(
    (width * share) / Math.max(1, bounds.width),
    (height * share) / Math.max(1, bounds.height),
  );
  const zoom = Math.max(0.05, Math.min(maxZoom, most));
  return {
    x: margins.left + width / 2 - (bounds.x + bounds.width / 2) * zoom,
    y: margins.top + height / 2 - (bounds.y + bounds.height / 2) * zoom,
    zoom,
  };
}
