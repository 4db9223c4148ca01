import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine } from "../../src/engine/create-engine.ts";
import { numberField, testGraph } from "../../src/plan/testing.ts";
import { createInvoker } from "../../src/run/invoker.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";

/**
 * A process to be killed. It runs a graph over and over on one sheet (or without one), going on with what was
 * interrupted, and writes down what it executes and what it is told: `exec`, `done`, `end`.
 */
const [database = "", journal = "", where = "sheet", rounds = "1000000"] = process.argv.slice(2);
const scope = { user: "local", graph: "crash" };

const note = (...words: readonly unknown[]): void => appendFileSync(journal, `${words.join(" ")}\n`);
let run = "";

/** Writes down that it is executed, takes its time and returns the value. */
async function step<T>(name: string, ms: number, value: T): Promise<T> {
  note("exec", run, name);
  await sleep(ms);
  return value;
}

const chain = Object.fromEntries(
  [1, 2, 3, 4, 5].map((n) => [
    `n${n}`,
    { inputs: { x: `n${n - 1}.out` }, invoke: ({ x }: any) => step(`n${n}`, 10, x + 1) },
  ]),
);
const definition = testGraph({
  n0: { inputs: { round: numberField({ value: 0 }) }, invoke: ({ round }) => step("n0", 5, round) },
  ...chain,
  list: {
    inputs: { x: "n5.out" },
    invoke: ({ x }) =>
      step(
        "list",
        1,
        Array.from({ length: 300 }, (_, index) => `${x}:${index}`),
      ),
  },
  each: {
    inputs: { v: "list.out.each" },
    invoke: ({ v }, { request }) => step(`each/${request.item}`, 3, `${v}!`),
  },
  join: { inputs: { v: "each.out.all" }, invoke: ({ v }) => step("join", 5, v.join(" ")) },
});

const store = new SqliteStore({ path: database });
const engine = createEngine({ definition, store, invoker: createInvoker(definition, store.files) });
const [sheet] = await engine.sheets(scope);
const onSheet = where === "sheet" && sheet !== undefined ? { sheet: sheet.id } : {};
process.send?.("ready");

async function follow(id: string): Promise<void> {
  for await (const { event } of engine.events(scope, id, 0, new AbortController().signal)) {
    if (event.type === "node-done" && !event.reused)
      note(
        "done",
        id,
        event.item === undefined ? event.node : `${event.node}/${event.item}`,
        event.result ?? "",
      );
    else if (event.type === "run-done") note("end", id, JSON.stringify(event.outputs["join"]));
    else if (event.type === "run-failed") note("failed", id, JSON.stringify(event.errors));
  }
}

const [latest] = await store.listRuns(scope, { offset: 0, limit: 1 });
let round = Number(latest?.fields["n0__round"] ?? -1);
if (latest?.status === "interrupted") {
  run = latest.id;
  await engine.resume(scope, run);
  await follow(run);
}
for (let count = 0; count < Number(rounds); count++) {
  round++;
  run = "starting";
  const { id } = await engine.startRun(scope, {
    mode: "all",
    nodes: [],
    fields: { n0__round: round },
    ...onSheet,
  });
  run = id;
  await follow(id);
}
await engine.close();
await store.close();
