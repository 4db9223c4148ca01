import type { Answer } from "../../../src/protocol/ask.ts";
import type { AskView, CardView } from "../../../src/protocol/view.ts";

/** What each way to answer a question is given. */
export interface Answering {
  card: CardView;
  ask: AskView;
  values: Readonly<Record<string, unknown>>;
  isSending: boolean;
  send: (answer: Answer, forAll?: boolean) => void;
}
