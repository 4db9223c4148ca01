import fc from "fast-check";
import { expect, test } from "vitest";
import type { ResultRecord } from "../graph/result.ts";
import type { StepContext } from "../graph/step.ts";
import { TestSheet, testGraph } from "../plan/testing.ts";
import type { RunMode } from "../protocol/plan.ts";
import { Limits } from "./limits.ts";
import { runOnSheet, type TestRun } from "./testing.ts";
import {
  compute,
  type Inputs,
  type RandomNode,
  type RandomSource,
  randomGraph,
  toTestNodes,
} from "./testing-graphs.ts";

type Step =
  | { readonly type: "field"; readonly node: number; readonly value: number }
  | { readonly type: "version"; readonly node: number }
  | { readonly type: "variant"; readonly node: number }
  | { readonly type: "edit"; readonly node: number; readonly value: number }
  | { readonly type: "failures"; readonly nodes: readonly number[] }
  | {
      readonly type: "run";
      readonly mode: RunMode;
      readonly node: number;
      readonly cancelAt: number | null;
      readonly resume: boolean;
      readonly cancelNode: boolean;
    };

const node = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("field" as const), node, value: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("version" as const), node }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("variant" as const), node }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("edit" as const), node, value: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("failures" as const), nodes: fc.array(node, { maxLength: 2 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("run" as const),
      mode: fc.constantFrom<RunMode>("stale", "stale", "all", "to", "from", "step"),
      node,
      cancelAt: fc.option(fc.nat(25), { nil: null, freq: 3 }),
      resume: fc.boolean(),
      cancelNode: fc.integer({ min: 0, max: 4 }).map((value) => value === 0),
    }),
  },
);

interface Call {
  readonly node: string;
  readonly item: number | undefined;
  readonly inputs: Inputs;
}

/** A sheet, and beside it a model that is too simple to be wrong: inputs by value, no hashes, no events. */
class World {
  readonly nodes: readonly RandomNode[];
  readonly sheet = new TestSheet();
  readonly limits = new Limits();
  readonly versions: Record<string, number> = {};
  failing: ReadonlySet<string> = new Set();
  calls: Call[] = [];
  #random: number;
  #draws = 0;
  #runs = 0;
  #active: RandomNode[] = [];

  constructor(nodes: readonly RandomNode[], seed: number) {
    this.nodes = nodes;
    this.#random = seed;
  }

  next(): number {
    this.#random = (this.#random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return this.#random;
  }

  definition() {
    const draw = () => ++this.#draws;
    return testGraph(
      toTestNodes(
        this.nodes,
        (each, inputs, context) => this.#invoke(each, inputs, context),
        draw,
        this.versions,
      ),
    );
  }

  async #invoke(each: RandomNode, inputs: Inputs, { request, signal }: StepContext): Promise<unknown> {
    this.calls.push({ node: each.name, item: request.item, inputs });
    this.#active.push(each);
    this.#checkLimits();
    try {
      for (let turns = this.next() % 4; turns > 0; turns--) {
        if (this.next() % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
        else await undefined;
      }
      // A step that is cancelled and does not care is not under a limit any more.
      if (signal.aborted) throw new Error("aborted");
      if (
        this.failing.has(each.name) &&
        (request.item === undefined || ((inputs.field as number | undefined) ?? request.item) % 2 === 0)
      )
        throw new Error("fails");
      return compute(each, inputs);
    } finally {
      this.#active.splice(this.#active.indexOf(each), 1);
    }
  }

  #checkLimits(): void {
    if (this.isCancelling) return;
    const session = this.#active.filter((each) => each.concurrency.type === "session");
    expect(session.length).toBeLessThanOrEqual(1);
    expect(this.#active.filter((each) => each.concurrency.type === "group").length).toBeLessThanOrEqual(2);
    for (const each of this.#active) {
      if (each.concurrency.type !== "free") continue;
      expect(this.#active.filter((other) => other === each).length).toBeLessThanOrEqual(
        each.isScattered ? each.concurrency.maxItems : 1,
      );
    }
  }

  isCancelling = false;

  /** Resolves when no step is under way, not even a cancelled one. */
  async idle(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, 0));
    while (this.#active.length > 0);
  }

  variantOf(each: RandomNode): number {
    return this.sheet.variants[each.name] ?? 0;
  }

  sourcesOf(each: RandomNode): readonly RandomSource[] {
    return each.variants[this.variantOf(each)] ?? [];
  }

  /** The inputs that a node would get now, without what is drawn; `undefined` when something upstream has no result. */
  inputsNow(
    each: RandomNode,
  ): { shared: Record<string, unknown>; items: Record<string, unknown>[] | undefined } | undefined {
    const shared: Record<string, unknown> = {};
    let items: Record<string, unknown>[] | undefined;
    const prefix = each.variants.length > 1 ? `variant_${this.variantOf(each)}_` : "";
    if (each.hasField) shared.field = this.sheet.fields[`${each.name}__${prefix}field`] ?? 1;
    for (const { from, how } of this.sourcesOf(each)) {
      const result = this.sheet.selected.get(`n${from}`);
      if (result === undefined) return undefined;
      const value = result.outputs.out;
      if (how === "plain" || how === "all") shared[`in${from}`] = value;
      else items = (value as unknown[]).map((item) => ({ [`in${from}`]: item }));
    }
    return { shared, items: items?.map((item) => ({ ...shared, ...item })) };
  }

  /** What the selected result of a node was made from, by value. */
  key(each: RandomNode): string {
    return JSON.stringify([
      this.versions[each.name] ?? 0,
      this.variantOf(each),
      sorted(this.inputsNow(each)?.shared ?? {}),
      this.inputsNow(each)?.items?.map(sorted),
    ]);
  }

  runId(): string {
    return `run${++this.#runs}`;
  }

  get(index: number): RandomNode {
    return this.nodes[index % this.nodes.length] as RandomNode;
  }
}

function sorted(inputs: Inputs): unknown[] {
  return Object.entries(inputs)
    .filter(([name]) => name !== "drawn")
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function itemKey(world: World, each: RandomNode, inputs: Inputs): string {
  return JSON.stringify([world.versions[each.name] ?? 0, world.variantOf(each), sorted(inputs)]);
}

/** What the model remembers: from what each selected result was made, and which items are known. */
class Memory {
  readonly keys = new Map<string, string>();
  readonly items = new Map<string, Set<string>>();
}

test("a run executes exactly what is stale, in order, and never lies", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      randomGraph,
      fc.array(step, { minLength: 2, maxLength: 14 }),
      fc.nat(),
      async (nodes, steps, seed) => {
        const world = new World(nodes, seed);
        const memory = new Memory();
        for (const each of steps) {
          if (each.type === "run") await runAndCheck(world, memory, each);
          else change(world, each);
        }
        // Whatever happened before: without failures one more run makes everything right, and another does nothing.
        world.failing = new Set();
        const last = { mode: "stale" as const, node: -1, cancelAt: null, resume: false, cancelNode: false };
        await runAndCheck(world, memory, { type: "run", ...last });
        checkValues(world);
        world.calls = [];
        const run = await runOnSheet(world.definition(), world.sheet, { limits: world.limits });
        expect(world.calls).toEqual([]);
        expect(run.end.type).toBe("run-done");
      },
    ),
    {
      numRuns: Number(process.env.PROPERTY_RUNS ?? 300),
      ...(process.env.PROPERTY_SEED === undefined ? {} : { seed: Number(process.env.PROPERTY_SEED) }),
    },
  );
});

function change(world: World, step: Exclude<Step, { type: "run" }>): void {
  if (step.type === "failures") {
    world.failing = new Set(step.nodes.map((index) => world.get(index).name));
    return;
  }
  const each = world.get(step.node);
  if (step.type === "version") world.versions[each.name] = (world.versions[each.name] ?? 0) + 1;
  else if (step.type === "variant")
    world.sheet.variants[each.name] = world.variantOf(each) === 0 && each.variants.length > 1 ? 1 : 0;
  else if (step.type === "field") {
    const prefix = each.variants.length > 1 ? `variant_${world.variantOf(each)}_` : "";
    world.sheet.fields[`${each.name}__${prefix}field`] = step.value;
  } else {
    const result = world.sheet.selected.get(each.name);
    if (result === undefined || each.isList || each.isScattered) return;
    world.sheet.selected.set(each.name, {
      ...result,
      id: `${result.id}~`,
      outputs: { out: step.value },
      edited: true,
    });
  }
}

async function runAndCheck(
  world: World,
  memory: Memory,
  step: Extract<Step, { type: "run" }>,
): Promise<void> {
  const targets =
    step.mode === "stale" || step.mode === "all"
      ? step.node % 2 === 0
        ? [world.get(step.node).name]
        : []
      : [world.get(step.node).name];
  const runId = world.runId();
  const first = await runOnce(world, memory, step, targets, runId, step.cancelAt);
  if (step.cancelAt !== null && step.resume && first.end.type === "run-cancelled") {
    const finished = finishedIn(first);
    world.calls = [];
    const again = await runOnce(world, memory, step, targets, runId, null);
    // What the interrupted run had finished is not run again.
    for (const call of world.calls) expect(finished).not.toContain(`${call.node}/${call.item ?? ""}`);
    expect(again.end.type).not.toBe("run-cancelled");
  }
}

function finishedIn(run: TestRun): string[] {
  return run
    .of("node-done")
    .filter((event) => !event.reused)
    .map((event) => `${event.node}/${event.item ?? ""}`);
}

async function runOnce(
  world: World,
  memory: Memory,
  step: Extract<Step, { type: "run" }>,
  targets: readonly string[],
  runId: string,
  cancelAt: number | null,
): Promise<TestRun> {
  const before = new Map(world.sheet.selected);
  const controller = new AbortController();
  world.calls = [];
  world.isCancelling = false;
  let count = 0;
  const done = new Set<string>();
  const run = await runOnSheet(world.definition(), world.sheet, {
    mode: step.mode,
    targets,
    runId,
    limits: world.limits,
    signal: controller.signal,
    onNotice(notice, handle) {
      const { event } = notice;
      if (event.type === "node-started" && event.item === undefined)
        checkUpstreamEnded(world, event.node, done, run0);
      if (event.type === "run-started")
        run0 = new Set(
          event.plan.entries.filter((entry) => entry.reason !== "taken as it is").map((entry) => entry.node),
        );
      if (event.type === "node-done" && event.item === undefined) done.add(event.node);
      if (cancelAt !== null && count++ === cancelAt) {
        world.isCancelling = true;
        if (step.cancelNode && !step.resume) for (const each of world.nodes) handle.cancelNode(each.name);
        else controller.abort();
      }
    },
  });
  // Steps that were cancelled may still be winding up.
  await world.idle();
  checkTerminals(run);
  if (cancelAt === null) checkExecuted(world, memory, step.mode, targets, run, before);
  remember(world, memory, run);
  if (run.end.type === "run-done")
    for (const [name, outputs] of Object.entries(run.end.outputs))
      expect(outputs).toEqual(world.sheet.selected.get(name)?.outputs);
  return run;
}

let run0: ReadonlySet<string> = new Set();

function checkUpstreamEnded(
  world: World,
  name: string,
  done: ReadonlySet<string>,
  scope: ReadonlySet<string>,
): void {
  const each = world.nodes.find((other) => other.name === name) as RandomNode;
  for (const { from } of world.sourcesOf(each)) if (scope.has(`n${from}`)) expect(done).toContain(`n${from}`);
}

/** Every node and item that was started ends with exactly one terminal event, and nothing is told after it. */
function checkTerminals(run: TestRun): void {
  const ended = new Set<string>();
  const started = new Set<string>();
  for (const event of run.events) {
    if (!("node" in event)) continue;
    const key = `${event.node}/${"item" in event && event.item !== undefined ? event.item : ""}`;
    expect(ended, `${event.type} of ${key} after its end`).not.toContain(key);
    if (event.type === "node-started") started.add(key);
    const isEnd =
      event.type === "node-done" ||
      event.type === "node-cancelled" ||
      event.type === "node-blocked" ||
      (event.type === "node-failed" && event.willRetryInMs === undefined);
    if (isEnd) ended.add(key);
    // A node ends after its items; an item of a cancelled node ends with it.
    if (isEnd && key.endsWith("/")) for (const other of started) if (other.startsWith(key)) ended.add(other);
  }
  for (const key of started) expect(ended).toContain(key);
  expect(run.events.filter((event) => /^run-(done|failed|cancelled)$/.test(event.type)).length).toBe(1);
}

/** The nodes that ran are those that had to: by value, not by fingerprint. */
function checkExecuted(
  world: World,
  memory: Memory,
  mode: RunMode,
  targets: readonly string[],
  run: TestRun,
  before: ReadonlyMap<string, ResultRecord>,
): void {
  const scope = scopeOf(world, mode, targets);
  const always = mode === "all" ? scope : new Set(mode === "stale" ? [] : targets);
  const executed = new Set(run.executed);
  const failedOrBlocked = new Set(
    [
      ...run.of("node-failed").filter((event) => event.item === undefined),
      ...run.of("node-blocked"),
      ...run.of("node-cancelled"),
    ].map((event) => event.node),
  );
  for (const each of world.nodes) {
    const { name } = each;
    if (!scope.has(name)) {
      expect(executed).not.toContain(name);
      continue;
    }
    const upstream = world.sourcesOf(each).map(({ from }) => `n${from}`);
    const isBlocked = upstream.some((from) =>
      scope.has(from) ? failedOrBlocked.has(from) : !before.has(from),
    );
    expect(run.of("node-blocked", name).length > 0, `${name} blocked`).toBe(isBlocked);
    if (isBlocked) continue;
    const old = before.get(name);
    const isFresh = old !== undefined && memory.keys.get(old.id.replace(/~+$/, "")) === world.key(each);
    const own = old?.run === (run.events[0] as { run: string }).run;
    const mustRun = !isFresh || (always.has(name) && !own);
    expect(executed.has(name), `${name} executed, mode ${mode}, fresh ${isFresh}`).toBe(mustRun);
    if (mustRun && each.isScattered)
      checkItems(world, memory, each, always.has(name) && (mode === "all" || isFresh), run, old);
  }
}

function checkItems(
  world: World,
  memory: Memory,
  each: RandomNode,
  isAnew: boolean,
  run: TestRun,
  _old: ResultRecord | undefined,
): void {
  const called = world.calls.filter((call) => call.node === each.name);
  const now = world.inputsNow(each)?.items ?? [];
  const runId = (run.events[0] as { run: string }).run;
  const known = memory.items.get(isAnew ? `${each.name}/${runId}` : each.name) ?? new Set();
  const expected = now.filter((inputs) => !known.has(itemKey(world, each, inputs)));
  const keys = (list: readonly Inputs[]) => list.map((inputs) => itemKey(world, each, inputs)).sort();
  expect(keys(called.map((call) => call.inputs)), `items of ${each.name}`).toEqual(keys(expected));
}

function remember(world: World, memory: Memory, run: TestRun): void {
  const runId = (run.events[0] as { run: string }).run;
  for (const { result } of run.notices) {
    if (result === undefined) continue;
    const each = world.nodes.find((other) => other.name === result.node) as RandomNode;
    memory.keys.set(result.id, world.key(each));
    if (result.items !== null) {
      const now = world.inputsNow(each)?.items ?? [];
      const known = new Set<string>();
      const own = new Set<string>();
      let position = 0;
      for (const item of result.items) {
        if (item.error?.code === "LEFT_OUT") continue;
        const inputs = now[position++];
        if (inputs === undefined || item.error !== undefined) continue;
        known.add(itemKey(world, each, inputs));
        if (item.run === runId) own.add(itemKey(world, each, inputs));
      }
      memory.items.set(each.name, known);
      memory.items.set(`${each.name}/${runId}`, own);
    }
  }
  const completed = new Set(run.notices.flatMap(({ result }) => (result === undefined ? [] : [result.node])));
  for (const { item } of run.notices) {
    if (item === undefined || item.record.error !== undefined || completed.has(item.node)) continue;
    const each = world.nodes.find((other) => other.name === item.node) as RandomNode;
    const call = world.calls.find((other) => other.node === item.node && other.item === item.record.index);
    if (call === undefined) continue;
    for (const name of [item.node, `${item.node}/${runId}`]) {
      const known = memory.items.get(name) ?? new Set();
      memory.items.set(name, known.add(itemKey(world, each, call.inputs)));
    }
  }
}

function scopeOf(world: World, mode: RunMode, targets: readonly string[]): Set<string> {
  if (mode === "step") return new Set(targets);
  if ((mode === "stale" || mode === "all") && targets.length === 0)
    return new Set(world.nodes.map((each) => each.name));
  const scope = new Set(targets);
  const ordered = mode === "from" ? world.nodes : [...world.nodes].reverse();
  for (const each of ordered) {
    const upstream = world.sourcesOf(each).map(({ from }) => `n${from}`);
    if (mode === "from" && upstream.some((from) => scope.has(from))) scope.add(each.name);
    if (mode !== "from" && scope.has(each.name)) for (const from of upstream) scope.add(from);
  }
  return scope;
}

/** Every selected result is what its node gives for what is upstream now, with the values that it drew. */
function checkValues(world: World): void {
  for (const each of world.nodes) {
    const result = world.sheet.selected.get(each.name) as ResultRecord;
    expect(result, each.name).toBeDefined();
    if (result.edited) continue;
    const now = world.inputsNow(each);
    if (now === undefined) throw new Error("something upstream has no result");
    const drawn = (values: Readonly<Record<string, unknown>>) =>
      each.draws ? { drawn: Object.values(values)[0] } : {};
    if (!each.isScattered)
      expect(result.outputs.out, each.name).toEqual(compute(each, { ...now.shared, ...drawn(result.drawn) }));
    else {
      const items = (result.items ?? []).filter((item) => item.error?.code !== "LEFT_OUT");
      expect(items.length).toBe(now.items?.length);
      const values = items.flatMap((item, index) =>
        item.error === undefined ? [compute(each, { ...now.items?.[index], ...drawn(item.drawn) })] : [],
      );
      expect(result.outputs.out, each.name).toEqual(values);
    }
  }
}
