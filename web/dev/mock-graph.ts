/** The scripted podcast graph that the mock server speaks about. */
import type { CardView, EdgeView, GraphView, PortView } from "../../src/protocol/view.ts";

const input = (name: string, type: PortView["type"], from: string, list = false): PortView => ({
  name,
  label: name,
  type,
  list,
  from,
});
const output = (
  name: string,
  label: string,
  type: PortView["type"],
  kind: string,
  props: Record<string, unknown> = {},
  list = false,
): PortView => ({
  name,
  label,
  type,
  list,
  component: { kind, props: { label, ...props } },
});
const step = (card: Partial<CardView> & { name: string }): CardView => ({
  id: card.name,
  type: "step",
  kind: "fn",
  scattered: false,
  inputs: [],
  outputs: [],
  ...card,
});

const script = {
  fields: {
    speaker: { kind: "dropdown", props: { label: "Who", choices: ["Host", "Guest"] } },
    text: { kind: "textbox", props: { label: "Says", lines: 1 } },
  },
};

const cards: CardView[] = [
  {
    id: "Episode",
    type: "input",
    name: "Episode",
    kind: "input",
    scattered: false,
    inputs: [],
    outputs: [
      {
        ...output("topic", "Topic", "text", "textbox", {
          lines: 1,
          value: "Why octopuses have three hearts",
        }),
        address: "Episode__topic",
      },
      {
        ...output("lines", "Length", "number", "slider", { minimum: 2, maximum: 12, value: 6 }),
        address: "Episode__lines",
      },
      {
        ...output("tone", "Tone", "text", "radio", { choices: ["calm", "funny", "dramatic"], value: "calm" }),
        address: "Episode__tone",
      },
    ],
  },
  {
    id: "inputs:host__voice",
    type: "input",
    name: "Voice",
    kind: "input",
    scattered: false,
    inputs: [],
    outputs: [
      {
        ...output("voice_description", "Voice description", "text", "textbox", {
          lines: 2,
          value: "Deep British voice, a little tired, very kind",
        }),
        address: "host__voice",
      },
    ],
  },
  step({
    name: "host voice",
    kind: "gradio",
    source: "abidlabs/tts",
    sourceUrl: "https://huggingface.co/spaces/abidlabs/tts",
    place: "podcast.ts:12",
    inputs: [input("voice_description", "text", "Voice description")],
    outputs: [output("audio", "Host voice", "audio", "audio")],
  }),
  step({
    name: "write dialogue",
    kind: "inference",
    source: "meta-llama/Llama-3.3-70B-Instruct",
    place: "podcast.ts:18",
    inputs: [
      input("topic", "text", "Topic"),
      input("lines", "number", "Length"),
      input("tone", "text", "Tone"),
    ],
    outputs: [output("script", "Script", "json", "itemlist", script)],
  }),
  step({
    name: "voice engine",
    kind: "choice",
    source: "choice of 2",
    place: "podcast.ts:27",
    variants: [
      { name: "Parler TTS", kind: "gradio", source: "parler-tts/parler_tts" },
      { name: "espeak-ng", kind: "fn" },
    ],
    inputs: [{ ...input("sample", "audio", "host voice.audio"), variant: 0 }],
    outputs: [output("engine", "Engine", "text", "textbox")],
  }),
  step({
    name: "samples",
    scattered: true,
    place: "podcast.ts:41",
    inputs: [input("text", "text", "each of Script"), input("engine", "text", "voice engine")],
    outputs: [output("sample", "Sample", "audio", "audio", {}, true)],
  }),
  step({
    name: "cover art",
    kind: "gradio",
    source: "hf-applications/Z-Image-Turbo",
    sourceUrl: "https://huggingface.co/spaces/hf-applications/Z-Image-Turbo",
    place: "podcast.ts:52",
    inputs: [input("prompt", "text", "Topic"), input("seed", "number", "drawn anew")],
    outputs: [output("image", "Image", "image", "image")],
  }),
  step({
    name: "summary",
    place: "podcast.ts:60",
    inputs: [input("script", "json", "Script")],
    outputs: [output("text", "Show notes", "text", "markdown")],
  }),
  step({
    name: "combine",
    place: "podcast.ts:66",
    inputs: [
      input("files", "audio", "all of Sample", true),
      input("cover", "image", "cover art.image"),
      input("notes", "text", "summary"),
    ],
    outputs: [output("podcast", "Full podcast", "audio", "audio")],
  }),
];

const edge = (
  from: string,
  port: string,
  to: string,
  toPort: string,
  type: EdgeView["type"],
  kind: EdgeView["kind"] = "plain",
): EdgeView => ({
  id: `${from}.${port}-${to}.${toPort}`,
  from: { card: from, port },
  to: { card: to, port: toPort },
  type,
  kind,
});

export const podcast: GraphView = {
  name: "Podcast generator",
  persisted: true,
  hash: "podcast-1",
  cards,
  edges: [
    edge("Episode", "topic", "write dialogue", "topic", "text"),
    edge("Episode", "lines", "write dialogue", "lines", "number"),
    edge("Episode", "tone", "write dialogue", "tone", "text"),
    edge("Episode", "topic", "cover art", "prompt", "text"),
    edge("inputs:host__voice", "voice_description", "host voice", "voice_description", "text"),
    edge("host voice", "audio", "voice engine", "sample", "audio"),
    edge("write dialogue", "script", "samples", "text", "json", "each"),
    edge("write dialogue", "script", "summary", "script", "json"),
    edge("voice engine", "engine", "samples", "engine", "text"),
    edge("samples", "sample", "combine", "files", "audio", "all"),
    edge("cover art", "image", "combine", "cover", "image"),
    edge("summary", "text", "combine", "notes", "text"),
  ],
};

/** The same graph many times over, to see how the canvas bears it. */
export function many(cards: number): GraphView {
  const copies = Math.ceil(cards / podcast.cards.length);
  const names = Array.from({ length: copies }, (_, copy) => `${copy + 1} `);
  return {
    ...podcast,
    name: `${copies * podcast.cards.length} cards`,
    hash: `many-${copies}`,
    cards: names.flatMap((prefix) =>
      podcast.cards.map((card) => ({
        ...card,
        id: prefix + card.id,
        name: prefix + card.name,
        outputs: card.outputs.map((port) =>
          port.address === undefined ? port : { ...port, address: prefix + port.address },
        ),
      })),
    ),
    edges: names.flatMap((prefix) =>
      podcast.edges.map((each) => ({
        ...each,
        id: prefix + each.id,
        from: { ...each.from, card: prefix + each.from.card },
        to: { ...each.to, card: prefix + each.to.card },
      })),
    ),
  };
}

export const line = [
  { speaker: "Host", text: "Three hearts. Why would anyone need three?" },
  { speaker: "Guest", text: "Two of them only serve the gills." },
  { speaker: "Host", text: "So swimming makes it tired?" },
  { speaker: "Guest", text: "" },
  { speaker: "Guest", text: "Very. It would rather crawl." },
  { speaker: "Host", text: "Thank you for listening." },
];
