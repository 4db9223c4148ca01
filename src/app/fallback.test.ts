import { describe, expect, it } from "vitest";
import { FnNode, fallback, Graph, gr, oneOf, type RunEvent } from "../index.ts";
import { RunError } from "./run-error.ts";

const outputs = { text: gr.Textbox() };
const fails = (name: string, message = `no ${name} today`, options: object = {}) =>
  new FnNode(
    (): string => {
      throw new Error(message);
    },
    { name, inputs: {}, outputs, ...options },
  );
const gives = (name: string, options: object = {}) =>
  new FnNode(() => `by ${name}`, { name, inputs: {}, outputs, ...options });

async function events(graph: { stream(): AsyncIterable<RunEvent> }): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of graph.stream()) all.push(event);
  return all;
}
const graphOf = (...nodes: object[]) =>
  new Graph({ name: "fallbacks", nodes: nodes as never, persistKey: false });

describe("a fallback", () => {
  it("gives what the first variant gives, and does not touch the others", async () => {
    let calls = 0;
    const spare = new FnNode(() => `spare ${++calls}`, { name: "spare", inputs: {}, outputs });
    const step = fallback(gives("main"), spare, { name: "step" });
    const told = await events(graphOf(step));
    expect(calls).toBe(0);
    expect(told.find((event) => event.type === "node-done")).toMatchObject({
      outputs: { text: "by main" },
      fallback: { variant: "main", index: 0, failed: [] },
    });
  });

  it("goes on with the next after the retries of the one before, and says why", async () => {
    let tries = 0;
    const flaky = new FnNode(
      (): string => {
        throw new Error(`try ${++tries}`);
      },
      { name: "flaky", inputs: {}, outputs, retries: 2, retryDelay: 1 },
    );
    const told = await events(graphOf(fallback(flaky, gives("spare"), { name: "step" })));
    expect(tries).toBe(3);
    const started = told.filter((event) => event.type === "node-started");
    expect(started.map((event) => [event.attempt, event.fallback?.variant])).toEqual([
      [1, "flaky"],
      [2, "flaky"],
      [3, "flaky"],
      [4, "spare"],
    ]);
    expect(told.filter((event) => event.type === "node-log")).toMatchObject([
      { level: "warning", text: "flaky failed: try 3. Next is spare." },
    ]);
    expect(told.find((event) => event.type === "node-done")).toMatchObject({
      outputs: { text: "by spare" },
      fallback: { variant: "spare", index: 1, failed: [{ variant: "flaky", error: { message: "try 3" } }] },
    });
  });

  it("fails when all do, and says why each did", async () => {
    const error = await graphOf(fallback(fails("a"), fails("b"), { name: "step" }))
      .run()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunError);
    expect((error as RunError).errors[0]?.error).toMatchObject({
      code: "FALLBACK_FAILED",
      message: "All 2 variants of 'step' failed. a: no a today. b: no b today.",
    });
  });

  it("keeps to each variant's own time-out, and gives each its own inputs", async () => {
    const slow = new FnNode(
      ({ text }: { text: string }, { signal }) =>
        new Promise<string>((resolve) => {
          const timer = setTimeout(() => resolve(text), 5_000);
          signal.addEventListener("abort", () => clearTimeout(timer));
        }),
      { name: "slow", inputs: { text: gr.Textbox({ value: "for slow" }) }, outputs, timeout: 30 },
    );
    const quick = new FnNode(({ words, n }: { words: string; n: number }) => `${words} ${n}`, {
      name: "quick",
      inputs: { words: gr.Textbox({ value: "for quick" }), n: () => 7 },
      outputs,
    });
    const result = await graphOf(fallback(slow, quick, { name: "step" })).run();
    expect(result["step"]?.["text"]).toBe("for quick 7");
  });

  it("takes partial outputs of the failed variant back", async () => {
    const half = new FnNode(
      async function* (): AsyncGenerator<string> {
        yield "half of it";
        await new Promise((resolve) => setTimeout(resolve, 60));
        throw new Error("the line is cut");
      },
      { name: "half", inputs: {}, outputs },
    );
    const told = await events(graphOf(fallback(half, gives("whole"), { name: "step" })));
    const types = told.map(({ type }) => type);
    expect(types.indexOf("node-partial")).toBeGreaterThan(0);
    expect(types.lastIndexOf("node-partial")).toBeLessThan(types.lastIndexOf("node-started"));
    expect(told.find((event) => event.type === "node-done")).toMatchObject({ outputs: { text: "by whole" } });
  });

  it("decides for each item by itself", async () => {
    const list = new FnNode(() => ["1", "2", "3"], {
      name: "list",
      inputs: {},
      outputs: { items: gr.JSON<string[]>() },
    });
    const odd = new FnNode(
      ({ text }: { text: string }) => {
        if (text === "2") throw new Error("even");
        return `odd ${text}`;
      },
      { name: "odd", inputs: { text: list.items.each }, outputs },
    );
    const any = new FnNode(({ text }: { text: string }) => `any ${text}`, {
      name: "any",
      inputs: { text: list.items.each },
      outputs,
    });
    const graph = graphOf(fallback(odd, any, { name: "step" }));
    expect((await graph.run())["step"]?.["text"]).toEqual(["odd 1", "any 2", "odd 3"]);
    const done = (await events(graph)).filter(
      (event) => event.type === "node-done" && event.node === "step" && event.item !== undefined,
    );
    expect(done.map((event) => "fallback" in event && event.fallback?.variant).sort()).toEqual([
      "any",
      "odd",
      "odd",
    ]);
  });

  it("ends with a cancel, which no other variant follows", async () => {
    let spared = true;
    const endless = new FnNode(
      (_: object, { signal }) =>
        new Promise<string>((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new Error("stopped"))),
        ),
      { name: "endless", inputs: {}, outputs },
    );
    const spare = new FnNode(
      () => {
        spared = false;
        return "";
      },
      { name: "spare", inputs: {}, outputs },
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(
      graphOf(fallback(endless, spare, { name: "step" })).run({}, { signal: controller.signal }),
    ).rejects.toThrow();
    expect(spared).toBe(true);
  });

  it("holds the limits of the variant that runs", async () => {
    let [now, most] = [0, 0];
    const counted = async (text: string) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 15));
      now--;
      return text;
    };
    const list = new FnNode(() => ["1", "2", "3", "4", "5", "6"], {
      name: "list",
      inputs: {},
      outputs: { items: gr.JSON<string[]>() },
    });
    const free = new FnNode(
      async ({ text }: { text: string }): Promise<string> => {
        throw new Error(`no ${text}`);
      },
      { name: "free", inputs: { text: list.items.each }, outputs, concurrent: true },
    );
    const single = new FnNode(({ text }: { text: string }) => counted(text), {
      name: "single",
      inputs: { text: list.items.each },
      outputs,
    });
    await graphOf(fallback(free, single, { name: "step" })).run();
    expect(most).toBe(1);
    const pair = new FnNode(({ text }: { text: string }) => counted(text), {
      name: "pair",
      inputs: { text: list.items.each },
      outputs,
      concurrencyGroup: "pairs",
      maxConcurrent: 2,
    });
    await graphOf(fallback(free, pair, { name: "step" })).run();
    expect(most).toBe(2);
  });

  it("is tested as a node: variants in their order, given inputs to those that take them", async () => {
    const b = new FnNode(({ text }: { text: string }) => `b: ${text}`, {
      name: "b",
      inputs: { text: gr.Textbox() },
      outputs,
    });
    const step = fallback(fails("a"), b, { name: "step" });
    expect(await step.test({ text: "hello" })).toEqual({ text: "b: hello" });
    await expect(step.test({ txt: "hello" })).rejects.toThrow(/no input 'txt'. Did you mean 'text'/);
  });

  it("is drawn and described like any step", async () => {
    const b = new FnNode(({ text }: { text: string }) => text, {
      name: "b",
      inputs: { text: gr.Textbox({ value: "x" }) },
      outputs,
    });
    const graph = graphOf(fallback(fails("a"), b, { name: "step" }));
    expect(graph.toMermaid()).toContain('["step"]');
    expect(await graph.schema()).toMatchObject({
      subgraphs: [
        { inputs: [{ node: "step", port: "variant_1_text" }], outputs: [{ node: "step", port: "text" }] },
      ],
    });
  });

  it("refuses what makes no sense", () => {
    const other = new FnNode(() => 1, { name: "other", inputs: {}, outputs: { text: gr.Number() } });
    const a = gives("a");
    expect(() => fallback(a)).toThrow("fallback takes two nodes or more.");
    expect(() => fallback(a, a)).toThrow("takes the node 'a' twice. To try one node again, give it retries.");
    expect(() => fallback(a, other as never)).toThrow("of a fallback disagree on output 'text'");
    expect(() => fallback(a, "b" as never)).toThrow("got the text");
    expect(() => fallback(oneOf(gives("x"), gives("y")), a)).toThrow("cannot take the choice 'x'");
    expect(() => oneOf(fallback(gives("x"), gives("y")), a)).toThrow("oneOf cannot take the fallback 'x'");
    const flat = fallback(fallback(fails("x"), fails("y")), a, { name: "flat" });
    expect(
      graphOf(flat)
        .definition.nodes.get("flat")
        ?.variants.map(({ name }) => name),
    ).toEqual(["x", "y", "a"]);
  });

  it("says of which variant a required value is missing", async () => {
    const b = new FnNode(({ count }: { count: number }) => String(count), {
      name: "b",
      inputs: { count: gr.Number({ label: "How many" }) },
      outputs,
    });
    await expect(graphOf(fallback(gives("a"), b, { name: "step" })).run()).rejects.toThrow(
      "Node 'step' needs a value for 'count' (How many) of its variant 'b'.",
    );
  });
});
