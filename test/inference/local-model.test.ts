import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FnNode, Graph, gr, InferenceNode, type RunEvent } from "../../src/index.ts";
import { type LanguageModel, startLanguageModel } from "../language-model/language-model.ts";
import { freePort } from "../support/python.ts";

let model: LanguageModel;
beforeAll(async () => {
  model = await startLanguageModel();
});
afterAll(() => model?.[Symbol.asyncDispose]());

const chat = (inputs: object, more: object = {}) =>
  new InferenceNode("smollm2", { endpointUrl: model.url, name: "chat", inputs, ...more } as never) as any;

async function run(node: any, onEvent: (event: RunEvent) => void = () => {}): Promise<Record<string, any>> {
  const outputs = await new Graph({ name: "test", nodes: [node], persistKey: false }).run({}, { onEvent });
  return Object.values(outputs).at(-1) as Record<string, any>;
}

describe("a real small language model on this machine", () => {
  it("streams: each partial output holds the one before", async () => {
    const texts: string[] = [];
    const node = chat(
      { prompt: "Write a few sentences about the sea.", max_tokens: 40 },
      { outputs: { text: gr.Markdown(), usage: gr.JSON(), finishReason: gr.Textbox() } },
    );
    const outputs = await run(node, (event) => {
      if (event.type === "node-partial") texts.push(event.outputs["text"] as string);
    });
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.every((text, index) => text.startsWith(texts[index - 1] ?? ""))).toBe(true);
    expect(outputs["text"].startsWith(texts.at(-1)!)).toBe(true);
    expect(outputs).toMatchObject({ usage: { completion_tokens: 40 }, finishReason: "length" });
    expect(outputs["text"].split(" ").length).toBeGreaterThan(15);
  });

  it("says that an answer ends where the model had to stop", async () => {
    const logs: string[] = [];
    await run(chat({ prompt: "Count to a hundred.", max_tokens: 5 }), (event) => {
      if (event.type === "node-log") logs.push(event.text);
    });
    expect(logs.join()).toContain("give a larger max_tokens");
  });

  it("a cancelled run stops the generation", async () => {
    const controller = new AbortController();
    const before = await model.stats();
    const node = chat({ prompt: "Tell a very long story about a lighthouse.", max_tokens: 600 });
    const graph = new Graph({ name: "test", nodes: [node], persistKey: false });
    const running = graph.run(
      {},
      {
        signal: controller.signal,
        onEvent: (event: RunEvent) => {
          if (event.type === "node-partial" && String(event.outputs["output"]).length > 20)
            controller.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
    await vi.waitFor(async () => expect((await model.stats()).stopped).toBe(before.stopped + 1), 10_000);
    const { tokens, running: left } = await model.stats();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await model.stats()).toMatchObject({ tokens, finished: before.finished });
    expect(left).toBe(0);
    // Had it gone on, it would have come to 600.
    expect(tokens - before.tokens).toBeLessThan(300);
  });

  it("a time-out stops it too", async () => {
    const before = await model.stats();
    const node = chat(
      { prompt: "Tell a very long story about a mill.", max_tokens: 600 },
      { timeout: 1500, retries: 0 },
    );
    await expect(run(node)).rejects.toThrow(/took longer than 1.5 s/);
    await vi.waitFor(async () => expect((await model.stats()).stopped).toBe(before.stopped + 1), 10_000);
  });

  it("answers eight items at once", async () => {
    const topics = new FnNode(() => ["sea", "sun", "moon", "rain", "wind", "snow", "sand", "fire"], {
      name: "topics",
      outputs: { list: gr.JSON<string[]>() },
    });
    const each = new InferenceNode("smollm2", {
      name: "each",
      endpointUrl: model.url,
      task: "text-generation",
      inputs: { prompt: topics.list.each, max_tokens: 12 },
    });
    const seen = new Set<number>();
    const outputs = await run(each, (event) => {
      if (event.type === "node-partial" && event.item !== undefined) seen.add(event.item);
    });
    expect(outputs["text"]).toHaveLength(8);
    expect(outputs["text"].every((text: string) => text.length > 10)).toBe(true);
    expect(seen.size).toBe(8);
    expect((await model.stats()).mostAtOnce).toBe(8);
  });

  it("goes on with a conversation, and hands it to the next turn", async () => {
    const first = new InferenceNode("smollm2", {
      name: "first",
      endpointUrl: model.url,
      task: "text-generation",
      inputs: { prompt: "My name is Ada.", system: "You are short.", max_tokens: 10 },
      outputs: { talk: gr.Chatbot() },
    });
    const second = new InferenceNode("smollm2", {
      name: "second",
      endpointUrl: model.url,
      task: "text-generation",
      inputs: { messages: first.talk, prompt: "What is my name?", max_tokens: 10 },
      outputs: { text: gr.Textbox(), messages: gr.Chatbot() },
    });
    const outputs = await run(second);
    const roles = outputs["messages"].map((message: any) => message.role);
    expect(roles).toEqual(["user", "assistant", "user", "assistant"]);
    expect(outputs["messages"].at(-1).content).toBe(outputs["text"]);
    const { seen } = await model.stats();
    const sent = seen.at(-1)!.body.messages;
    expect(sent.map((message: any) => message.role)).toEqual(["user", "assistant", "user"]);
    expect(sent[1].content).toBe(outputs["messages"][1].content);
    expect(seen.at(-2)!.body.messages[0]).toEqual({ role: "system", content: "You are short." });
  });

  it("gives JSON by a schema", async () => {
    const schema = { type: "object", properties: { age: { type: "integer" } }, required: ["age"] };
    const node = chat(
      { prompt: "A person", max_tokens: 40 },
      {
        parameters: { response_format: { type: "json_schema", json_schema: { name: "person", schema } } },
        outputs: { json: gr.JSON<{ age: number }>(), text: gr.Textbox() },
      },
    );
    const { json, text } = await run(node);
    expect(json).toEqual(JSON.parse(text));
    expect(Number.isInteger(json.age)).toBe(true);
  });

  it("embeds texts, one or many", async () => {
    const embed = (text: unknown) =>
      new InferenceNode("smollm2", {
        endpointUrl: `${model.url}/v1`,
        name: "embed",
        task: "feature-extraction",
        inputs: { text },
      } as never);
    const one = await run(embed("A cat"));
    const many = await run(embed(["A cat", "A kitten"]));
    expect(one["embedding"]).toHaveLength(576);
    expect(many["embedding"].map((vector: number[]) => vector.length)).toEqual([576, 576]);
    expect(many["embedding"][0][0]).toBeCloseTo(one["embedding"][0], 3);
  });

  it("sends no token of the account there, and the script's own when it says so", async () => {
    vi.stubEnv("HF_TOKEN", "hf_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    await run(chat({ prompt: "Hi", max_tokens: 2 }));
    await run(
      chat({ prompt: "Hi", max_tokens: 2 }, { token: "key-of-the-server", headers: { "x-team": "blue" } }),
    );
    vi.unstubAllEnvs();
    const { seen } = await model.stats();
    expect(seen.at(-2)!.headers["authorization"]).toBeUndefined();
    expect(JSON.stringify(seen.at(-2)!)).not.toContain("hf_aaaa");
    expect(seen.at(-1)!.headers).toMatchObject({
      authorization: "Bearer key-of-the-server",
      "x-team": "blue",
    });
  });

  it("names the server in its errors", async () => {
    const wrong = new InferenceNode("llama9", {
      endpointUrl: model.url,
      name: "chat",
      inputs: { prompt: "Hi" },
    });
    await expect(run(wrong)).rejects.toThrow(
      `'llama9' at ${model.url} is not there: no such model, or no such task (HTTP 404). It says: model 'llama9' not found`,
    );
    const url = `http://127.0.0.1:${await freePort()}`;
    const nobody = new InferenceNode("smollm2", {
      endpointUrl: url,
      name: "chat",
      retries: 0,
      inputs: { prompt: "Hi" },
    });
    await expect(run(nobody)).rejects.toThrow(
      `'smollm2' at ${url} cannot be reached: ECONNREFUSED. Is the server at ${url} running?`,
    );
  });
});
