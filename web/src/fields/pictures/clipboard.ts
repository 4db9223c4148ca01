/** Whether the browser lets a page read pictures from the clipboard at all. */
export const canReadClipboard = (): boolean => typeof navigator.clipboard?.read === "function";

/** The picture on the clipboard. Throws a sentence where there is none or the browser refuses. */
export async function readPicture(): Promise<File> {
  let items: ClipboardItems;
  try {
    items = await navigator.clipboard.read();
  } catch {
    throw new Error("The browser did not allow reading the clipboard. Press Ctrl+V here instead.");
  }
  for (const item of items) {
    const type = item.types.find((each) => each.startsWith("image/"));
    if (type === undefined) continue;
    const blob = await item.getType(type);
    return new File([blob], `pasted.${type.slice(6).replace(/\+.*/, "")}`, { type });
  }
  throw new Error("There is no picture on the clipboard.");
}
