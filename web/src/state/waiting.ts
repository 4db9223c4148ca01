import type { Answer } from "../../../src/protocol/ask.ts";
import type { AskView, CardView } from "../../../src/protocol/view.ts";
import type { App } from "./app.svelte.ts";
import { overlay } from "./overlay.svelte.ts";

/** The steps that wait for a person, in the graph's order. */
export function waitingCards(app: App): CardView[] {
  return app.graph?.steps.filter((card) => app.nodes.get(card.id)?.state.ask !== undefined) ?? [];
}

/** How a step asks: of a choice, how the chosen variant does. */
export function askOf(app: App, card: CardView): AskView | undefined {
  return card.variants === undefined ? card.ask : card.variants[app.variants[card.id] ?? 0]?.ask;
}

/** Where it was gone to last; what is selected changes on the way back to the badge. */
let lastJump = "";

/** Goes to the step that waits, and from there to the next one. */
export function jumpToWaiting(app: App): void {
  const waiting = waitingCards(app);
  const at = waiting.findIndex((card) => card.id === lastJump);
  const next = waiting[(at + 1) % waiting.length];
  if (next === undefined) return;
  lastJump = next.id;
  overlay.jump = { card: next.id, field: questionName(next) };
}

/** What the question of a step is called. */
export const questionName = ({ name }: CardView): string => `Question of ${name}`;

/** Resolves to whether the server took it; what is wrong with it is said by a toast. */
export async function giveAnswer(
  app: App,
  card: CardView,
  item: number | undefined,
  answer: Answer,
): Promise<boolean> {
  const run = app.nodes.get(card.id)?.state.run;
  if (run === undefined) return false;
  try {
    const which = item === undefined ? {} : { item };
    await app.ask({ type: "answer", run, node: card.id, answer: { ...answer }, ...which });
    return true;
  } catch {
    return false;
  }
}
