/**
 * How far things in a card were scrolled and what was folded open, for cards that leave the page because they are out of
 * sight. What is remembered is found again by its place in the card.
 */
interface Look {
  readonly path: readonly number[];
  readonly top: number;
  readonly left: number;
  readonly isOpen: boolean | undefined;
}

const kept = new Map<string, readonly Look[]>();
const mostCards = 500;

export function keepLook(id: string, card: HTMLElement): void {
  const looks: Look[] = [];
  for (const element of card.querySelectorAll<HTMLElement>("*")) {
    const { scrollTop: top, scrollLeft: left } = element;
    const isOpen = element instanceof HTMLDetailsElement ? element.open : undefined;
    if (top > 0 || left > 0 || isOpen !== undefined)
      looks.push({ path: pathTo(element, card), top, left, isOpen });
  }
  kept.delete(id);
  if (looks.length > 0) kept.set(id, looks);
  const [oldest] = kept.keys();
  if (kept.size > mostCards && oldest !== undefined) kept.delete(oldest);
}

/** Its fields come a little later than the card: what is not there yet is tried again for a second. */
export function bringBackLook(id: string, card: HTMLElement): () => void {
  let looks = kept.get(id) ?? [];
  kept.delete(id);
  const until = performance.now() + 1_000;
  let frame: number | undefined;
  const attempt = () => {
    looks = looks.filter((look) => !isBack(card, look));
    if (looks.length > 0 && performance.now() < until) frame = requestAnimationFrame(attempt);
  };
  if (looks.length > 0) frame = requestAnimationFrame(attempt);
  return () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
  };
}

function isBack(card: HTMLElement, { path, top, left, isOpen }: Look): boolean {
  let element: Element | undefined = card;
  for (const index of path) element = element?.children[index];
  if (!(element instanceof HTMLElement)) return false;
  if (isOpen !== undefined && element instanceof HTMLDetailsElement) element.open = isOpen;
  element.scrollTop = top;
  element.scrollLeft = left;
  return Math.abs(element.scrollTop - top) <= 2 && Math.abs(element.scrollLeft - left) <= 2;
}

function pathTo(element: Element, card: Element): number[] {
  const path: number[] = [];
  for (let each: Element = element; each !== card && each.parentElement !== null; each = each.parentElement)
    path.unshift([...each.parentElement.children].indexOf(each));
  return path;
}
