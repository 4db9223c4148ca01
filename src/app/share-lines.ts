import type { ShareView } from "../protocol/share.ts";

/** What the terminal says of a change. */
export function shareLines(view: ShareView): readonly string[] {
  const { status, link, until, problem } = view;
  switch (status) {
    case "open": {
      const end = until === undefined ? "" : `, until ${new Date(until).toLocaleString()}`;
      return [
        `Shared on ${link}`,
        `Anybody with this link can run the workflow, with your tokens and on this machine${end}.`,
      ];
    }
    case "lost":
      return [`${problem ?? "The link is gone."} Opening it again.`];
    case "ended":
      return [`Not shared: ${problem ?? "it has ended."}`];
    default:
      return [];
  }
}
