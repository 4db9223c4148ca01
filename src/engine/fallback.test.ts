import { createWriteStream } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, it } from "vitest";
import * as gr from "../components/gr.ts";
import { buildDefinition } from "../graph/build-definition.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { BaseNode } from "../graph/node.ts";
import { fallback } from "../nodes/fallback-node.ts";
import { FnNode } from "../nodes/fn-node.ts";
import { openSqliteStore } from "../store/open-sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { executed, gate, LOCAL, TestEngine } from "./testing.ts";

const outputs = { text: gr.Textbox() };
let open: TestEngine[] = [];
afterEach(async () => {
  for (const each of open) await each.close();
  open = [];
});

async function engine(definition: GraphDefinition, store?: Store): Promise<TestEngine> {
  const made = await TestEngine.of(definition, store);
  open.push(made);
  return made;
}

const define = (...nodes: unknown[]) =>
  buildDefinition({ name: "test", persistKey: "test", nodes: nodes as BaseNode[], edges: [] });

/** The first variant fails while it is told to. */
function step(state: { isBroken: boolean }, spare = "by spare"): unknown {
  const main = new FnNode(
    () => {
      if (state.isBroken) throw new Error("main is away");
      return "by main";
    },
    { name: "main", inputs: {}, outputs },
  );
  return fallback(main, new FnNode(() => spare, { name: "spare", inputs: {}, outputs }), { name: "step" });
}

const bySpare = {
  variant: "spare",
  index: 1,
  failed: [{ variant: "main", error: { code: "NODE_FAILED", message: "main is away" } }],
};

describe("a fallback on a sheet", () => {
  it("says who made what it shows, in the state, the run and the history, and stays fresh", async () => {
    const state = { isBroken: true };
    const test = await engine(define(step(state)));
    const id = await test.start();
    await test.engine.ended(id);
    await test.settled();
    expect(await test.node("step")).toMatchObject({
      status: "done",
      outputs: { text: "by spare" },
      fallback: bySpare,
    });
    expect((await test.engine.run(LOCAL, id))?.record.nodes["step"]).toMatchObject({ fallback: bySpare });
    state.isBroken = false;
    expect(await test.run()).toEqual([]);
    expect(await test.run({ mode: "step", nodes: ["step"] })).toEqual(["step"]);
    expect(await test.node("step")).toMatchObject({
      outputs: { text: "by main" },
      fallback: { variant: "main", index: 0, failed: [] },
    });
    const { entries } = await test.engine.history(LOCAL, test.sheet, "step", { offset: 0, limit: 10 });
    expect(entries.map((entry) => entry.fallback?.variant)).toEqual(["main", "spare"]);
    expect(entries.every((entry) => entry.variant === undefined)).toBe(true);
    await test.engine.selectResult(LOCAL, test.sheet, "step", entries[1]?.id ?? "");
    expect(await test.node("step")).toMatchObject({
      status: "done",
      outputs: { text: "by spare" },
      fallback: bySpare,
    });
  });

  it("is stale when any of its variants changes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "daggr-fallback-"));
    const path = join(folder, "s.db");
    const store = () => openSqliteStore({ path });
    const before = await engine(define(step({ isBroken: true })), store());
    await before.run();
    const { sheet } = before;
    await open.pop()?.close();
    const same = await engine(define(step({ isBroken: true })), store());
    expect(same.sheet).toBe(sheet);
    expect(await same.node("step")).toMatchObject({ status: "done", fallback: bySpare });
    await open.pop()?.close();
    const changed = new FnNode(() => "by main, better", { name: "main", inputs: {}, outputs });
    const spare = new FnNode(() => "x", { name: "spare", inputs: {}, outputs });
    const other = await engine(define(fallback(changed, spare, { name: "step" })), store());
    expect(await other.node("step")).toMatchObject({ status: "stale", reason: "its definition changed" });
  });

  it("takes from the cache what a variant made of the same inputs, and who it was", async () => {
    let calls = 0;
    const inputs = () => ({ text: gr.Textbox({ value: "x" }) });
    const away = new FnNode(
      ({ text }: { text: string }): string => {
        throw new Error(text === "" ? "" : "main is away");
      },
      { name: "main", inputs: inputs(), outputs, cache: true },
    );
    const spare = new FnNode(({ text }: { text: string }) => `${text} ${++calls}`, {
      name: "spare",
      inputs: inputs(),
      outputs,
      cache: true,
    });
    const test = await engine(define(fallback(away, spare, { name: "step" })));
    await test.run();
    const address = "step__variant_1_text";
    await test.engine.setField(LOCAL, test.sheet, address, "y");
    await test.run();
    await test.engine.setField(LOCAL, test.sheet, address, "x");
    expect(await test.run({ mode: "all" })).toEqual([]);
    expect(calls).toBe(2);
    expect(await test.node("step")).toMatchObject({ outputs: { text: "x 1" }, fallback: bySpare });
  });

  it("has no variant that could be chosen", async () => {
    const test = await engine(define(step({ isBroken: false })));
    await expect(test.engine.setVariant(LOCAL, test.sheet, "step", 1)).rejects.toThrow(
      "Node 'step' tries its variants in their order (main, spare): none can be chosen.",
    );
    await expect(test.start({ variants: { step: "spare" } })).rejects.toThrow("none can be chosen");
  });

  it("keeps who made each item, over a crash and in an exported sheet", async () => {
    const held = gate();
    let isFirst = true;
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
    const each = fallback(odd, any, { name: "each" });
    const after = new FnNode(
      async ({ texts }: { texts: string[] }, { signal }) => {
        if (isFirst)
          await Promise.race([
            held.opened,
            new Promise((resolve) => signal.addEventListener("abort", resolve)),
          ]);
        if (signal.aborted) throw new Error("stopped");
        return texts.join();
      },
      { name: "after", inputs: { texts: each.text.all() }, outputs },
    );
    const path = join(await mkdtemp(join(tmpdir(), "daggr-fallback-")), "s.db");
    const first = await engine(define(after), openSqliteStore({ path }));
    const id = await first.start();
    await expect.poll(async () => (await first.node("after")).status).toBe("running");
    await open.pop()?.close();
    isFirst = false;
    const second = await engine(define(after), openSqliteStore({ path }));
    await second.engine.resume(LOCAL, id);
    await second.engine.ended(id);
    const events = await second.events(id);
    // What had made its result before is not done again.
    expect(executed(events)).toEqual(["after"]);
    const items = await second.engine.items(LOCAL, second.sheet, "each", { offset: 0, limit: 3 });
    expect(items.items.map((item) => item.fallback?.variant)).toEqual(["odd", "any", "odd"]);

    const file = join(await mkdtemp(join(tmpdir(), "daggr-fallback-")), "sheet.zip");
    await pipeline((await second.engine.exportSheet(LOCAL, second.sheet)).stream, createWriteStream(file));
    const third = await engine(define(after));
    third.sheet = (await third.engine.importSheet(LOCAL, file)).sheet.id;
    const copied = await third.engine.items(LOCAL, third.sheet, "each", { offset: 0, limit: 3 });
    expect(copied.items.map((item) => item.fallback?.failed[0]?.error.message)).toEqual([
      undefined,
      "even",
      undefined,
    ]);
    expect((await third.node("after")).outputs).toEqual({ text: "odd 1,any 2,odd 3" });
  });
});
