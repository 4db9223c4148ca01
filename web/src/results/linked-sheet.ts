/** The sheet that an address leads to: asked for at once, while the rest of the link is read later. */
export function linkedSheet(hash: string): string | null {
  const sheet = new URLSearchParams(hash.slice(1)).get("sheet");
  return sheet !== null && /^[\w-]{1,64}$/.test(sheet) ? sheet : null;
}
