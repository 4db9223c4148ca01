import type { CardView } from "../../../src/protocol/view.ts";
import type { icons } from "../theme/icons.ts";

interface KindLook {
  readonly icon: keyof typeof icons;
  /** For tooltips. */
  readonly word: string;
  readonly tone: "plain" | "gradio" | "inference" | "human";
}

const looks: Readonly<Record<string, KindLook>> = {
  input: { icon: "input", word: "Input", tone: "plain" },
  fn: { icon: "fn", word: "Function", tone: "plain" },
  gradio: { icon: "gradio", word: "Gradio app", tone: "gradio" },
  space: { icon: "gradio", word: "Gradio app", tone: "gradio" },
  inference: { icon: "model", word: "Model", tone: "inference" },
  model: { icon: "model", word: "Model", tone: "inference" },
  choice: { icon: "choice", word: "Choice", tone: "plain" },
  fallback: { icon: "choice", word: "Fallback", tone: "plain" },
  approve: { icon: "human", word: "Approval", tone: "human" },
  choose: { icon: "human", word: "Choice of a person", tone: "human" },
  ask: { icon: "human", word: "Question", tone: "human" },
};

export function kindLook(card: Pick<CardView, "type" | "kind">): KindLook {
  return (card.type === "input" ? looks["input"] : looks[card.kind]) ?? looks["fn"]!;
}

/** The last part of a Space id or model: what fits beside a name. */
export function shortSource(source: string): string {
  return /^[\w.-]+\/[\w.-]+$/.test(source) ? source.split("/")[1]! : source;
}
