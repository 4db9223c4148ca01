import type { AccountView } from "../../../src/protocol/account.ts";

/** Asks the server about accounts; a refusal is an error with its sentence. */
export async function askServer<T>(
  path: string,
  method: "GET" | "POST" | "DELETE" = "GET",
  body?: unknown,
): Promise<T> {
  const response = await fetch(`/api/account${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? "The server cannot be reached just now.");
  return answer;
}

/** `Ada Lovelace` is AL, `ada-l` AL, `ada` A. */
export function initialsOf({ name, fullName }: NonNullable<AccountView["user"]>): string {
  const words = (fullName || name).split(/[\s_.-]+/).filter((word) => /^\p{L}|^\p{N}/u.test(word));
  const [first = name, last = ""] = words.length > 1 ? [words[0], words.at(-1)] : words;
  return `${[...first][0] ?? ""}${[...last][0] ?? ""}`.toUpperCase();
}
