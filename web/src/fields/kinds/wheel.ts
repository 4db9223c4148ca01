/** The wheel over a number that has the focus moves the page, as everywhere else, and not the number. */
export function keepFromWheel(input: HTMLInputElement): void {
  input.addEventListener(
    "wheel",
    () => {
      if (document.activeElement !== input || input.readOnly) return;
      // A field that is not to be written to lets the wheel pass.
      input.readOnly = true;
      requestAnimationFrame(() => {
        input.readOnly = false;
      });
    },
    { passive: true, capture: true },
  );
}
