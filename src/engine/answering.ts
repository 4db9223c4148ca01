import { setTimeout as sleep } from "node:timers/promises";
import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { activeBehaviour, type NodeDefinition } from "../graph/definition.ts";
import type { Caller } from "../graph/step.ts";
import type { Answer } from "../protocol/ask.ts";
import type { RunRecord, Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { GiveAnswer } from "./engine.ts";
import { checkValue, unknownNode } from "./field-values.ts";
import type { LiveRun } from "./live-run.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { onBehalfOf } from "./on-behalf-of.ts";
import { alreadyAnswered, PendingAnswers } from "./pending-answers.ts";
import type { Runs } from "./runs.ts";
import { continueRun } from "./start-run.ts";
import { forgetOnSheet } from "./tell-sheet.ts";

/** So often another process is given time to come to rest again. */
const ATTEMPTS = 40;
const PAUSE_MS = 50;

/** Answers to the runs of one engine, one at a time for each run. */
export class Answering {
  readonly #context: EngineContext;
  readonly #runs: Runs;
  readonly #openSheet: (scope: Scope, sheet: string) => Promise<LiveSheet>;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(
    context: EngineContext,
    runs: Runs,
    openSheet: (scope: Scope, sheet: string) => Promise<LiveSheet>,
  ) {
    this.#context = context;
    this.#runs = runs;
    this.#openSheet = openSheet;
  }

  /** A run at rest goes on for the caller; one that is still going on, for whoever started it. */
  async answer(scope: Scope, id: string, given: GiveAnswer, caller?: Caller): Promise<void> {
    const record = this.#runs.live(scope, id)?.record ?? (await this.#context.store.run(scope, id));
    if (record === undefined) throw new DaggrError("RUN_NOT_FOUND", "There is no such run.");
    const checked = { ...given, answer: await this.#check(scope, record, given) };
    await this.#inTurn(id, () => this.#give(scope, id, checked, caller));
  }

  /** Takes back one question of a run that waits for others too; where it is the only one, the run ends. */
  async stop(scope: Scope, id: string, node?: string): Promise<boolean> {
    await this.#runs.live(scope, id)?.rested();
    const record = node === undefined ? undefined : await this.#context.store.run(scope, id);
    const waiting = Object.keys(record?.nodes ?? {}).filter(
      (name) => record?.nodes[name]?.status === "waiting",
    );
    if (node === undefined || record?.status !== "waiting" || !waiting.includes(node) || waiting.length === 1)
      return this.cancel(scope, id, node);
    const answer = { action: "reject", values: "Stopped." } as const;
    await this.#inTurn(id, () => this.#give(scope, id, { node, answer }));
    return true;
  }

  /** Ends a run that waits; `false` when it does not, or when another process is at it. */
  cancel(scope: Scope, id: string, node?: string): Promise<boolean> {
    return this.#inTurn(id, async () => {
      const { store } = this.#context;
      await this.#runs.live(scope, id)?.rested();
      const record = await store.run(scope, id);
      if (record?.status !== "waiting") return false;
      if (node !== undefined && record.nodes[node]?.status !== "waiting") return false;
      const sheet = record.sheet === null ? undefined : await this.#openSheet(scope, record.sheet);
      if (!(await store.claimRun(scope, id))) return false;
      const endedAt = Date.now();
      const lastSeq = record.lastSeq + 1;
      const waiting = Object.entries(record.nodes).filter(([, { status }]) => status === "waiting");
      await store.commit(scope, {
        runNodes: waiting.map(([node, { asked: _, ...state }]) => ({
          run: id,
          node,
          state: { ...state, status: "cancelled" },
        })),
        runs: [{ run: id, status: "cancelled", endedAt, lastSeq }],
      });
      await this.#runs.cancelled(scope, id, lastSeq, endedAt - record.startedAt);
      const nodes = Object.values(record.nodes);
      const done = nodes.filter(({ status }) => status !== "waiting" && status !== "reused").length;
      const { startedAt } = record;
      if (sheet !== undefined)
        forgetOnSheet(sheet, { id, status: "cancelled", startedAt, total: nodes.length, done });
      return true;
    });
  }

  async #give(scope: Scope, id: string, given: GiveAnswer, caller?: Caller): Promise<void> {
    const { node, item, answer } = given;
    const expected = { node, item };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const live = this.#runs.live(scope, id);
      if (live !== undefined && this.#runs.isActive(scope, id)) {
        const open = [...(live.tracker.asks.get(node)?.keys() ?? [])];
        const items = item === undefined ? open : open.filter((each) => each === item);
        const kept = items.length === 0 ? undefined : live.answer(expected, items, answer);
        if (kept !== undefined) return kept;
        if (!live.isAtRest) throw notWaiting(live.record, given);
        await live.rested();
        continue;
      }
      const record = await this.#context.store.run(scope, id);
      if (record === undefined) throw new DaggrError("RUN_NOT_FOUND", "There is no such run.");
      if (record.status === "waiting") {
        if (record.nodes[node]?.status !== "waiting") throw notWaiting(record, given);
        // Read before the run is ours: while it is, a sheet that is read anew does not know what it asks.
        const sheet = record.sheet === null ? undefined : await this.#openSheet(scope, record.sheet);
        if (await this.#context.store.claimRun(scope, id)) {
          return this.#goOn(scope, record, sheet, given, caller);
        }
      } else if (record.status !== "running") throw notWaiting(record, given);
      await sleep(PAUSE_MS);
    }
    throw new DaggrError(
      "RUN_ELSEWHERE",
      "Another process is at work on this run. Answer there, or here once it waits for nothing else.",
      { node },
    );
  }

  async #goOn(
    scope: Scope,
    record: RunRecord,
    sheet: LiveSheet | undefined,
    { node, item, answer }: GiveAnswer,
    caller: Caller | undefined,
  ): Promise<void> {
    const { id } = record;
    const answers = new PendingAnswers();
    const kept = answers.expect({ node, item });
    let live: LiveRun;
    try {
      const asked = record.nodes[node]?.asked;
      const given = { node, item, asked, answer, refuse: kept.forget };
      const log = this.#runs.logOf(scope, record);
      live = await continueRun(onBehalfOf(this.#context, caller), scope, record, sheet, answers, given, log);
    } catch (error) {
      const { lastSeq } = record;
      const runs = [{ run: id, status: "waiting" as const, endedAt: null, lastSeq }];
      await this.#context.store.commit(scope, { runs });
      throw error;
    }
    this.#runs.add(live);
    try {
      await kept.promise;
    } catch (error) {
      // Whoever tries again finds the run at rest.
      await live.ended;
      throw error;
    }
  }

  /** Its shape, and its values against the components of the step's outputs. */
  async #check(scope: Scope, record: RunRecord, given: GiveAnswer): Promise<Answer> {
    const { definition, store } = this.#context;
    const node = definition.nodes.get(given.node);
    if (node === undefined) throw unknownNode(definition, given.node);
    const variant = record.variants[node.name] ?? 0;
    if (activeBehaviour(node, variant).asks === undefined)
      throw new DaggrError("ASKS_NOBODY", `Step '${node.name}' asks nobody: it runs by itself.`, {
        node: node.name,
      });
    checkItem(node, given);
    const { answer } = given;
    if (!("values" in answer) || typeof answer.values !== "object") return answer;
    const outputs = (node.variants[variant] ?? node).outputs;
    const values: Record<string, unknown> = {};
    for (const [port, value] of Object.entries(answer.values)) {
      const component = outputs.get(port);
      if (component === undefined) throw unknownPort(node.name, port, [...outputs.keys()]);
      values[port] =
        component === null
          ? value
          : await checkValue(store, scope, `${node.name}__${port}`, component, value);
    }
    return { ...answer, values } as Answer;
  }

  #inTurn<T>(run: string, work: () => Promise<T>): Promise<T> {
    const done = (this.#turns.get(run) ?? Promise.resolve()).then(work);
    const settled = done.then(
      () => {},
      () => {},
    );
    this.#turns.set(run, settled);
    settled.then(() => {
      if (this.#turns.get(run) === settled) this.#turns.delete(run);
    });
    return done;
  }
}

export function unknownPort(node: string, port: string, known: readonly string[]): DaggrError {
  return new DaggrError(
    "PORT_NOT_FOUND",
    `Step '${node}' has no output '${port}'.${didYouMean(port, known)} It has: ${known.join(", ")}.`,
    { node, port },
  );
}

function checkItem({ name, scattered }: NodeDefinition, { item, answer }: GiveAnswer): void {
  if (!scattered && item !== undefined)
    throw new DaggrError("INVALID_ANSWER", `Step '${name}' asks once, not once per item. Leave out 'item'.`, {
      node: name,
    });
  if (!scattered || item !== undefined) return;
  // What is said of all at once is a yes or a no.
  const isForAll = "action" in answer && !(answer.action === "approve" && answer.values !== undefined);
  if (isForAll) return;
  throw new DaggrError(
    "INVALID_ANSWER",
    `Step '${name}' asks once per item. Say which one with 'item' (0 is the first); only an approval or a rejection can be for all of them.`,
    { node: name },
  );
}

function notWaiting(record: RunRecord, { node, item }: GiveAnswer): DaggrError {
  const status = record.nodes[node]?.status;
  if (
    status === "done" ||
    status === "failed" ||
    status === "reused" ||
    (status === "waiting" && record.status !== "interrupted")
  )
    return alreadyAnswered(node, item);
  if (record.status === "interrupted")
    return new DaggrError("NOT_WAITING", "This run was interrupted. Resume it, and it asks again.", { node });
  const run =
    record.status === "running" || record.status === "waiting" ? "" : ` The run is ${record.status}.`;
  return new DaggrError("NOT_WAITING", `Step '${node}' does not wait for an answer.${run}`, { node });
}
