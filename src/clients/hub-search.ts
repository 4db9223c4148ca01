import { z } from "zod";
import { closest } from "../base/closest.ts";
import type { DaggrError } from "../base/errors.ts";
import { clientError } from "./client-errors.ts";
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

/** What is not there, or is not shown to this token: with the id that was meant, and what to do. */
export async function notFound(
  kind: "models" | "spaces",
  id: string,
  hasToken: boolean,
  options: HubOptions,
): Promise<DaggrError> {
  const { code, word, other, otherKind, node } =
    kind === "models"
      ? { code: "MODEL_NOT_FOUND", word: "Model", other: "spaces", otherKind: "Space", node: "GradioNode" }
      : {
          code: "SPACE_NOT_FOUND",
          word: "Space",
          other: "models",
          otherKind: "model",
          node: "InferenceNode",
        };
  const [{ meant, sentence }, isOther] = await Promise.all([
    nearIds(kind, id, options),
    askHub(`/api/${other}/${id}`, options).then(
      ({ status }) => status === 200,
      () => false,
    ),
  ]);
  const start = `${word} '${id}' not found on the Hugging Face Hub.`;
  if (isOther) return clientError(code, `${start} '${id}' is a ${otherKind}: call it with ${node}.`);
  const access = hasToken
    ? "Check its name (format: 'owner/name'), and that your token may read it if it is private."
    : "Check its name (format: 'owner/name'). If it is private, set HF_TOKEN or log in.";
  return clientError(code, `${start}${sentence} ${access}`, {
    ...(meant === undefined ? {} : { hint: `Did you mean '${meant}'?` }),
  });
}

/** The nearest id, and a sentence with it or with some that are alike; both empty when the Hub knows none. */
async function nearIds(
  kind: "models" | "spaces",
  id: string,
  options: HubOptions,
): Promise<{ meant?: string; sentence: string }> {
  const near = await alike(kind, id, options).catch(() => []);
  const meant = closest(id, near);
  if (meant !== undefined) return { meant, sentence: ` Did you mean '${meant}'?` };
  return { sentence: near.length === 0 ? "" : ` There is ${near.slice(0, 3).join(", ")}.` };
}
