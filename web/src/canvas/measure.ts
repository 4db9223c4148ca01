import type { CardShape } from "../layout/geometry.ts";

/** The size of a card and the heights of its ports, whatever the zoom. */
export function measureCard(id: string, element: HTMLElement): CardShape {
  const box = element.getBoundingClientRect();
  const scale = box.height === 0 ? 1 : element.offsetHeight / box.height;
  const heights = (attribute: "in" | "out") => {
    const found: Record<string, number> = {};
    for (const dot of element.querySelectorAll<HTMLElement>(`[data-${attribute}]`)) {
      const { top, height } = dot.getBoundingClientRect();
      found[dot.dataset[attribute]!] = Math.round((top + height / 2 - box.top) * scale);
    }
    return found;
  };
  return {
    id,
    width: element.offsetWidth,
    height: element.offsetHeight,
    inputs: heights("in"),
    outputs: heights("out"),
  };
}
