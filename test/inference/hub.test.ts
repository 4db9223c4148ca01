import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { behaviourOf } from "../../src/graph/node.ts";
import { FnNode, Graph, gr, InferenceNode, type RunError, type RunEvent } from "../../src/index.ts";
import { startWorld, type World } from "./hub-models.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world[Symbol.asyncDispose]();
});

async function run(node: any, onEvent: (event: RunEvent) => void = () => {}): Promise<Record<string, any>> {
  const outputs = await new Graph({ name: "test", nodes: [node], persistKey: false }).run({}, { onEvent });
  return Object.values(outputs).at(-1) as Record<string, any>;
}
const poem = (more: object = {}, model = "org/text-generation") =>
  new InferenceNode(model, {
    name: "poem",
    inputs: { prompt: "Write" },
    outputs: { text: gr.Textbox() },
    retryDelay: 1,
    ...more,
  } as never) as any;
async function failure(node: any): Promise<{ code: string; message: string }> {
  const error = await run(node).then(
    (outputs) => expect.fail(`gave ${JSON.stringify(outputs)}`),
    (reason: RunError) => reason,
  );
  const first = error.errors?.[0]?.error ?? error;
  return { code: first.code, message: first.message };
}
const refuse = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  world.inference.refusals.push({ status, body, headers });

describe("which provider, and who pays", () => {
  it("leaves the choice to the router where none is named", async () => {
    await run(poem({ billTo: "lab" }));
    const [call] = world.inference.calls;
    expect(call).toMatchObject({
      path: "/router/v1/chat/completions",
      billTo: "lab",
      authorization: `Bearer ${world.token}`,
    });
    expect(call!.body.model).toBe("org/text-generation");
  });

  it("model:provider and the option are the same, for every task", async () => {
    await run(poem({}, "org/text-generation:groq"));
    await run(poem({ provider: "together" }));
    expect(world.inference.calls.map(({ path, body }) => [path, body.model])).toEqual([
      ["/router/groq/openai/v1/chat/completions", "poet"],
      ["/router/together/v1/chat/completions", "Org/Poet-Turbo"],
    ]);
    expect((await failure(poem({}, "org/fal-image:together"))).message).toContain(
      "Model 'org/fal-image' is not served by 'together' for 'text-to-image'. It is served by fal-ai (text-to-image).",
    );
  });

  it("hands the router's own policies on", async () => {
    await run(poem({}, "org/text-generation:cheapest"));
    expect(world.inference.calls[0]!.body.model).toBe("org/text-generation:cheapest");
    expect((await failure(poem({}, "org/fal-image:cheapest"))).message).toContain(
      "Only chat models take ':fastest'",
    );
  });

  it("knows at once when the Hub names other providers", async () => {
    await run(poem({ provider: "groq" }));
    const model = world.hub.repositories
      .visible("model", undefined)
      .find(({ id }) => id === "org/text-generation")!;
    model.inferenceProviderMapping = {
      nscale: { status: "live", providerId: "new-name", task: "conversational" },
    };
    vi.spyOn(performance, "now").mockImplementation(() => Date.now() + 120_000);
    await run(poem({ provider: "nscale" }));
    vi.restoreAllMocks();
    expect(world.inference.calls.at(-1)).toMatchObject({
      path: "/router/nscale/v1/chat/completions",
      body: { model: "new-name" },
    });
  });

  it("a private model runs with the token that may read it", async () => {
    const mapping = {
      "fal-ai": { status: "live", providerId: "fal-ai/secret", task: "text-to-image" },
    } as const;
    world.hub.repositories.add("model", "ada/secret", {
      private: true,
      pipelineTag: "text-to-image",
      inferenceProviderMapping: mapping,
    });
    const picture = poem({ outputs: { image: gr.Image() } }, "ada/secret");
    expect(await run(picture)).toHaveProperty("image");
    vi.stubEnv("HF_TOKEN", world.hub.accounts.add("bo").token("read"));
    expect((await failure(picture)).code).toBe("MODEL_NOT_FOUND");
  });

  it("a provider's own key goes straight to the provider, and never to the Hub", async () => {
    const node = poem({ token: "own-key-of-groq", provider: "groq", retries: 0 });
    // The provider's own host is on the internet, which tests do not reach: here it refuses the key.
    const plain = globalThis.fetch;
    const asked: unknown[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const { hostname } = new URL(input instanceof Request ? input.url : input);
      if (hostname === "127.0.0.1") return plain(input, init);
      asked.push([hostname, new Headers(init?.headers).get("authorization")]);
      return Response.json({ error: { message: "Invalid API Key" } }, { status: 401 });
    });
    const refused = await failure(node);
    vi.restoreAllMocks();
    expect(asked).toEqual([["api.groq.com", "Bearer own-key-of-groq"]]);
    expect(refused.message).not.toContain("own-key");
    expect(world.hub.sightings("own-key-of-groq")).toEqual([]);
    expect((await failure(poem({ token: "own-key-of-groq" }))).message).toContain(
      "If it is a provider's own key, say whose: provider",
    );
  });

  it("no token of this machine is ever taken for a provider's key", async () => {
    vi.stubEnv("HF_TOKEN", "some-other-secret");
    const { code, message } = await failure(poem({ provider: "groq" }));
    expect(code).toMatch(/INFERENCE_TOKEN|TOKEN_REFUSED/);
    expect(message).not.toContain("some-other-secret");
  });
});

describe("on whose behalf", () => {
  const invoke = (node: any, token: string | false | undefined) =>
    behaviourOf(node).invoke({ prompt: "Write" }, {
      signal: new AbortController().signal,
      files: {} as never,
      request: { node: "poem", attempt: 1, workId: "1", inputs: {}, trusted: [] },
      caller: token === undefined ? {} : { token },
      update: () => {},
    } as never);
  const senders = () => world.inference.calls.map(({ authorization }) => authorization);

  it("the node's token, else the caller's, else this machine's", async () => {
    const visitor = world.hub.accounts.add("dee").token("read");
    const owner = world.hub.accounts.add("eve").token("read");
    await invoke(poem(), visitor);
    await invoke(poem({ token: owner }), visitor);
    await invoke(poem(), undefined);
    expect(senders()).toEqual([visitor, owner, world.token].map((token) => `Bearer ${token}`));
  });

  it("a visitor without a token gets nobody else's", async () => {
    await expect(invoke(poem(), false)).rejects.toMatchObject({ data: { code: "INFERENCE_TOKEN" } });
    expect(senders()).toEqual([]);
    // Nor does the Hub hear of this machine's.
    expect(world.hub.sightings(world.token)).toEqual([]);
  });

  it("a visitor's token that is none of the Hub's goes nowhere", async () => {
    await expect(invoke(poem({ provider: "groq" }), "not-a-token-of-the-hub")).rejects.toMatchObject({
      data: { code: "INFERENCE_TOKEN" },
    });
    expect(world.hub.seen).toEqual([]);
  });
});

describe("errors that say what to do", () => {
  it.each([
    [
      402,
      { error: "You have exceeded your monthly included credits" },
      "INFERENCE_CREDITS",
      "https://huggingface.co/settings/billing",
    ],
    [
      403,
      { error: "This authentication method does not have sufficient permissions" },
      "INFERENCE_PERMISSION",
      "Make calls to Inference Providers",
    ],
    [
      422,
      { detail: [{ msg: "max_tokens must be less than 10" }] },
      "INFERENCE_REFUSED",
      "max_tokens must be less than 10",
    ],
    [400, { error: { message: "context too long" } }, "INFERENCE_REFUSED", "context too long"],
    [500, { error: "CUDA out of memory" }, "INFERENCE_FAILED", "CUDA out of memory"],
    [
      401,
      { error: "Invalid username or password." },
      "TOKEN_REFUSED",
      "https://huggingface.co/settings/tokens",
    ],
  ])("HTTP %i", async (status, body, code, words) => {
    refuse(status, body);
    const error = await failure(poem());
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(world.inference.calls).toHaveLength(1);
  });

  it("gated: the page where to accept", async () => {
    world.hub.repositories.add("model", "meta/gated", {
      gated: "manual",
      pipelineTag: "text-generation",
      inferenceProviderMapping: { groq: { status: "live", providerId: "gated", task: "conversational" } },
    });
    expect(await failure(poem({}, "meta/gated"))).toMatchObject({
      code: "MODEL_GATED",
      message: expect.stringContaining("https://huggingface.co/meta/gated"),
    });
  });

  it("unknown: the nearest names, before anything runs", async () => {
    const graph = new Graph({ name: "test", nodes: [poem({}, "org/text-generaton")], persistKey: false });
    await expect(graph.run()).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      message: expect.stringContaining(
        "Node 'poem': Model 'org/text-generaton' not found on the Hugging Face Hub. Did you mean 'org/text-generation'?",
      ),
    });
    expect(world.inference.calls).toEqual([]);
  });

  it("nobody serves it, or no client can run its task", async () => {
    expect(await failure(poem({}, "org/nobody"))).toMatchObject({
      code: "MODEL_NO_PROVIDER",
      message: expect.stringContaining("https://huggingface.co/org/nobody"),
    });
    await expect(run(poem({}, "org/depth"))).rejects.toMatchObject({
      code: "UNSUPPORTED_TASK",
      message: expect.stringContaining("is made for 'depth-estimation'"),
    });
    await expect(run(poem({ inputs: { text: "Where?" } }, "org/question-answering"))).rejects.toMatchObject({
      code: "MISSING_PARAMETER",
      message: expect.stringContaining("task 'question-answering' needs 'context'"),
    });
    await expect(
      run(poem({ outputs: { image: gr.Image(), other: gr.Image() } }, "org/text-to-image")),
    ).rejects.toMatchObject({ code: "TOO_MANY_OUTPUTS" });
  });

  it("no token, an expired one, and none allowed", async () => {
    vi.stubEnv("HF_TOKEN", world.hub.accounts.add("cy").token("read", { expired: true } as never));
    expect(await failure(poem())).toMatchObject({ code: "TOKEN_REFUSED" });
    vi.stubEnv("HF_TOKEN", "");
    expect((await failure(poem())).message).toContain("there is no token. Set HF_TOKEN or log in");
    expect((await failure(poem({ token: false }))).code).toBe("INFERENCE_TOKEN");
    expect(world.inference.calls).toEqual([]);
  });

  it("offline: said, and nothing is asked", async () => {
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    expect(await failure(poem())).toMatchObject({ code: "HUB_OFFLINE" });
    expect(world.hub.seen).toEqual([]);
  });

  it("a file that is none is no text to be sent", async () => {
    const text = new FnNode(() => "/etc/hostname", { name: "text", outputs: { text: gr.Textbox() } });
    const seen = (image: unknown) =>
      poem({ inputs: { image }, outputs: { label: gr.Label() } }, "org/image-classification");
    expect(await failure(seen("/nowhere/cat.png"))).toMatchObject({ code: "FILE_MISSING" });
    expect(await failure(seen(text.text))).toMatchObject({
      code: "INVALID_VALUE",
      message: expect.stringContaining("must be a file"),
    });
    expect(world.inference.calls).toEqual([]);
  });
});

describe("trying again", () => {
  it("waits as long as the other side asks, then succeeds", async () => {
    refuse(429, { error: "Too many requests" }, { "retry-after": "1" });
    const waits: number[] = [];
    const started = performance.now();
    await run(poem(), (event) => {
      if (event.type === "node-failed") waits.push(event.willRetryInMs ?? -1);
    });
    expect(waits).toEqual([1000]);
    expect(performance.now() - started).toBeGreaterThan(950);
    refuse(429, {}, { "retry-after": "4000" });
    expect((await failure(poem())).message).toContain("Again in 4000 s.");
    expect(world.inference.calls).toHaveLength(3);
  });

  it("tries a busy one three times and no more", async () => {
    for (let index = 0; index < 4; index++) refuse(503, { error: "Model is loading" });
    expect(await failure(poem())).toMatchObject({
      code: "INFERENCE_BUSY",
      message: expect.stringContaining("Model is loading"),
    });
    expect(world.inference.calls).toHaveLength(3);
    refuse(503);
    expect((await run(poem()))["text"]).toBe("A poem about tides.");
  });

  it("half an answer is none", async () => {
    world.inference.cutAfter = 2;
    expect(await failure(poem({ retries: 0 }))).toMatchObject({
      code: "INFERENCE_DROPPED",
      message: expect.stringContaining("in the middle"),
    });
  });
});

describe("a conversation", () => {
  it("streams to the end, and hangs up when the run is cancelled", async () => {
    world.inference.answer = Array.from({ length: 200 }, (_, index) => `${index} `);
    world.inference.pauseMs = 10;
    const controller = new AbortController();
    const graph = new Graph({ name: "test", nodes: [poem()], persistKey: false });
    const running = graph.run(
      {},
      {
        signal: controller.signal,
        onEvent: (event: RunEvent) => {
          if (event.type === "node-partial") controller.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const sent = world.inference.wordsSent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(world.inference.wordsSent).toBe(sent);
    expect(sent).toBeLessThan(100);
  });

  it("shows pictures to models that see, as the file they are", async () => {
    await run(poem({ inputs: { prompt: "What is it?", image: world.image } }, "org/looks"));
    const [message] = world.inference.calls[0]!.body.messages;
    expect(message.content[0]).toEqual({ type: "text", text: "What is it?" });
    expect(message.content[1].image_url.url).toMatch(/^data:image\/png;base64,iVBOR/);
  });

  it("gives calls of tools, and takes their results in the next turn", async () => {
    const delta = (call: object) => ({
      choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }],
    });
    world.inference.pieces = [
      delta({ index: 0, id: "c1", function: { name: "weather", arguments: '{"city":' } }),
      delta({ index: 0, function: { arguments: '"Kyiv"}' } }),
      { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
    ];
    const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }];
    const asks = new InferenceNode("org/text-generation", {
      name: "asks",
      task: "text-generation",
      inputs: { prompt: "Weather in Kyiv?", tools },
      outputs: { toolCalls: gr.JSON(), messages: gr.JSON(), finishReason: gr.Textbox() },
    });
    const outputs = await run(asks);
    expect(outputs["toolCalls"]).toEqual([{ id: "c1", name: "weather", arguments: { city: "Kyiv" } }]);
    expect(world.inference.calls[0]!.body.tools).toEqual(tools);
    world.inference.pieces = undefined;
    const messages = [...outputs["messages"], { role: "tool", tool_call_id: "c1", content: "Rain" }];
    await run(poem({ inputs: { messages } }));
    expect(world.inference.calls[1]!.body.messages).toEqual([
      { role: "user", content: "Weather in Kyiv?" },
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Kyiv"}' } },
        ],
      },
      { role: "tool", content: "Rain", tool_call_id: "c1" },
    ]);
  });

  it("keeps thoughts apart from the answer", async () => {
    world.inference.pieces = [
      { choices: [{ delta: { reasoning_content: "Hmm." } }] },
      { choices: [{ delta: { content: "Yes." }, finish_reason: "stop" }] },
    ];
    expect(await run(poem({ outputs: { text: gr.Textbox(), reasoning: gr.Textbox() } }))).toEqual({
      text: "Yes.",
      reasoning: "Hmm.",
    });
  });

  it("an answer that holds the token does not bring it into the result", async () => {
    world.inference.answer = ["The token is ", world.token];
    expect((await run(poem()))["text"]).not.toContain(world.token);
  });
});

describe("around the call", () => {
  it("a picture at an address of the script is fetched without credentials, and does not draw them away", async () => {
    const seen: unknown[] = [];
    const other = createServer((request, response) => {
      seen.push([request.method, request.headers.authorization]);
      response.writeHead(200, { "content-type": "image/png" }).end("PNG");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const image = `http://127.0.0.1:${(other.address() as AddressInfo).port}/cat.png`;
    const node = poem({ inputs: { image }, outputs: { best: gr.Textbox() } }, "org/image-classification");
    expect((await run(node))["best"]).toBe("picture of 3 bytes");
    other.close();
    expect(seen).toEqual([["GET", undefined]]);
    expect(world.inference.calls[0]).toMatchObject({
      type: "image/png",
      authorization: `Bearer ${world.token}`,
    });
  });

  it("files go from model to model, and the card knows the task once the Hub was asked", async () => {
    const drawn = poem(
      { name: "drawn", inputs: { prompt: "A boat", width: 9 }, outputs: { picture: gr.Image() } },
      "org/text-to-image",
    );
    const seen = poem(
      { name: "seen", inputs: { image: drawn.picture }, outputs: { best: gr.Textbox() } },
      "org/image-classification",
    );
    expect(behaviourOf(seen).detail).toBeUndefined();
    expect((await run(seen))["best"]).toMatch(/^picture of \d+ bytes$/);
    expect(world.inference.calls[1]).toMatchObject({ type: "image/png" });
    expect(behaviourOf(seen).detail).toBe("image-classification");
  });

  it("the hooks see paths, and all results", async () => {
    const seen: unknown[] = [];
    const node = poem(
      {
        inputs: { image: world.image, extra: 1 },
        outputs: { best: gr.Textbox() },
        preprocess: (inputs: any) => {
          seen.push(Object.keys(inputs));
          return { image: inputs.image };
        },
        postprocess: (main: any, all: any) => {
          seen.push(main, Object.keys(all));
          return `${all.best}!`;
        },
      },
      "org/image-classification",
    );
    expect((await run(node))["best"]).toMatch(/^picture of \d+ bytes!$/);
    expect(seen[0]).toEqual(["image", "extra"]);
    expect(seen[2]).toEqual(["label", "labels", "best"]);
  });

  it("the identity holds the commit, offline the last known one", async () => {
    const node = poem({}, "org/summarization");
    const before: any = await behaviourOf(node).identity();
    const model = world.hub.repositories
      .visible("model", undefined)
      .find(({ id }) => id === "org/summarization")!;
    expect(before).toMatchObject({ model: "org/summarization", provider: null, commit: model.head.oid });
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    vi.spyOn(performance, "now").mockImplementation(() => Date.now() + 120_000);
    expect(await behaviourOf(node).identity()).toEqual(before);
    vi.unstubAllEnvs();
    process.env["HF_ENDPOINT"] = world.hub.url;
    vi.restoreAllMocks();
  });

  it("a redirect to another host is not followed with the token, nor with what was asked", async () => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(`${request.method} ${request.headers.authorization}`);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/elsewhere`;
    refuse(307, {}, { location: to });
    const { message } = await failure(poem({ retries: 0 }));
    other.close();
    expect(message).toContain("redirects to");
    expect(seen).toEqual([]);
  });
});
