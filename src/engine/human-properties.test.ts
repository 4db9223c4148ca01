import fc from "fast-check";
import { expect, test } from "vitest";
import { JSON as JsonField } from "../components/data.ts";
import { Textbox } from "../components/text.ts";
import { buildDefinition } from "../graph/build-definition.ts";
import type { BaseNode } from "../graph/node.ts";
import { ApproveNode } from "../nodes/approve-node.ts";
import { FnNode } from "../nodes/fn-node.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { LOCAL, TestEngine } from "./testing.ts";

const letters = ["a", "b", "c", "d"];

/** A column of steps: `a` and `b` are asked about, each of `list` too; everything is joined at the end. */
function makeGraph(calls: string[]) {
  const note = <T>(name: string, value: T): T => {
    calls.push(name);
    return value;
  };
  const made = (name: string) =>
    new FnNode(() => note(name, name), {
      name,
      inputs: {},
      outputs: { text: Textbox() },
      concurrent: true,
    });
  const list = new FnNode(() => note("list", letters), {
    name: "list",
    inputs: {},
    outputs: { items: JsonField<string[]>() },
    concurrent: true,
  });
  const first = new ApproveNode({ name: "first", inputs: { text: made("a").text } });
  const between = new FnNode(({ text }: { text: string }) => note("between", `(${text})`), {
    name: "between",
    inputs: { text: first.text },
    outputs: { text: Textbox() },
    concurrent: true,
  });
  const second = new ApproveNode({ name: "second", inputs: { text: between.text } });
  const each = new ApproveNode({ name: "each", inputs: { text: list.items.each } });
  const end = new FnNode(
    ({ second, all }: { second: string; all: string[] }) => note("end", second + all.join("")),
    { name: "end", inputs: { second: second.text, all: each.text.all() }, outputs: { text: Textbox() } },
  );
  return buildDefinition({
    name: "test",
    persistKey: "test",
    nodes: [end] as unknown as BaseNode[],
    edges: [],
  });
}

interface Step {
  readonly pick: number;
  readonly restart: boolean;
  readonly edit: boolean;
}

test("whatever is answered first, with restarts in between, the end is the same and nothing runs twice", async () => {
  const steps = fc.array(fc.record({ pick: fc.nat(100), restart: fc.boolean(), edit: fc.boolean() }), {
    minLength: 12,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (order, onSheet) => {
      const calls: string[] = [];
      const store = createMemoryStore();
      let engine = await TestEngine.of(makeGraph(calls), store);
      const { id } = await engine.engine.startRun(LOCAL, {
        mode: "all",
        nodes: [],
        ...(onSheet ? { sheet: engine.sheet } : {}),
      });
      const settled = () =>
        expect
          .poll(async () => (await store.run(LOCAL, id))?.status, { interval: 2, timeout: 5_000 })
          .not.toBe("running");
      const expected = { second: "(a)", items: [...letters] };
      for (const { pick, restart, edit } of order as Step[]) {
        await settled();
        if (restart) {
          await engine.engine.close();
          engine = await TestEngine.of(makeGraph(calls), store);
        }
        const asks = (await engine.engine.run(LOCAL, id))?.asks ?? {};
        const open = Object.entries(asks).flatMap(([node, questions]) =>
          questions.map(({ item, values }) => ({ node, item, values })),
        );
        const question = open[pick % Math.max(1, open.length)];
        if (question === undefined) break;
        const { node, item, values } = question;
        const text = edit ? `${values["text"]}!` : `${values["text"]}`;
        if (node === "first") expected.second = `(${text})`;
        else if (node === "second") expected.second = text;
        else expected.items[item ?? 0] = text;
        await engine.engine.answer(LOCAL, id, {
          node,
          answer: edit ? { action: "approve", values: { text } } : { action: "approve" },
          ...(item === undefined ? {} : { item }),
        });
      }
      await settled();
      const run = await engine.engine.run(LOCAL, id);
      expect(run?.record.status).toBe("done");
      expect(run?.outputs["end"]).toEqual({ text: expected.second + expected.items.join("") });
      expect([...calls].sort()).toEqual(["a", "between", "end", "list"]);
      await engine.close();
    }),
    { numRuns: 25 },
  );
}, 60_000);
