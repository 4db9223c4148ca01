/** daggr's podcast: a script is written, every line is spoken by its voice, and the recordings are joined. */
import { FnNode, Graph, gr, InputNode, oneOf } from "daggr";
import { type Line, writeLines } from "./script.ts";
import { join, speak } from "./sound.ts";

const episode = new InputNode({
  name: "episode",
  ports: {
    topic: gr.Textbox({ label: "Topic", value: "why octopuses have three hearts" }),
    exchanges: gr.Slider({ label: "Questions", minimum: 1, maximum: 4, step: 1, value: 2 }),
  },
});

// A choice between two steps: the user switches on the canvas, each keeps its own inputs.
const sample = { voice: gr.Hidden<string>(), sample: gr.Audio({ label: "Sample" }) };
const british = new FnNode(
  async ({ pitch }: { pitch: number }, { file, signal }) => {
    const voice = `en-gb:${pitch}:160`;
    return { voice, sample: await speak("Good evening. I am your host.", voice, file("host.wav"), signal) };
  },
  {
    name: "british host",
    inputs: { pitch: gr.Slider({ label: "Pitch", minimum: 0, maximum: 99, step: 1, value: 35 }) },
    outputs: sample,
  },
);
const american = new FnNode(
  async ({ speed }: { speed: number }, { file, signal }) => {
    const voice = `en-us+f3:55:${speed}`;
    return { voice, sample: await speak("Hey there! I am your host.", voice, file("host.wav"), signal) };
  },
  {
    name: "american host",
    inputs: {
      speed: gr.Slider({ label: "Words a minute", minimum: 120, maximum: 220, step: 5, value: 175 }),
    },
    outputs: sample,
  },
);
const host = oneOf(british, american, { name: "host voice" });

const guest = new FnNode(
  async ({ character }: { character: "calm" | "lively" }, { file, signal }) => {
    const voice = character === "calm" ? "en-us+m3:40:150" : "en-us+f4:70:185";
    return { voice, sample: await speak("Hi! I am the guest.", voice, file("guest.wav"), signal) };
  },
  {
    name: "guest voice",
    inputs: { character: gr.Radio({ label: "Guest", choices: ["calm", "lively"], value: "lively" }) },
    outputs: sample,
  },
);

const dialogue = new FnNode(
  async (
    {
      topic,
      exchanges,
      hostVoice,
      guestVoice,
    }: { topic: string; exchanges: number; hostVoice: string; guestVoice: string },
    { signal },
  ) => {
    const lines = await writeLines(topic, exchanges, signal);
    const voices: Record<Line["speaker"], string> = { Host: hostVoice, Guest: guestVoice };
    return {
      lines: lines.map(({ speaker, text }) => ({ text, voice: voices[speaker] })),
      script: lines.map(({ speaker, text }) => `**${speaker}:** ${text}`).join("\n\n"),
    };
  },
  {
    name: "write dialogue",
    inputs: {
      topic: episode.topic,
      exchanges: episode.exchanges,
      hostVoice: host.voice,
      guestVoice: guest.voice,
    },
    outputs: {
      lines: gr.JSON<{ text: string; voice: string }[]>({ visible: false }),
      script: gr.Markdown({ label: "Script" }),
    },
  },
);

// Scattered: every line is spoken on its own, several at a time.
const samples = new FnNode(
  ({ text, voice }: { text: string; voice: string }, { file, signal, item = 0 }) => {
    const words = text
      .replace(/[^\w ]/g, "")
      .split(" ")
      .slice(0, 4)
      .join(" ");
    return speak(text, voice, file(`${item + 1} ${words}.wav`), signal);
  },
  {
    name: "speak",
    concurrent: true,
    inputs: { text: dialogue.lines.each.text, voice: dialogue.lines.each.voice },
    outputs: { audio: gr.Audio({ label: "Line" }) },
  },
);

// Gathered: all recordings, in the order of the lines.
const podcast = new FnNode(
  ({ recordings }: { recordings: string[] }, { file, progress, signal }) => {
    progress(null, `Joining ${recordings.length} lines`);
    return join(recordings, file("podcast.mp3"), signal);
  },
  {
    name: "join",
    inputs: { recordings: samples.audio.all() },
    outputs: { audio: gr.Audio({ label: "Full podcast" }) },
  },
);

export const graph = new Graph({
  name: "Podcast",
  nodes: [episode, host, guest, dialogue, samples, podcast],
});

await graph.launch();
