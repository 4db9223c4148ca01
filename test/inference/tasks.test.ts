import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Graph, gr, InferenceNode } from "../../src/index.ts";
import { askPython, fileOf, startWorld, type World } from "./hub-models.ts";

let world: World;
let python: any;
beforeAll(async () => {
  world = await startWorld();
  python = await askPython(world);
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Runs one node alone in a graph and gives its outputs. */
async function run(node: any): Promise<Record<string, any>> {
  const outputs = await new Graph({ name: "test", nodes: [node], persistKey: false }).run();
  return Object.values(outputs)[0] as Record<string, any>;
}

const scores = (list: { label: string; score: number }[]) =>
  Object.fromEntries(list.map((one) => [one.label, one.score]));

describe("every task, as Hugging Face's own Python client does it", () => {
  const audio = gr.Audio();
  const json = gr.JSON();
  const cases: Record<
    string,
    { inputs: () => object; outputs?: object; same: (outputs: any, answer: any) => unknown }
  > = {
    "text-to-image": {
      inputs: () => ({ prompt: "A boat", width: 12, height: 8 }),
      same: async ({ image }, answer) => expect(await fileOf(image)).toEqual(answer),
    },
    "image-to-image": {
      inputs: () => ({ image: world.image, prompt: "blue" }),
      same: async ({ image }, answer) => {
        expect(await fileOf(image)).toEqual(answer);
        expect(image).toMatch(/\.jpg$/);
      },
    },
    "text-to-speech": {
      inputs: () => ({ text: "Hello" }),
      same: async ({ audio }, answer) => {
        expect(await fileOf(audio)).toBe(answer);
        expect(audio).toMatch(/\.flac$/);
      },
    },
    "automatic-speech-recognition": {
      inputs: () => ({ audio: world.audio }),
      same: ({ text }, answer) => expect(text).toBe(answer),
    },
    "audio-classification": {
      inputs: () => ({ audio: world.audio }),
      outputs: { label: gr.Label(), best: gr.Textbox() },
      same: ({ label, best }, answer) => {
        expect(label).toEqual(scores(answer));
        expect(best).toBe(answer[0].label);
      },
    },
    "audio-to-audio": {
      inputs: () => ({ audio: world.audio }),
      outputs: { audio, tracks: json },
      same: ({ audio, tracks }, answer) => {
        expect(audio).toMatch(/\.flac$/);
        expect(tracks.map((track: any) => track.label)).toEqual(answer);
      },
    },
    "image-classification": {
      inputs: () => ({ image: world.image }),
      same: ({ label }, answer) => expect(label).toEqual(scores(answer)),
    },
    "image-to-text": {
      inputs: () => ({ image: world.image }),
      same: ({ text }, answer) => expect(text).toBe(answer),
    },
    "object-detection": {
      inputs: () => ({ image: world.image, threshold: 0.5 }),
      same: ({ objects }, answer) => expect(objects).toEqual(answer),
    },
    "image-segmentation": {
      inputs: () => ({ image: world.image }),
      outputs: { masks: gr.Gallery(), list: json },
      same: async ({ masks, list }, answer) => {
        const found = masks.map(async (mask: any) => [mask.caption, await fileOf(mask.image)]);
        expect(await Promise.all(found)).toEqual(answer);
        expect(list.map((segment: any) => [segment.label, segment.mask])).toEqual(
          masks.map((mask: any) => [mask.caption, mask.image]),
        );
      },
    },
    "visual-question-answering": {
      inputs: () => ({ image: world.image, question: "What?" }),
      // Python's client loses the question: it sends the picture alone.
      same: ({ answer }) => expect(answer).toBe("asked: What?"),
    },
    "document-question-answering": {
      inputs: () => ({ image: world.image, question: "What?" }),
      same: ({ answer }, wanted) => expect(answer).toBe(wanted),
    },
    "text-classification": {
      inputs: () => ({ text: "A good day" }),
      outputs: { labels: json },
      same: ({ labels }, answer) =>
        expect(labels).toEqual(answer.toSorted((a: any, b: any) => b.score - a.score)),
    },
    "zero-shot-classification": {
      inputs: () => ({ text: "A boat", candidate_labels: "ship, car" }),
      same: ({ label }, answer) => expect(label).toEqual(scores(answer)),
    },
    "zero-shot-image-classification": {
      inputs: () => ({ image: world.image, labels: ["ship", "car"] }),
      same: ({ label }, answer) => expect(label).toEqual(scores(answer)),
    },
    "question-answering": {
      inputs: () => ({ question: "Where?", context: "Ada lives in Paris" }),
      same: ({ answer }, wanted) => expect(answer).toBe(wanted),
    },
    "table-question-answering": {
      inputs: () => ({
        query: "Who?",
        table: {
          headers: ["Name", "Age"],
          data: [
            ["Ada", 36],
            ["Bo", 41],
          ],
        },
      }),
      same: ({ answer }, wanted) => expect(answer).toBe(wanted),
    },
    translation: {
      inputs: () => ({ text: "Hello", src_lang: "en", tgt_lang: "fr" }),
      same: ({ text }, answer) => expect(text).toBe(answer),
    },
    summarization: {
      inputs: () => ({ text: "First. Second." }),
      same: ({ text }, answer) => expect(text).toBe(answer),
    },
    "fill-mask": {
      inputs: () => ({ text: "The [MASK] is blue" }),
      outputs: { candidates: json, best: gr.Textbox() },
      same: ({ candidates, best }, answer) => {
        expect(candidates.map((one: any) => one.token_str)).toEqual(answer);
        expect(best).toBe("The sea is blue");
      },
    },
    "token-classification": {
      inputs: () => ({ text: "I am Ada L" }),
      outputs: { marked: gr.HighlightedText(), entities: json },
      same: ({ marked, entities }, answer) => {
        expect(entities.map((one: any) => [one.word, one.entity_group])).toEqual(answer);
        expect(marked).toEqual([
          ["I am ", null],
          ["Ada", "PER"],
          [" L", null],
        ]);
      },
    },
    "feature-extraction": {
      inputs: () => ({ text: "seven c" }),
      same: ({ embedding }, answer) => expect(embedding).toEqual(answer),
    },
    "sentence-similarity": {
      inputs: () => ({ source_sentence: "a", sentences: ["a", "b"] }),
      same: (outputs, answer) => expect(outputs["scores"]).toEqual(answer),
    },
    "tabular-classification": {
      inputs: () => ({ table: { headers: ["x"], data: [[1], [2]] } }),
      same: ({ predictions }, answer) => expect(predictions).toEqual(answer),
    },
  };
  for (const [task, { inputs, outputs, same }] of Object.entries(cases)) {
    it(task, async () => {
      const options = { name: "it", task, inputs: inputs(), ...(outputs === undefined ? {} : { outputs }) };
      const results = await run(new InferenceNode(`org/${task}`, options as never));
      await same(results, python[task]);
      // Without the task the model's page tells it.
      const named = { name: "it", inputs: inputs(), outputs: { value: null } };
      expect(await run(new InferenceNode(`org/${task}`, named as never))).toHaveProperty("value");
    });
  }

  it("text-to-audio, which Python has not", async () => {
    const node = new InferenceNode("org/text-to-audio", { task: "text-to-audio", inputs: { text: "Rain" } });
    expect((await run(node))["audio"]).toMatch(/\.wav$/);
  });

  it("tabular-regression, which Python has but cannot ask for", async () => {
    const table = { x: [1, 2] };
    const node = new InferenceNode("org/tabular-regression", {
      task: "tabular-regression",
      inputs: { table },
    });
    expect((await run(node))["predictions"]).toEqual([0.5, 1]);
  });

  it("text streams", async () => {
    const node = new InferenceNode("org/text-generation", {
      task: "text-generation",
      inputs: { prompt: "Write", max_tokens: 9 },
    });
    expect(await run(node)).toEqual({ text: python["text-generation"] });
  });

  it("a provider with a queue, whose files lie elsewhere and are fetched without the token", async () => {
    const before = world.inference.fileRequests.length;
    const picture = new InferenceNode("org/fal-image:fal-ai", {
      name: "picture",
      task: "text-to-image",
      inputs: { description: "A boat", num_inference_steps: 4 },
    });
    const film = new InferenceNode("org/fal-video", {
      name: "film",
      task: "text-to-video",
      inputs: { prompt: "A film" },
    });
    const { image } = await run(picture);
    const { video } = await run(film);
    expect([await fileOf(image), await fileOf(video)]).toEqual(python["fal-ai"]);
    expect(image).toMatch(/\.jpg$/);
    expect(video).toMatch(/\.mp4$/);
    const voice = new InferenceNode("org/fal-tts", {
      name: "voice",
      task: "text-to-speech",
      inputs: { text: "Hi" },
    });
    expect((await run(voice))["audio"]).toMatch(/\.mp3$/);
    const fetched = world.inference.fileRequests.slice(before);
    expect(fetched).toHaveLength(3);
    expect(JSON.stringify(fetched)).not.toContain(world.token);
    expect(fetched.every(({ headers }) => headers["authorization"] === undefined)).toBe(true);
    // The stub sees the token everywhere else, so that this could fail.
    expect(world.hub.sightings(world.token).length).toBeGreaterThan(3);
  });
});
