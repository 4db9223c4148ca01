import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FnNode, Graph, gr, InputNode, oneOf, RunError, type RunEvent } from "../index.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-running-"));
beforeAll(() => {
  process.env.DAGGR_DB_PATH = join(folder, "sessions.db");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shout = () =>
  new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
    name: "shout",
    inputs: { text: gr.Textbox({ label: "Text", value: "hello" }) },
    outputs: { loud: gr.Textbox() },
  });

describe("graph.run()", () => {
  test("takes what is given and the component's value for the rest", async () => {
    const graph = new Graph({ name: "Shouting", nodes: [shout()] });
    expect((await graph.run({ shout: { text: "good morning" } })).shout.loud).toBe("GOOD MORNING");
    expect(await graph.run()).toEqual({ shout: { loud: "HELLO" } });
  });

  test("scatters, gathers and keeps the order", async () => {
    const lines = new FnNode(() => [{ text: "c" }, { text: "a" }, { text: "b" }], {
      name: "lines",
      inputs: {},
      outputs: { list: gr.JSON<{ text: string }[]>() },
    });
    const each = new FnNode(
      async ({ text }) => {
        await new Promise((resolve) => setTimeout(resolve, text === "c" ? 30 : 1));
        return text.toUpperCase();
      },
      {
        name: "each",
        inputs: { text: lines.list.each.text },
        outputs: { up: gr.Textbox() },
        concurrent: true,
      },
    );
    const all = new FnNode(({ ups }: { ups: string[] }) => ups.join(""), {
      name: "all",
      inputs: { ups: each.up.all() },
      outputs: { text: gr.Textbox() },
    });
    const result = await new Graph({ name: "Scatter", nodes: [each, all] }).run();
    expect(result.each.up).toEqual(["C", "A", "B"]);
    expect(result.all.text).toBe("CAB");
  });

  test("files go in as paths and come out as paths, also when the function's file vanishes", async () => {
    const path = join(folder, "in.txt");
    writeFileSync(path, "from a file");
    const upper = new FnNode(
      ({ source }: { source: string }, { file }) => {
        const out = file("out.txt");
        writeFileSync(out, readFileSync(source, "utf8").toUpperCase());
        return out;
      },
      { name: "upper", inputs: { source: gr.File() }, outputs: { result: gr.File() } },
    );
    const { upper: outputs } = await new Graph({ name: "Files", nodes: [upper] }).run({
      upper: { source: path },
    });
    expect(readFileSync(outputs.result, "utf8")).toBe("FROM A FILE");
    expect(outputs.result).toMatch(/\.txt$/);
  });

  test("a default file of a component is taken in", async () => {
    const path = join(folder, "default.txt");
    writeFileSync(path, "default");
    const read = new FnNode(({ source }: { source: string }) => readFileSync(source, "utf8"), {
      name: "read",
      inputs: { source: gr.File({ value: path }) },
      outputs: { text: gr.Textbox() },
    });
    expect((await new Graph({ name: "Default", nodes: [read] }).run()).read.text).toBe("default");
  });

  test("generators stream, several outputs come by name, progress and logs are told", async () => {
    const node = new FnNode(
      async function* ({ n }: { n: number }, { progress, log }) {
        log("starting");
        for (let i = 1; i <= n; i++) {
          progress(i / n, `step ${i}`);
          yield { count: i };
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
        return { count: n, done: true };
      },
      {
        name: "counter",
        inputs: { n: gr.Number({ value: 3 }) },
        outputs: { count: gr.Number(), done: gr.Checkbox() },
      },
    );
    const events: RunEvent[] = [];
    for await (const event of new Graph({ name: "Stream", nodes: [node] }).stream()) events.push(event);
    const types = events.map((event) => event.type);
    expect(types[0]).toBe("run-started");
    expect(types.at(-1)).toBe("run-done");
    expect(types).toContain("node-progress");
    expect(events).toContainEqual(expect.objectContaining({ type: "node-log", text: "starting" }));
    expect(
      events.filter((event) => event.type === "node-partial").map((event) => event.outputs.count),
    ).toContain(2);
    expect(events.at(-1)).toMatchObject({ outputs: { counter: { count: 3, done: true } } });
  });

  test("a failure names the node, waits for the branches that can finish and carries their outputs", async () => {
    const bad = new FnNode(
      (): string => {
        throw new Error("no more ink");
      },
      { name: "bad", inputs: {}, outputs: { text: gr.Textbox() } },
    );
    const after = new FnNode(({ x }: { x: string }) => x, {
      name: "after",
      inputs: { x: bad.text },
      outputs: { text: gr.Textbox() },
    });
    const events: RunEvent[] = [];
    const error = await new Graph({ name: "Failing", nodes: [shout(), after] })
      .run({}, { onEvent: (event) => events.push(event) })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunError);
    const failure = error as RunError;
    expect(failure.code).toBe("RUN_FAILED");
    expect(failure.message).toContain("no more ink");
    expect(failure.errors).toHaveLength(1);
    expect(failure.errors[0]?.error.place).toMatch(/running\.test\.ts:\d+/);
    expect(failure.outputs).toEqual({ shout: { loud: "HELLO" } });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "node-blocked", node: "after", by: "bad" }),
    );
  });

  test("an abort reaches the function and rejects with CANCELLED", async () => {
    let aborted = false;
    const slow = new FnNode(
      (_: object, { signal }) =>
        new Promise<string>((_, reject) =>
          signal.addEventListener("abort", () => {
            aborted = true;
            reject(signal.reason);
          }),
        ),
      { name: "slow", inputs: {}, outputs: { text: gr.Textbox() } },
    );
    const error = (await new Graph({ name: "Slow", nodes: [slow] })
      .run({}, { signal: AbortSignal.timeout(100) })
      .catch((reason: unknown) => reason)) as RunError;
    expect(error.code).toBe("CANCELLED");
    expect(aborted).toBe(true);
  });

  test.each([
    ["an unknown node", { shoot: { text: "a" } }, "UNKNOWN_NODE", "Did you mean 'shout'?"],
    ["an unknown port", { shout: { txt: "a" } }, "UNKNOWN_INPUT", "Did you mean 'text'?"],
    ["a value of the wrong type", { shout: { text: 5 } }, "INVALID_VALUE", "a text"],
  ])("refuses %s before anything runs", async (_, inputs, code, part) => {
    const error = await new Graph({ name: "Refusing", nodes: [shout()] })
      .run(inputs as never)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toContain(part);
  });

  test("an empty required field is refused before anything runs, naming it", async () => {
    const image = new FnNode(({ image }: { image: string }) => image, {
      name: "picture",
      inputs: { image: gr.Image({ label: "Photo" }) },
      outputs: { out: gr.Image() },
    });
    const error = await new Graph({ name: "Empty", nodes: [image] }).run().catch((reason: unknown) => reason);
    expect((error as Error).message).toMatch(/Photo/);
    expect((error as Error).message).toMatch(/picture/);
  });

  test("on a sheet, mode stale reuses what is fresh and runs what changed", async () => {
    let runs = 0;
    const make = () => {
      const first = new FnNode(
        ({ text }: { text: string }) => {
          runs++;
          return text.trim();
        },
        { name: "first", inputs: { text: gr.Textbox({ value: "a" }) }, outputs: { text: gr.Textbox() } },
      );
      const second = new FnNode(
        ({ text }: { text: string }) => {
          runs++;
          return text + text;
        },
        { name: "second", inputs: { text: first.text }, outputs: { text: gr.Textbox() } },
      );
      return new Graph({ name: "Sheets", nodes: [second] });
    };
    const run = (text: string) => make().run({ first: { text } }, { sheet: "one", mode: "stale" });
    await run("a");
    expect(runs).toBe(2);
    await run("a");
    expect(runs).toBe(2);
    // An equal value: what is downstream stays fresh.
    expect((await run("a ")).second?.text ?? "aa").toBe("aa");
    expect(runs).toBe(3);
    await run("b");
    expect(runs).toBe(5);
  });

  test("a choice runs the variant that was chosen", async () => {
    const outputs = { text: gr.Textbox() };
    const a = new FnNode(({ x }: { x: string }) => `a${x}`, {
      name: "a",
      inputs: { x: gr.Textbox({ value: "1" }) },
      outputs,
    });
    const b = new FnNode(({ y }: { y: string }) => `b${y}`, {
      name: "b",
      inputs: { y: gr.Textbox({ value: "2" }) },
      outputs,
    });
    const graph = new Graph({ name: "Choices", nodes: [oneOf(a, b, { name: "choice" })] });
    expect(await graph.run()).toEqual({ choice: { text: "a1" } });
    expect(await graph.run({ choice: { variant_1_y: "9" } }, { variants: { choice: "b" } })).toEqual({
      choice: { text: "b9" },
    });
  });

  test("an InputNode gives its fields on", async () => {
    const input = new InputNode({
      name: "in",
      ports: { topic: gr.Textbox({ value: "sea" }), n: gr.Number({ value: 2 }) },
    });
    const repeat = new FnNode(({ topic, n }: { topic: string; n: number }) => topic.repeat(n), {
      name: "repeat",
      inputs: { topic: input.topic, n: input.n },
      outputs: { text: gr.Textbox() },
    });
    expect((await new Graph({ name: "Inputs", nodes: [repeat] }).run({ in: { n: 3 } })).repeat.text).toBe(
      "seaseasea",
    );
  });

  test("leaving the stream early ends the run", async () => {
    let aborted = false;
    const slow = new FnNode(
      async (_: object, { signal }) => {
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve();
          });
        });
        return "x";
      },
      { name: "slow", inputs: {}, outputs: { text: gr.Textbox() } },
    );
    for await (const event of new Graph({ name: "Leaving", nodes: [slow] }).stream())
      if (event.type === "node-started") break;
    expect(aborted).toBe(true);
  });
});

test("a text that nobody touched is the empty text, as it looks", async () => {
  const length = new FnNode(({ text }: { text: string }) => text.length, {
    name: "length",
    inputs: { text: gr.Textbox() },
    outputs: { n: gr.Number() },
  });
  expect((await new Graph({ name: "Untouched", nodes: [length] }).run()).length.n).toBe(0);
  expect(await length.test()).toEqual({ n: "example".length });
});

describe("node.test()", () => {
  test("takes example values for what is left out", async () => {
    expect(await shout().test()).toEqual({ loud: "HELLO" });
    expect(await shout().test({ text: "x" })).toEqual({ loud: "X" });
  });

  test("runs one item of a scattered node, and names a misspelt input", async () => {
    const lines = new FnNode(() => [{ text: "c" }], {
      name: "lines",
      inputs: {},
      outputs: { list: gr.JSON<{ text: string }[]>() },
    });
    const each = new FnNode(({ text }) => text.toUpperCase(), {
      name: "each",
      inputs: { text: lines.list.each.text },
      outputs: { up: gr.Textbox() },
    });
    expect(await each.test({ text: "q" })).toEqual({ up: "Q" });
    await expect(each.test({ txt: "q" })).rejects.toMatchObject({ code: "UNKNOWN_INPUT" });
  });
});

test("fields that nobody touched have the value they show", async () => {
  const node = new FnNode(
    (values: { loud: boolean; tags: string[]; moods: string[]; size: number }) => values,
    {
      name: "fields",
      inputs: {
        loud: gr.Checkbox(),
        tags: gr.CheckboxGroup({ choices: ["a", "b"] }),
        moods: gr.Dropdown({ choices: ["calm", "lively"], multiselect: true }),
        size: gr.Slider({ minimum: 3, maximum: 9 }),
      },
      outputs: { values: gr.JSON() },
    },
  );
  const graph = new Graph({ name: "Fields", nodes: [node], persistKey: false });
  const { fields } = await graph.run();
  expect(fields.values).toEqual({ loud: false, tags: [], moods: [], size: 3 });
});
