import { afterEach, describe, expect, it, vi } from "vitest";
import { DaggrError } from "../base/errors.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { executed, gate, LOCAL, TestEngine } from "./testing.ts";

const never = new AbortController().signal;
let test: TestEngine;
afterEach(() => test.close());

describe("resuming", () => {
  it("keeps finished nodes and items, and executes the rest", async () => {
    const calls: string[] = [];
    let broken = true;
    const nodes = {
      list: {
        invoke: () => {
          calls.push("list");
          return ["p", "q", "r"];
        },
      },
      each: {
        inputs: { v: "list.out.each" },
        invoke: ({ v }: Readonly<Record<string, unknown>>) => {
          calls.push(`each ${v}`);
          if (v === "q" && broken) throw new Error("not now");
          return `${v}!`;
        },
      },
      join: { inputs: { v: "each.out.all" }, invoke: ({ v }: Readonly<Record<string, any>>) => v.join("") },
    };
    const store = createMemoryStore();
    test = await TestEngine.open(nodes, store);
    for (const sheet of [undefined, test.sheet]) {
      calls.length = 0;
      broken = true;
      const { id } = await test.engine.startRun(LOCAL, {
        mode: "all",
        nodes: [],
        ...(sheet === undefined ? {} : { sheet }),
      });
      await test.engine.ended(id);
      const before = await test.engine.run(LOCAL, id);
      expect(before?.record.status).toBe("failed");
      broken = false;
      calls.length = 0;
      await test.engine.resume(LOCAL, id);
      const seen: number[] = [];
      for await (const { seq } of test.engine.events(LOCAL, id, 0, never)) seen.push(seq);
      expect(calls).toEqual(["each q"]);
      expect(seen[0]).toBe((before?.record.lastSeq ?? 0) + 1);
      const after = await test.engine.run(LOCAL, id);
      expect(after?.record.status).toBe("done");
      expect(after?.outputs).toMatchObject({ join: { out: "p!q!r!" } });
    }
  });

  it("of what is done or going on is refused", async () => {
    const slow = gate();
    test = await TestEngine.open({ a: { invoke: () => slow.opened } });
    const id = await test.start();
    await expect(test.engine.resume(LOCAL, id)).rejects.toMatchObject({ code: "RUN_NOT_RESUMABLE" });
    slow.open();
    await test.engine.ended(id);
    await expect(test.engine.resume(LOCAL, id)).rejects.toMatchObject({ code: "RUN_NOT_RESUMABLE" });
  });

  it("is offered for what the end of the process interrupted", async () => {
    const store = createMemoryStore();
    const slow = gate();
    test = await TestEngine.open({ a: {}, b: { inputs: { a: "a.out" }, invoke: () => slow.opened } }, store);
    const id = await test.start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await test.engine.close();
    expect(await store.run(LOCAL, id)).toMatchObject({
      status: "interrupted",
      nodes: { a: { status: "done" }, b: { status: "interrupted" } },
    });
    test = await TestEngine.open({ a: {}, b: { inputs: { a: "a.out" } } }, store);
    const { view } = await test.engine.openSheet(LOCAL, test.sheet);
    expect(view.interrupted).toMatchObject({ id, status: "interrupted" });
    expect(view.nodes).toMatchObject({ a: { status: "done" }, b: { status: "interrupted" } });
    await test.engine.resume(LOCAL, id);
    await test.engine.ended(id);
    await test.settled();
    expect(await test.statuses()).toEqual({ a: "reused", b: "done" });
    expect((await test.engine.openSheet(LOCAL, test.sheet)).view.interrupted).toBeNull();
  });
});

describe("one item", () => {
  it("is run again alone, also when that was interrupted", async () => {
    const calls: string[] = [];
    const slow = gate();
    const nodes = (wait: boolean) => ({
      list: { invoke: () => ["p", "q", "r"] },
      each: {
        inputs: { v: "list.out.each" },
        invoke: async ({ v }: Readonly<Record<string, unknown>>) => {
          if (wait && calls.length >= 3) await slow.opened;
          calls.push(`${v}`);
          return `${v}${calls.length}`;
        },
      },
    });
    const store = createMemoryStore();
    test = await TestEngine.open(nodes(true), store);
    await test.run();
    expect(calls).toEqual(["p", "q", "r"]);
    const id = await test.start({ mode: "step", nodes: ["each"], item: 1 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await test.engine.close();
    test = await TestEngine.open(nodes(false), store);
    await test.engine.resume(LOCAL, id);
    await test.engine.ended(id);
    await test.settled();
    expect(calls).toEqual(["p", "q", "r", "q"]);
    expect((await test.node("each")).outputs).toEqual({ out: ["p1", "q4", "r3"] });
    await expect(test.start({ mode: "step", nodes: ["list"], item: 0 })).rejects.toMatchObject({
      code: "NOT_SCATTERED",
    });
  });
});

describe("a full disk", () => {
  it("makes a run wait, and nothing is told before it is kept", async () => {
    const store = createMemoryStore();
    let isFull = false;
    const { commit } = store;
    store.commit = (scope, batch) =>
      isFull
        ? Promise.reject(new DaggrError("STORE_FULL", "The disk is full."))
        : commit.call(store, scope, batch);
    const slow = gate();
    test = await TestEngine.open(
      { a: { invoke: () => slow.opened.then(() => "a") }, b: { inputs: { a: "a.out" } } },
      store,
    );
    const complained = vi.spyOn(console, "error").mockImplementation(() => {});
    const id = await test.start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    isFull = true;
    slow.open();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await test.node("a")).status).toBe("running");
    expect(complained).toHaveBeenCalledWith(expect.stringContaining("The disk is full"));
    isFull = false;
    const events = await test.events(id);
    expect(executed(events)).toEqual(["a", "b"]);
    expect(events.at(-1)?.type).toBe("run-done");
    expect((await test.store.run(LOCAL, id))?.status).toBe("done");
    complained.mockRestore();
  });

  it("that stays full fails the run of whoever waits for it no longer", async () => {
    const store = createMemoryStore();
    test = await TestEngine.open({ a: {} }, store);
    const { commit } = store;
    store.commit = (_, batch) =>
      batch.results?.length ? Promise.reject(new Error("broken for good")) : commit.call(store, _, batch);
    const id = await test.start();
    const events = await test.events(id);
    expect(events.at(-1)).toMatchObject({
      type: "run-failed",
      errors: [{ error: { message: "broken for good" } }],
    });
    expect(executed(events)).toEqual([]);
    expect((await store.run(LOCAL, id))?.status).toBe("failed");
  });
});
