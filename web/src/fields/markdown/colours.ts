/** Code in a text has the colours that it has in a code field: the same readers, fetched when there is some. */
import "../code/tokens.css";
import { highlighted } from "../code/highlight.ts";
import { loadLanguage } from "../code/languages.ts";

export async function coloursOf(name: string): Promise<((code: string) => Node) | undefined> {
  const loaded = await loadLanguage(name);
  return loaded && ((code) => highlighted(code, loaded.language));
}
