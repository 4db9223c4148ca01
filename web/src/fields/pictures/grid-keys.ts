/** Arrow keys go through the buttons of a grid, of which one at a time can be tabbed to. */
export function moveByKeys(grid: HTMLElement, selector: string): void {
  const all = () => [...grid.querySelectorAll<HTMLElement>(selector)];
  grid.addEventListener("focusin", (event) => {
    const target = (event.target as HTMLElement).closest<HTMLElement>(selector);
    if (target === null) return;
    for (const each of all()) each.tabIndex = each === target ? 0 : -1;
  });
  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = all();
    const at = buttons.indexOf(event.target as HTMLElement);
    if (at < 0) return;
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: buttons.length - 1,
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[next]?.focus();
  });
}
