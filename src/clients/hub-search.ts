import { z } from "zod";
import { closest } from "../base/closest.ts";
import { askHub, type HubOptions } from "./hub.ts";

/** What the Hub's search knows like this id: of the same owner, or with a word of the name. */
async function alike(kind: "models" | "spaces", id: string, options: HubOptions): Promise<string[]> {
  const [owner, name] = id.includes("/") ? (id.split("/") as [string, string]) : ["", id];
  const word = name.split(/[-_.]/).find((part) => part.length > 2) ?? name;
  const searches = [
    ...(owner === "" ? [] : [`author=${encodeURIComponent(owner)}&limit=200`]),
    `search=${encodeURIComponent(name)}&limit=20`,
    ...(word === name ? [] : [`search=${encodeURIComponent(word)}&limit=50`]),
  ];
  const sort = kind === "models" ? "downloads" : "likes";
  const answers = await Promise.all(
    searches.map((search) => askHub(`/api/${kind}?${search}&sort=${sort}`, options)),
  );
  const list = z.array(z.looseObject({ id: z.string() }));
  const found = answers.flatMap(({ json }) => list.safeParse(json).data ?? []);
  return [...new Set(found.map((one) => one.id))];
}

/** The nearest id, and a sentence with it or with some that are alike; both empty when the Hub knows none. */
export async function nearIds(
  kind: "models" | "spaces",
  id: string,
  options: HubOptions,
): Promise<{ meant?: string; sentence: string }> {
  const near = await alike(kind, id, options).catch(() => []);
  const meant = closest(id, near);
  if (meant !== undefined) return { meant, sentence: ` Did you mean '${meant}'?` };
  return { sentence: near.length === 0 ? "" : ` There is ${near.slice(0, 3).join(", ")}.` };
}
