/**
 * Puts a text on the clipboard. Pages that came over plain HTTP from another machine have no `navigator.clipboard`, and
 * some browsers refuse it: they copy as they did before there was one.
 */
export async function writeText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const give = (event: ClipboardEvent) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    addEventListener("copy", give, { capture: true });
    try {
      if (!document.execCommand("copy")) throw error;
    } finally {
      removeEventListener("copy", give, { capture: true });
    }
  }
}
