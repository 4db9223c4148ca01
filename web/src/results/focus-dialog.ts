/** The keys of a dialog work at once, and no button of it looks chosen. */
export function focusDialog(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("[role='dialog'].closer")?.focus({ preventScroll: true });
}
