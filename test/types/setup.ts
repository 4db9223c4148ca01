// What the mistakes in mistakes.test-d.ts are made with.
import { FnNode, GradioNode, gr, InputNode } from "daggr";

export interface Line {
  voice: string;
  text: string;
}

export const picture = new GradioNode("hf-applications/Z-Image-Turbo", {
  inputs: { prompt: gr.Textbox() },
  outputs: { image: gr.Image(), seed: gr.Number() },
});
export const dialogue = new GradioNode("a/b", {
  outputs: { lines: gr.JSON<Line[]>(), raw: gr.JSON(), title: gr.Textbox(), hidden: null },
});
export const samples = new FnNode(({ text }) => text, {
  name: "samples",
  inputs: { text: dialogue.lines.each.text },
  outputs: { audio: gr.Audio() },
});
export const settings = new InputNode({
  name: "settings",
  ports: { tone: gr.Dropdown({ choices: ["calm", "lively"] }), minutes: gr.Slider() },
});
export function summarize({ text, maxWords = 100 }: { text: string; maxWords?: number }): string {
  return text.slice(maxWords);
}
export function cut({ image, side }: { image: string; side: "left" | "right" }): {
  image: string;
  width: number;
} {
  return { image: image + side, width: 1 };
}
