import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FnNode, Graph, gr, type RunEvent } from "../index.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-true-"));
beforeAll(() => {
  process.env.DAGGR_DB_PATH = join(folder, "sessions.db");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const JSON_OUT = () => ({ out: gr.JSON<any>() });

function count(inputs: Record<string, unknown>, name: string) {
  const node = new FnNode((given: { list: readonly number[] }) => given.list.length, {
    name: "count",
    inputs: inputs as { list: number[] },
    outputs: JSON_OUT(),
  });
  return new Graph({ name, nodes: [node] });
}

async function logsOf(graph: Graph): Promise<string[]> {
  const texts: string[] = [];
  for await (const event of graph.stream()) if (event.type === "node-log") texts.push(event.text);
  return texts;
}

describe("a list that is changed later", () => {
  test("counts as it is when a run is given it again", async () => {
    const graph = count({ list: gr.JSON<number[]>() }, "Given again");
    const list = [1, 2];
    expect((await graph.run({ count: { list } }, { sheet: "one" })).count.out).toBe(2);
    list.push(3);
    expect((await graph.run({ count: { list } }, { sheet: "one", mode: "stale" })).count.out).toBe(3);
  });

  test("as a fixed value stays in the graph as it was", async () => {
    const list = [1, 2];
    const graph = count({ list }, "Fixed");
    list.push(3);
    expect((await graph.run()).count.out).toBe(2);
  });

  test("by who listens changes neither the result nor what other nodes read", async () => {
    const a = new FnNode(() => [3, 1, 2], { name: "a", inputs: {}, outputs: JSON_OUT() });
    const b = new FnNode(({ x }: { x: number[] }) => x.length, {
      name: "b",
      inputs: { x: a.out },
      outputs: JSON_OUT(),
    });
    const onEvent = (event: RunEvent) => {
      if (event.type === "node-done" && event.node === "a") (event.outputs["out"] as number[]).length = 0;
    };
    const graph = new Graph({ name: "Listened", nodes: [b], persistKey: false });
    expect(await graph.run({}, { onEvent })).toEqual({ a: { out: [3, 1, 2] }, b: { out: 3 } });
  });
});

describe("a value that JSON does not know", () => {
  test("as a fixed value makes another one stale", async () => {
    const graph = (size: number) => {
      const node = new FnNode(
        ({ map, big }: { map: Map<string, number>; big: bigint }) => `${map.get("size")} ${big}`,
        {
          name: "node",
          inputs: { map: new Map([["size", size]]), big: 5n },
          outputs: JSON_OUT(),
        },
      );
      return new Graph({ name: "Maps", nodes: [node] });
    };
    expect((await graph(1).run({}, { sheet: "one" })).node.out).toBe("1 5");
    expect((await graph(2).run({}, { sheet: "one", mode: "stale" })).node.out).toBe("2 5");
  });

  test("as a fixed value that contains itself is refused by name", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    const node = new FnNode(({ loop }: { loop: object }) => loop, {
      name: "node",
      inputs: { loop },
      outputs: JSON_OUT(),
    });
    expect(() => new Graph({ name: "Loop", nodes: [node] })).toThrow(
      /Input 'loop' of node 'node' is an object with self that contains itself/,
    );
  });

  test("can be drawn", async () => {
    const node = new FnNode(({ n }: { n: bigint }) => typeof n, {
      name: "node",
      inputs: { n: () => 5n },
      outputs: JSON_OUT(),
    });
    expect((await new Graph({ name: "Drawn", nodes: [node] }).run({}, { sheet: "one" })).node.out).toBe(
      "bigint",
    );
  });

  test("in a result is told of", async () => {
    const returning = (value: unknown) =>
      new Graph({
        name: "Returned",
        nodes: [new FnNode(() => value, { name: "node", inputs: {}, outputs: JSON_OUT() })],
        persistKey: false,
      });
    expect(await logsOf(returning({ found: new Map() }))).toEqual([
      "Output 'out' of node 'node' holds a Map, of which nothing can be kept: return a list, an object or a text.",
    ]);
    expect(await logsOf(returning([Promise.resolve(1)]))).toEqual([
      "Output 'out' of node 'node' holds a Promise, of which nothing can be kept: await it.",
    ]);
    expect(await logsOf(returning({ at: new Date(0), empty: {}, none: null }))).toEqual([]);
  });
});

test("a sheet is one, in whatever letters and however often at once it is named", async () => {
  const graph = count({ list: [1] }, "Named sheets");
  await Promise.all(["New", "New", " new "].map((sheet) => graph.run({}, { sheet })));
  let reused = false;
  await graph.run(
    {},
    {
      sheet: "NEW",
      mode: "stale",
      onEvent: (event) => {
        if (event.type === "node-done") reused = event.reused;
      },
    },
  );
  expect(reused).toBe(true);
  await expect(graph.run({}, { sheet: " " })).rejects.toThrow(
    "run(): sheet must be a text that is not empty",
  );
});

test("options of a run that do not exist are refused", async () => {
  const graph = count({ list: [1] }, "Options");
  const run = (inputs: unknown, options: unknown) => graph.run(inputs as never, options as never);
  await expect(run({}, { sheets: "one" })).rejects.toThrow(
    "run() has no option 'sheets'. Did you mean 'sheet'?",
  );
  await expect(run({}, { mode: "fresh" })).rejects.toThrow("run(): mode must be one of all, stale");
  await expect(run({}, { nodes: "count" })).rejects.toThrow("run(): nodes must be a list of node names");
  await expect(run(null, {})).rejects.toThrow("The inputs of a run must be an object");
});

test("one field under two names is given one value", async () => {
  const list = gr.JSON<number[]>();
  const node = (name: string) =>
    new FnNode((given: { list: number[] }) => given.list.length, {
      name,
      inputs: { list },
      outputs: JSON_OUT(),
    });
  const graph = new Graph({ name: "Shared", nodes: [node("a"), node("b")], persistKey: false });
  expect(await graph.run({ a: { list: [1] }, b: { list: [1] } })).toMatchObject({
    a: { out: 1 },
    b: { out: 1 },
  });
  await expect(graph.run({ a: { list: [1] }, b: { list: [2] } })).rejects.toThrow(
    "'a__list' and 'b__list' are one field",
  );
});

describe("between two launches on one database", () => {
  test("an output that was renamed makes its node stale", async () => {
    const graph = (output: "one" | "two") => {
      const a = new FnNode((): any => 7, { name: "a", inputs: {}, outputs: { [output]: gr.JSON<number>() } });
      const b = new FnNode(({ x = -1 }: { x?: number }) => x, {
        name: "b",
        inputs: { x: (a as never)[output] },
        outputs: JSON_OUT(),
      });
      return new Graph({ name: "Renamed output", nodes: [b] });
    };
    await graph("one").run({}, { sheet: "one" });
    const step = graph("two").run({}, { sheet: "one", mode: "step", nodes: ["b"] });
    await expect(step).rejects.toThrow("the result of 'a' is older than that output. Run 'a' again.");
    const again = await graph("two").run({}, { sheet: "one", mode: "stale" });
    expect(again).toEqual({ a: { two: 7 }, b: { out: 7 } });
  });

  test("a saved value that the changed component cannot hold is set aside, not handed on", async () => {
    const graph = (x: unknown) => {
      const inputs = { x: x as number };
      const node = new FnNode((given: { x: number }) => given.x, {
        name: "node",
        inputs,
        outputs: JSON_OUT(),
      });
      return new Graph({ name: "Changed component", nodes: [node] });
    };
    const text = () => graph(gr.Textbox({ value: "own" }));
    await text().run({ node: { x: "typed" } }, { sheet: "one" });
    expect((await graph(gr.Number({ value: 3 })).run({}, { sheet: "one" })).node.out).toBe(3);
    expect((await text().run({}, { sheet: "one" })).node.out).toBe("typed");
  });
});

test("a secret that goes into a node is not kept with its result", async () => {
  process.env.KEEPING_TEST_TOKEN = "swordfish-0815";
  const read = ({ fixed, drawn }: { fixed: string; drawn: string }) => [fixed.length, drawn.length];
  const inputs = { fixed: "swordfish-0815", drawn: () => "swordfish-0815" };
  const node = new FnNode(read, { name: "node", inputs, outputs: JSON_OUT() });
  const graph = new Graph({ name: "Secret inputs", nodes: [node] });
  expect((await graph.run({}, { sheet: "one" })).node.out).toEqual([14, 14]);
  const kept = readdirSync(folder).filter((name) => name.startsWith("sessions.db"));
  expect(kept.length).toBeGreaterThan(0);
  for (const name of kept) expect(readFileSync(join(folder, name)).includes("swordfish")).toBe(false);
  expect((await graph.run({}, { sheet: "one", mode: "stale" })).node.out).toEqual([14, 14]);
});
