/** What holds controls that stand for each other: of these the next one takes the focus. */
const groups =
  "ul, ol, [role='list'], [role='group'], [role='listbox'], [role='grid'], header, nav, aside, form";
const controls =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [contenteditable='true'], [tabindex='0']";
const holders = "[data-node], [role='dialog'], [role='menu'], main";
const remembered = 8;

interface Place {
  readonly element: HTMLElement;
  readonly name: string;
  /** Its ancestors from the inside, each with where the way down to it goes on. */
  readonly way: readonly { readonly holder: Element; readonly index: number }[];
}

/**
 * The focus is never lost: when the element that has it is gone or cannot be used any more, its successor gets it, else
 * its neighbour, its card or dialog, what had it before, or the page's main part. A click beside everything is no loss.
 */
export function keepFocus(): void {
  let at: Place | undefined;
  let before: HTMLElement[] = [];

  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    at = placeOf(target);
    before = [target, ...before.filter((each) => each !== target)].slice(0, remembered);
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (relatedTarget === null && target instanceof HTMLElement) setTimeout(() => find(target));
  });
  // A control that is disabled while it has the focus loses it without a word.
  new MutationObserver(() => {
    if (at !== undefined && !canTake(at.element)) find(at.element);
  }).observe(document.body, { subtree: true, attributeFilter: ["disabled"] });

  function find(lost: HTMLElement): void {
    if (at?.element !== lost || canTake(lost)) return;
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body && activeElement !== lost) return;
    const next =
      successor(at) ??
      before.find((each) => canTake(each) && isInSight(each)) ??
      document.querySelector("main");
    if (!(next instanceof HTMLElement)) return;
    if (next.tabIndex < 0 && !next.hasAttribute("tabindex")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  }
}

const nameOf = (element: Element) => element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
const canTake = (element: HTMLElement) => element.isConnected && !element.matches(":disabled");
const isInSight = (element: Element) => element.checkVisibility({ visibilityProperty: true });

function placeOf(element: HTMLElement): Place {
  const way = [];
  for (let child: Element = element; child.parentElement !== null; child = child.parentElement)
    way.push({ holder: child.parentElement, index: [...child.parentElement.children].indexOf(child) });
  return { element, name: nameOf(element), way };
}

function successor({ element, name, way }: Place): Element | undefined {
  const usable = (holder: Element) => [...holder.querySelectorAll(controls)].filter(isInSight);
  for (const { holder, index } of way) {
    if (!holder.isConnected) continue;
    if (holder === document.body) return undefined;
    const same = usable(holder).find((each) => each.tagName === element.tagName && nameOf(each) === name);
    if (same !== undefined) return same;
    if (holder.matches(holders)) return holder;
    // What took its place, or its twin: "next" beside "previous".
    const isBeside = holder === way[0]?.holder;
    if (!isBeside && !holder.matches(groups)) continue;
    const neighbours = [...holder.children]
      .slice(index)
      .concat([...holder.children].slice(0, index).reverse());
    for (const each of neighbours) {
      const next = each.matches(controls) && isInSight(each) ? each : usable(each)[0];
      if (next !== undefined) return next;
    }
  }
  return undefined;
}
