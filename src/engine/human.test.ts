import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { JSON as JsonField } from "../components/data.ts";
import { Number as NumberField } from "../components/number.ts";
import { Textbox } from "../components/text.ts";
import { buildDefinition } from "../graph/build-definition.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { BaseNode } from "../graph/node.ts";
import { ApproveNode } from "../nodes/approve-node.ts";
import { AskNode } from "../nodes/ask-node.ts";
import { oneOf } from "../nodes/choice-node.ts";
import { ChooseNode } from "../nodes/choose-node.ts";
import { FnNode } from "../nodes/fn-node.ts";
import type { Answer } from "../protocol/ask.ts";
import type { RunEvent } from "../protocol/events.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { gate, LOCAL, TestEngine } from "./testing.ts";

let test: TestEngine;
afterEach(() => test.close());

const graphOf = (...nodes: readonly unknown[]): GraphDefinition =>
  buildDefinition({ name: "test", persistKey: "test", nodes: nodes as BaseNode[], edges: [] });

/** What was executed, in order. */
let calls: string[] = [];

/** draft -> review -> print, with a log of what is executed. */
function reviewed(version = "draft") {
  const topic = Textbox({ label: "Topic", value: "cats" });
  const draft = new FnNode(
    ({ topic: of }: { topic: string }) => {
      calls.push("draft");
      return `${version} of ${of}`;
    },
    { name: "draft", inputs: { topic }, outputs: { text: Textbox() } },
  );
  const review = new ApproveNode({ name: "review", inputs: { text: draft.text } });
  const print = new FnNode(
    ({ text }: { text: string }) => {
      calls.push("print");
      return `<${text}>`;
    },
    { name: "print", inputs: { text: review.text }, outputs: { html: Textbox() } },
  );
  return graphOf(draft, review, print);
}

const open = async (definition: GraphDefinition, store?: Store): Promise<void> => {
  calls = [];
  test = await TestEngine.of(definition, store);
};

const answer = (run: string, node: string, given: Answer, item?: number): Promise<void> =>
  test.engine.answer(LOCAL, run, { node, answer: given, ...(item === undefined ? {} : { item }) });

const statusOf = async (run: string): Promise<string | undefined> =>
  (await test.store.run(LOCAL, run))?.status;

/** Follows a run in the background. */
function follow(run: string): { readonly events: RunEvent[]; readonly ended: Promise<void> } {
  const events: RunEvent[] = [];
  const ended = (async () => {
    for await (const { event } of test.engine.events(LOCAL, run, 0, new AbortController().signal))
      events.push(event);
  })();
  return { events, ended };
}

const types = (events: readonly RunEvent[]): string[] =>
  events.map((event) => ("node" in event ? `${event.type} ${event.node}` : event.type));

const nextWait = (run: string, status = "waiting"): Promise<void> =>
  expect.poll(() => statusOf(run), { timeout: 5_000, interval: 5 }).toBe(status);

describe("an approval", () => {
  it("waits, holding nothing, and goes on from the answer alone", async () => {
    await open(reviewed());
    const run = await test.start();
    const { events, ended } = follow(run);
    await nextWait(run);
    expect(await test.statuses()).toEqual({ draft: "done", review: "waiting", print: "queued" });
    expect((await test.node("review")).ask).toEqual({
      questions: [{ values: { text: "draft of cats" } }],
      total: 1,
    });
    const snapshot = await test.engine.run(LOCAL, run);
    expect(snapshot?.record.nodes["review"]?.status).toBe("waiting");
    expect(snapshot?.asks).toEqual({ review: [{ values: { text: "draft of cats" } }] });
    expect((await test.engine.openSheet(LOCAL, test.sheet)).view.activeRuns).toMatchObject([
      { id: run, status: "waiting" },
    ]);

    await answer(run, "review", { action: "approve", values: { text: "better" } });
    await ended;
    await test.settled();
    expect(calls).toEqual(["draft", "print"]);
    expect(types(events)).toEqual([
      "run-started",
      "node-started draft",
      "node-done draft",
      "node-waiting review",
      "node-done review",
      "node-started print",
      "node-done print",
      "run-done",
    ]);
    expect(events.at(-1)).toMatchObject({
      outputs: { print: { html: "<better>" }, draft: { text: "draft of cats" } },
    });
    expect(await test.statuses()).toEqual({ draft: "done", review: "done", print: "done" });
    expect((await test.engine.run(LOCAL, run))?.outputs).toMatchObject({ review: { text: "better" } });
    expect((await test.engine.openSheet(LOCAL, test.sheet)).view.activeRuns).toEqual([]);
  });

  it("that was answered is reused while its inputs are the same, and asked again when they are not", async () => {
    await open(reviewed());
    const first = await test.start();
    await nextWait(first);
    await answer(first, "review", { action: "approve" });
    await nextWait(first, "done");
    calls = [];
    const second = await test.start();
    await nextWait(second, "done");
    expect(calls).toEqual([]);
    const again = await test.start({ mode: "step", nodes: ["review"] });
    await nextWait(again);
    await answer(again, "review", { action: "approve" });
    await nextWait(again, "done");
    await test.engine.setField(LOCAL, test.sheet, "draft__topic", "dogs");
    const changed = await test.start();
    await nextWait(changed);
    expect((await test.node("review")).ask?.questions).toEqual([{ values: { text: "draft of dogs" } }]);
  });

  it("that is rejected fails, and what follows says by whom", async () => {
    await open(reviewed());
    const run = await test.start();
    await nextWait(run);
    await answer(run, "review", { action: "reject", values: "too long" });
    await nextWait(run, "failed");
    await test.settled();
    expect((await test.node("review")).error).toMatchObject({
      code: "REJECTED",
      message: "It was rejected: too long",
    });
    expect(await test.node("print")).toMatchObject({
      status: "blocked",
      blockedBy: "review",
      reason: "rejected by review",
    });
    expect(calls).toEqual(["draft"]);
  });

  it("can be stopped", async () => {
    await open(reviewed());
    const run = await test.start();
    const { events, ended } = follow(run);
    await nextWait(run);
    expect(await test.engine.cancel(LOCAL, run)).toBe(true);
    await ended;
    await test.settled();
    expect(events.at(-1)).toMatchObject({
      type: "run-cancelled",
      outputs: { draft: { text: "draft of cats" } },
    });
    expect(await statusOf(run)).toBe("cancelled");
    expect((await test.store.run(LOCAL, run))?.nodes["review"]?.status).toBe("cancelled");
    expect(await test.statuses()).toEqual({ draft: "done", review: "idle", print: "idle" });
    await expect(answer(run, "review", { action: "approve" })).rejects.toMatchObject({ code: "NOT_WAITING" });
  });

  it("is refused with what is wrong, and waits on", async () => {
    await open(reviewed());
    const run = await test.start();
    await nextWait(run);
    const refused = async (node: string, given: unknown, code: string, item?: number): Promise<void> => {
      await expect(answer(run, node, given as Answer, item)).rejects.toMatchObject({ code });
      expect(await statusOf(run)).toBe("waiting");
    };
    await refused("review", { choice: 0 }, "INVALID_ANSWER");
    await refused("review", { action: "approve", values: { txt: "x" } }, "PORT_NOT_FOUND");
    await refused("review", { action: "approve", values: { text: 5 } }, "INVALID_VALUE");
    await refused("review", { action: "approve" }, "INVALID_ANSWER", 0);
    await refused("draft", { action: "approve" }, "ASKS_NOBODY");
    await refused("reviev", { action: "approve" }, "NODE_NOT_FOUND");
    await expect(answer("no-run", "review", { action: "approve" })).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
    });
    await expect(test.engine.resume(LOCAL, run)).rejects.toMatchObject({ code: "RUN_NOT_RESUMABLE" });
    await answer(run, "review", { action: "approve" });
    await nextWait(run, "done");
    await expect(answer(run, "review", { action: "approve" })).rejects.toMatchObject({
      code: "ALREADY_ANSWERED",
    });
  });

  it("is taken once, however many answer at the same moment", async () => {
    await open(reviewed());
    const run = await test.start();
    await nextWait(run);
    const answers = await Promise.allSettled(
      ["a", "b", "c"].map((text) => answer(run, "review", { action: "approve", values: { text } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    await nextWait(run, "done");
    expect((await test.engine.run(LOCAL, run))?.outputs["print"]).toEqual({ html: "<a>" });
    expect(calls).toEqual(["draft", "print"]);
  });

  it("is taken over by a newer run that comes to the same step", async () => {
    await open(reviewed());
    const first = await test.start();
    await nextWait(first);
    const second = await test.start();
    await nextWait(first, "cancelled");
    await nextWait(second);
    const { view } = await test.engine.openSheet(LOCAL, test.sheet);
    expect(view.activeRuns).toMatchObject([{ id: second, status: "waiting" }]);
    expect(view.nodes["review"]).toMatchObject({ status: "waiting", run: second });
  });
});

describe("other branches", () => {
  it("go on while a step asks, and a step can be answered meanwhile", async () => {
    const slow = gate();
    const branch = new FnNode(() => slow.opened.then(() => "slow"), {
      name: "branch",
      inputs: {},
      outputs: { out: Textbox() },
    });
    const ask = new AskNode({ name: "ask", ports: { title: Textbox(), count: NumberField({ value: 2 }) } });
    const last = new FnNode(({ title, count }: { title: string; count: number }) => title.repeat(count), {
      name: "last",
      inputs: { title: ask.title, count: ask.count },
      outputs: { out: Textbox() },
      concurrent: true,
    });
    await open(graphOf(branch, ask, last));
    const run = await test.start();
    await expect.poll(async () => (await test.node("ask")).status).toBe("waiting");
    expect(await statusOf(run)).toBe("running");
    await expect(answer(run, "ask", { values: { count: 3 } })).resolves.toBeUndefined();
    await expect.poll(async () => (await test.node("last")).outputs).toEqual({ out: "" });
    await expect(answer(run, "ask", { values: { count: 3 } })).rejects.toMatchObject({
      code: "ALREADY_ANSWERED",
    });
    slow.open();
    await nextWait(run, "done");
  });

  it("go on asking when one question is stopped; with the last one the run ends", async () => {
    const first = new AskNode({ name: "first", ports: { title: Textbox() } });
    const second = new AskNode({ name: "second", ports: { title: Textbox() } });
    const third = new AskNode({ name: "third", ports: { title: Textbox() } });
    const use = new FnNode(({ title }: { title: string }) => `<${title}>`, {
      name: "use",
      inputs: { title: second.title },
      outputs: { out: Textbox() },
    });
    await open(graphOf(first, second, third, use));
    const run = await test.start();
    await nextWait(run);
    expect(await test.engine.cancel(LOCAL, run, "first")).toBe(true);
    await nextWait(run);
    await answer(run, "second", { values: { title: "b" } });
    await expect.poll(async () => (await test.node("use")).outputs).toEqual({ out: "<b>" });
    await nextWait(run);
    expect(await test.engine.cancel(LOCAL, run, "third")).toBe(true);
    await nextWait(run, "cancelled");
    expect((await test.store.run(LOCAL, run))?.nodes["first"]?.error?.message).toBe(
      "It was rejected: Stopped.",
    );
  });

  it("that failed are not tried again when an answer comes", async () => {
    calls = [];
    const broken = new FnNode(
      () => {
        calls.push("broken");
        throw new Error("no luck");
      },
      { name: "broken", inputs: {}, outputs: { out: Textbox() } },
    );
    const ask = new AskNode({ name: "ask", ports: { title: Textbox() } });
    const last = new FnNode(({ title }: { title: string }) => title, {
      name: "last",
      inputs: { title: ask.title },
      outputs: { out: Textbox() },
    });
    await open(graphOf(broken, ask, last));
    const run = await test.start();
    const { events, ended } = follow(run);
    await nextWait(run);
    await answer(run, "ask", { values: { title: "Hi" } });
    await ended;
    expect(calls).toEqual(["broken"]);
    expect(events.at(-1)).toMatchObject({
      type: "run-failed",
      errors: [{ node: "broken", error: { message: "no luck" } }],
      outputs: { last: { out: "Hi" } },
    });
  });
});

describe("a choice", () => {
  const choosing = (list: string[]) => {
    const titles = new FnNode(() => list, {
      name: "titles",
      inputs: {},
      outputs: { titles: JsonField<string[]>() },
    });
    const pick = new ChooseNode({ name: "pick", inputs: { options: titles.titles } });
    return graphOf(titles, pick);
  };

  it("gives the option on, and refuses one that is not there", async () => {
    await open(choosing(["a", "b"]));
    const run = await test.start();
    await nextWait(run);
    await expect(answer(run, "pick", { choice: 2 })).rejects.toMatchObject({
      code: "INVALID_ANSWER",
      message: expect.stringContaining("from 0 to 1"),
    });
    await nextWait(run);
    await answer(run, "pick", { choice: 1 });
    await nextWait(run, "done");
    expect((await test.node("pick")).outputs).toEqual({ choice: "b" });
  });

  it("from nothing fails", async () => {
    await open(choosing([]));
    const run = await test.start();
    await nextWait(run, "failed");
    expect((await test.node("pick")).error).toMatchObject({ code: "NOTHING_TO_CHOOSE" });
  });

  it("may be one variant of a step", async () => {
    const titles = new FnNode(() => ["a", "b"], {
      name: "titles",
      inputs: {},
      outputs: { titles: JsonField<string[]>() },
    });
    const byMachine = new FnNode(({ of }: { of: string[] }) => of[0] ?? "", {
      name: "by machine",
      inputs: { of: titles.titles },
      outputs: { choice: JsonField<string>() },
    });
    const byHand = new ChooseNode({ name: "by hand", inputs: { options: titles.titles } });
    await open(graphOf(oneOf(byMachine, byHand, { name: "pick" })));
    const machine = await test.start();
    await nextWait(machine, "done");
    const hand = await test.start({ variants: { pick: "by hand" } });
    await nextWait(hand);
    await answer(hand, "pick", { choice: 1 });
    await nextWait(hand, "done");
    expect((await test.node("pick")).outputs).toEqual({ choice: "b" });
  });
});

describe("a step over items", () => {
  const perItem = (onItemError: "fail" | "skip" = "fail") => {
    const list = new FnNode(() => ["a", "b", "c"], {
      name: "list",
      inputs: {},
      outputs: { items: JsonField<string[]>() },
    });
    const review = new ApproveNode({ name: "review", inputs: { text: list.items.each }, onItemError });
    const join = new FnNode(({ all }: { all: any[] }) => all.join(""), {
      name: "join",
      inputs: { all: (review as any).text.all() },
      outputs: { text: Textbox() },
    });
    return graphOf(list, review, join);
  };

  it("asks for each, is answered in any order, and gathers in the items' order", async () => {
    await open(perItem());
    const run = await test.start();
    await nextWait(run);
    expect((await test.node("review")).ask?.questions).toEqual([
      { item: 0, values: { text: "a" } },
      { item: 1, values: { text: "b" } },
      { item: 2, values: { text: "c" } },
    ]);
    await answer(run, "review", { action: "approve", values: { text: "C" } }, 2);
    await nextWait(run);
    await answer(run, "review", { action: "approve" }, 0);
    await nextWait(run);
    expect((await test.node("review")).ask).toMatchObject({ questions: [{ item: 1 }], total: 1 });
    expect((await test.engine.run(LOCAL, run))?.asks).toEqual({
      review: [{ item: 1, values: { text: "b" } }],
    });
    await expect(answer(run, "review", { action: "approve" }, 0)).rejects.toMatchObject({
      code: "ALREADY_ANSWERED",
    });
    await expect(answer(run, "review", { action: "approve", values: { text: "x" } })).rejects.toMatchObject({
      code: "INVALID_ANSWER",
    });
    await answer(run, "review", { action: "approve", values: { text: "B" } }, 1);
    await nextWait(run, "done");
    expect((await test.node("join")).outputs).toEqual({ text: "aBC" });
  });

  it("can be approved all at once", async () => {
    await open(perItem());
    const run = await test.start();
    await nextWait(run);
    await answer(run, "review", { action: "approve", values: { text: "A" } }, 0);
    await answer(run, "review", { action: "approve" });
    await nextWait(run, "done");
    expect((await test.node("join")).outputs).toEqual({ text: "Abc" });
  });

  it("fails once all are answered when one was rejected, and asks for that one alone the next time", async () => {
    await open(perItem());
    const run = await test.start();
    await nextWait(run);
    await answer(run, "review", { action: "reject", values: "dull" }, 1);
    await nextWait(run);
    expect((await test.node("review")).ask?.questions.map(({ item }) => item)).toEqual([0, 2]);
    await answer(run, "review", { action: "approve" });
    await nextWait(run, "failed");
    await test.settled();
    expect((await test.node("review")).error).toMatchObject({ code: "REJECTED" });
    expect(await test.node("join")).toMatchObject({ status: "blocked", reason: "rejected by review" });
    const again = await test.start();
    await nextWait(again);
    expect((await test.node("review")).ask?.questions).toEqual([{ item: 1, values: { text: "b" } }]);
  });

  it("leaves rejected items out where it is told to", async () => {
    await open(perItem("skip"));
    const run = await test.start();
    await nextWait(run);
    await answer(run, "review", { action: "reject" }, 1);
    await answer(run, "review", { action: "approve" });
    await nextWait(run, "done");
    expect((await test.node("join")).outputs).toEqual({ text: "ac" });
  });
});

describe("after a restart", () => {
  it("a run that waits still waits, and nobody has to resume it", async () => {
    const store = createMemoryStore();
    await open(reviewed(), store);
    const run = await test.start();
    await nextWait(run);
    await test.engine.close();
    await open(reviewed(), store);
    expect(await test.statuses()).toEqual({ draft: "done", review: "waiting", print: "queued" });
    expect((await test.node("review")).ask?.questions).toEqual([{ values: { text: "draft of cats" } }]);
    const { events, ended } = follow(run);
    await sleep(20);
    await answer(run, "review", { action: "approve" });
    await ended;
    expect(types(events)).toContain("node-waiting review");
    expect(events.at(-1)?.type).toBe("run-done");
    expect(calls).toEqual(["print"]);
  });

  it("a run without a sheet is answered as well", async () => {
    const store = createMemoryStore();
    await open(reviewed(), store);
    const { id } = await test.engine.startRun(LOCAL, { mode: "all", nodes: [] });
    await nextWait(id);
    await test.engine.close();
    await open(reviewed(), store);
    expect((await test.engine.run(LOCAL, id))?.asks).toEqual({
      review: [{ values: { text: "draft of cats" } }],
    });
    await answer(id, "review", { action: "approve" });
    await nextWait(id, "done");
    expect(calls).toEqual(["print"]);
  });

  it("with another script it asks nothing that is out of date", async () => {
    const store = createMemoryStore();
    await open(reviewed(), store);
    const run = await test.start();
    await nextWait(run);
    await test.engine.close();
    const topic = Textbox({ label: "Topic", value: "cats" });
    const draft = new FnNode(({ topic: of }: { topic: string }) => `new script about ${of}`, {
      name: "draft",
      inputs: { topic },
      outputs: { text: Textbox() },
    });
    const review = new ApproveNode({ name: "review", inputs: { text: draft.text } });
    await open(graphOf(draft, review), store);
    expect((await test.engine.openSheet(LOCAL, test.sheet)).view.interrupted).toMatchObject({ id: run });
    await expect(answer(run, "review", { action: "approve" })).rejects.toMatchObject({ code: "NOT_WAITING" });
    await test.engine.resume(LOCAL, run);
    await nextWait(run);
    expect((await test.node("review")).ask?.questions).toEqual([
      { values: { text: "new script about cats" } },
    ]);
  });
});
