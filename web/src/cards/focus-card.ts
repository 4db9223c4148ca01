/** Puts the focus on a card, or on the field of it that has this name. */
export function focusCard(id: string, field?: string): HTMLElement | null {
  // A form shows fields without their cards.
  const card =
    document.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`) ??
    (field === undefined ? null : document.querySelector<HTMLElement>("main.form"));
  const named =
    field === undefined ? null : card?.querySelector<HTMLElement>(`[aria-label="${CSS.escape(field)}"]`);
  const control = "input, textarea, select, button, [contenteditable='true'], [tabindex='0']";
  const target =
    named?.matches(control) === true
      ? named
      : (named?.querySelector<HTMLElement>("[data-first]") ?? named?.querySelector<HTMLElement>(control));
  (target ?? card)?.focus({ preventScroll: true });
  return target ?? card;
}
