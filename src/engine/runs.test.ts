import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { rememberSecret } from "../base/redact.ts";
import type { StepContext } from "../graph/step.ts";
import { textField } from "../plan/testing.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { executed, gate, LOCAL, TestEngine } from "./testing.ts";

const never = new AbortController().signal;
let test: TestEngine;
afterEach(() => test.close());

const chain = {
  a: { inputs: { x: textField({ value: "hello" }) } },
  b: { inputs: { a: "a.out" } },
  c: { inputs: { b: "b.out" } },
};

describe("a run", () => {
  it("tells its events in order, numbered without gaps, to everybody", async () => {
    test = await TestEngine.open(chain);
    const id = await test.start({ mode: "all" });
    const seen: number[] = [];
    const types: string[] = [];
    for await (const { seq, event } of test.engine.events(LOCAL, id, 0, never)) {
      seen.push(seq);
      types.push(event.type);
    }
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(types[0]).toBe("run-started");
    expect(types.at(-1)).toBe("run-done");
    expect(await test.events(id, seen.length - 2)).toHaveLength(2);
  });

  it("is told only after it is kept", async () => {
    test = await TestEngine.open(chain);
    const id = await test.start({ mode: "all" });
    for await (const { event } of test.engine.events(LOCAL, id, 0, never)) {
      if (event.type === "node-done")
        expect(await test.store.result(LOCAL, event.result ?? "")).toMatchObject({ outputs: event.outputs });
      if (event.type === "run-done")
        expect(await test.store.run(LOCAL, id)).toMatchObject({ status: "done" });
    }
  });

  it("without a sheet keeps its own record", async () => {
    test = await TestEngine.open(chain);
    const { id } = await test.engine.startRun(LOCAL, { mode: "all", nodes: ["b"], fields: { a__x: "1" } });
    await test.engine.ended(id);
    const snapshot = await test.engine.run(LOCAL, id);
    expect(snapshot?.record).toMatchObject({ status: "done", sheet: null, fields: { a__x: "1" } });
    expect(snapshot?.outputs).toMatchObject({ b: { out: "b(a(1))" } });
    expect(snapshot?.reasons).toEqual({ a: "never ran", b: "never ran" });
    expect(await test.statuses()).toEqual({ a: "idle", b: "idle", c: "idle" });
  });

  it("executes what is stale and nothing else", async () => {
    test = await TestEngine.open(chain);
    expect(await test.run()).toEqual(["a", "b", "c"]);
    expect(await test.run()).toEqual([]);
    await test.engine.setField(LOCAL, test.sheet, "a__x", "other");
    expect(await test.statuses()).toEqual({ a: "stale", b: "stale", c: "stale" });
    expect(await test.run()).toEqual(["a", "b", "c"]);
    expect((await test.node("c")).outputs).toEqual({ out: "c(b(a(other)))" });
  });

  it("goes on when nobody listens, and can be read after its process is gone", async () => {
    const store = createMemoryStore();
    test = await TestEngine.open(chain, store);
    const id = await test.start({ mode: "all" });
    await test.engine.ended(id);
    const live = await test.engine.run(LOCAL, id);
    await test.engine.close();
    test = await TestEngine.open(chain, store);
    expect(await test.engine.run(LOCAL, id)).toEqual(live);
    const events = await test.events(id);
    expect(executed(events)).toEqual(["a", "b", "c"]);
    expect(events.at(-1)).toMatchObject({ type: "run-done", outputs: { c: { out: "c(b(a(hello)))" } } });
    expect(await test.events(id, live?.record.lastSeq)).toEqual([]);
  });

  it("that is cancelled leaves another on the same sheet alone", async () => {
    const slow = gate();
    test = await TestEngine.open({
      a: { invoke: () => slow.opened.then(() => "a") },
      b: { invoke: () => slow.opened.then(() => "b") },
    });
    const first = await test.start({ mode: "step", nodes: ["a"] });
    const second = await test.start({ mode: "step", nodes: ["b"] });
    expect(await test.engine.cancel(LOCAL, first)).toBe(true);
    await test.engine.ended(first);
    slow.open();
    await test.engine.ended(second);
    expect((await test.engine.run(LOCAL, first))?.record.status).toBe("cancelled");
    expect((await test.engine.run(LOCAL, second))?.record.status).toBe("done");
    expect(await test.engine.cancel(LOCAL, second)).toBe(false);
  });

  it("belongs to its scope", async () => {
    test = await TestEngine.open(chain);
    const id = await test.start();
    const other = { user: "someone", graph: "test" };
    expect(await test.engine.cancel(other, id)).toBe(false);
    expect(await test.engine.run(other, id)).toBeUndefined();
    await expect(test.engine.resume(other, id)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    for await (const _ of test.engine.events(other, id, 0, never)) expect.unreachable();
    await test.engine.ended(id);
  });

  it("fails with the node's error, goes on elsewhere, and keeps what finished", async () => {
    test = await TestEngine.open({
      bad: { invoke: () => Promise.reject(new Error("no luck")) },
      after: { inputs: { x: "bad.out" } },
      good: {},
    });
    const id = await test.start({ mode: "all" });
    await test.engine.ended(id);
    expect(await test.statuses()).toEqual({ bad: "failed", after: "blocked", good: "done" });
    expect(await test.node("bad")).toMatchObject({ error: { message: expect.stringContaining("no luck") } });
    expect(await test.node("after")).toMatchObject({ blockedBy: "bad" });
    expect((await test.engine.run(LOCAL, id))?.record).toMatchObject({
      status: "failed",
      nodes: { bad: { status: "failed" }, after: { status: "blocked" }, good: { status: "done" } },
    });
  });

  it("keeps no secret in errors and logs", async () => {
    rememberSecret("very-secret-value");
    test = await TestEngine.open({
      a: {
        invoke: (_, context) => {
          context.update({ type: "log", level: "info", text: "I know very-secret-value" });
          throw new Error("hf_abcdefghijklmnopqrstuvwxyzABCDEF is wrong, so is very-secret-value");
        },
      },
    });
    const id = await test.start();
    const events = await test.events(id);
    const kept = [
      events,
      await test.engine.run(LOCAL, id),
      await test.node("a"),
      await test.engine.logs(LOCAL, test.sheet, "a"),
    ];
    expect(JSON.stringify(kept)).not.toMatch(/very-secret-value|hf_abc/);
    expect((await test.engine.logs(LOCAL, test.sheet, "a"))[0]).toMatchObject({ text: "I know ***" });
  });
});

describe("a call", () => {
  it("returns the outputs of its targets and keeps nothing", async () => {
    test = await TestEngine.open(chain);
    const result = await test.engine.call(LOCAL, { targets: ["b"], fields: { a__x: "1" }, variants: {} });
    expect(result).toEqual({ outputs: { b: { out: "b(a(1))" } }, errors: [] });
    expect(await test.store.listRuns(LOCAL, { offset: 0, limit: 10 })).toEqual([]);
  });
});

it("a closed engine holds no result any more, however many were made in this process", async () => {
  test = await TestEngine.open({ a: { invoke: () => ({ out: ["large"] }) } });
  const outputs = new WeakRef((await test.events(await test.start())).at(-1) as object);
  await test.engine.close();
  expect(await isCollected(outputs)).toBe(true);
});

it("of a run that has ended its events are remembered, and nothing of what it worked with", async () => {
  let signal: WeakRef<AbortSignal> | undefined;
  const invoke = (_: unknown, context: StepContext) => {
    signal = new WeakRef(context.signal);
    return { out: 1 };
  };
  test = await TestEngine.open({ a: { invoke } });
  const id = await test.start();
  const events = await test.events(id);
  expect(await isCollected(signal as WeakRef<AbortSignal>)).toBe(true);
  expect(await test.events(id)).toEqual(events);
});

async function isCollected(ref: WeakRef<object>): Promise<boolean> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let turn = 0; turn < 20 && ref.deref() !== undefined; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
  }
  return ref.deref() === undefined;
}
