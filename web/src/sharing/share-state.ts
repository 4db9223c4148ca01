import type { ShareAnswer } from "../../../src/protocol/share.ts";

/** How sharing stands, with the link, which no message carries. */
export async function askShare(): Promise<ShareAnswer> {
  const response = await fetch("/api/share");
  if (!response.ok) throw new Error("The server does not say whether it is shared.");
  return (await response.json()) as ShareAnswer;
}

/** Takes the link away from everybody who has it. */
export async function stopSharing(): Promise<void> {
  const response = await fetch("/api/share", { method: "DELETE" });
  if (!response.ok)
    throw new Error(((await response.json()) as { error?: string }).error ?? "It did not work.");
}

/** `Monday, 30 November, 06:20`. */
export function dayAndTime(at: number): string {
  return new Date(at).toLocaleString(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  });
}
