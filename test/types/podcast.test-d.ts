// A whole workflow, typed end to end; nothing is annotated that a script would not annotate.
import { FnNode, GradioNode, Graph, gr, InputNode, type ItemPort, type Node, oneOf, type Port } from "daggr";
import type { Line } from "./setup.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

const parameters = new InputNode({
  name: "Parameters",
  ports: {
    topic: gr.Textbox({ label: "Topic", value: "AI" }),
    tone: gr.Dropdown({ choices: ["calm", "lively"], value: "calm" }),
    minutes: gr.Slider({ minimum: 1, maximum: 30 }),
    tags: gr.CheckboxGroup({ choices: ["a", "b"] }),
  },
});

const hostVoice = oneOf(
  new GradioNode("abidlabs/tts", {
    apiName: "/generate_voice_design",
    inputs: {
      voice_description: gr.Textbox({ label: "Host voice" }),
      language: "Auto",
      text: "Hi! I'm the host.",
    },
    outputs: { audio: gr.Audio({ label: "Host voice" }) },
  }),
  new GradioNode("mrfakename/E2-F5-TTS", {
    apiName: "/basic_tts",
    inputs: { ref_audio_input: gr.Audio(), gen_text_input: parameters.topic, seed: () => Math.random() },
    outputs: { audio: gr.Audio() },
  }),
  { name: "host voice" },
);

async function writeDialogue({
  topic,
  tone,
  voice,
  minutes = 5,
}: {
  topic: string;
  tone: "calm" | "lively";
  voice: string;
  minutes?: number;
}): Promise<{ lines: Line[]; html: string }> {
  return { lines: [{ voice, text: `${topic} ${tone} ${minutes}` }], html: "<b>Host</b>" };
}

const dialogue = new FnNode(writeDialogue, {
  inputs: {
    topic: parameters.topic,
    tone: parameters.tone,
    minutes: parameters.minutes,
    voice: hostVoice.audio,
  },
  outputs: { lines: gr.JSON<Line[]>({ visible: false }), html: gr.HTML({ label: "Script" }) },
});

// Scatter: runs once per line. The function is not annotated; its parameters come from `inputs`.
const samples = new FnNode(({ text, audio }) => `${audio}:${text}`, {
  name: "samples",
  inputs: { text: dialogue.lines.each.text, audio: dialogue.lines.each.voice },
  outputs: { audio: gr.Audio({ label: "Sample" }) },
});

// Gather: one list of every sample.
const final = new FnNode(({ audioFiles }: { audioFiles: string[] }) => audioFiles.join("+"), {
  name: "final",
  inputs: { audioFiles: samples.audio.all() },
  outputs: { audio: gr.Audio({ label: "Full podcast" }) },
});

const graph = new Graph({ name: "Podcast generator", nodes: [parameters, hostVoice, samples, final] });
const typed = new Graph({ name: "Typed", nodes: [samples, final] });

export type Checks = [
  Expect<Equal<typeof parameters.tone, Port<"calm" | "lively">>>,
  Expect<Equal<typeof parameters.tags, Port<("a" | "b")[]>>>,
  Expect<Equal<typeof hostVoice.audio, Port<string>>>,
  Expect<Equal<typeof dialogue.lines, Port<Line[]>>>,
  Expect<Equal<typeof samples, Node<{ audio: string }, "item", "samples">>>,
  Expect<Equal<typeof samples.audio, ItemPort<string>>>,
  Expect<Equal<ReturnType<typeof samples.audio.all>, Port<string[]>>>,
  Expect<Equal<typeof final.audio, Port<string>>>,
  Expect<Equal<Awaited<ReturnType<typeof typed.run>>["samples"]["audio"], string[]>>,
  Expect<Equal<Awaited<ReturnType<typeof typed.run>>["final"]["audio"], string>>,
  Expect<Equal<Awaited<ReturnType<typeof final.test>>, { audio: string }>>,
];

// A helper that makes nodes needs nothing but `Port` and `Node` in its signature.
export function upscale(image: Port<string>): Node<{ image: string; scale: number }> {
  return new GradioNode("someone/upscaler", {
    inputs: { image },
    outputs: { image: gr.Image(), scale: gr.Number() },
  });
}

// A scattered node can feed another one: still once per item, until `.all()`.
const shouted = new FnNode(({ sample }) => sample.toUpperCase(), {
  inputs: { sample: samples.audio },
  outputs: { text: gr.Textbox() },
});
export type Chained = Expect<Equal<typeof shouted.text, ItemPort<string>>>;

// Item lists, whole items, hidden outputs, literals, generators, edges, no inputs, no outputs.
const items = new InputNode({
  ports: { cast: gr.ItemList({ speaker: gr.Dropdown({ choices: ["Host", "Guest"] }), text: gr.Textbox() }) },
});
export type Items = Expect<Equal<typeof items.cast, Port<{ speaker: "Host" | "Guest"; text: string }[]>>>;
new FnNode(({ item }: { item: { speaker: string; text: string } }) => item.text.length, {
  inputs: { item: items.cast.each },
  outputs: { length: gr.Number() },
});
new FnNode(
  async function* ({ text }: { text: string }) {
    yield text;
    yield `${text}!`;
  },
  { inputs: { text: final.audio }, outputs: { out: gr.Textbox() } },
);
new FnNode(
  function* ({ text }) {
    yield { a: text };
    return { a: text, b: 3 };
  },
  { inputs: { text: final.audio }, outputs: { a: gr.Textbox(), b: gr.Number() } },
);
const double = new FnNode(({ x }: { x: number }) => x * 2, { name: "double" });
graph.edge(items.cast.each, double.input("x"));
new FnNode(({ text }) => console.log(text), { inputs: { text: final.audio }, outputs: {} });
const either = double.or(double);
export type Either = Expect<Equal<typeof either, Node<{ output: any }, "run">>>;

// An input of type `any` does not make a node scattered.
declare const anything: any;
export const withAny = new FnNode(({ x }) => String(x), {
  inputs: { x: anything },
  outputs: { text: gr.Textbox() },
});
export type Any = Expect<Equal<typeof withAny.text, Port<string>>>;
