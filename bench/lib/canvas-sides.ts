/** What the benchmark of the canvas has to know of each of the two pages. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OurSocket } from "./our-socket.ts";
import { type RunningServer, type StartOptions, startNode, startPython } from "./servers.ts";

export interface Side {
  readonly name: "ours" | "daggr";
  start(options?: StartOptions): Promise<RunningServer>;
  /** Selectors: a card, what is under the cards, the run button of step `n0`, the field it reads. */
  readonly card: string;
  readonly ground: string;
  readonly run: string;
  readonly field: string;
  /** Part of the message that tells the end of a run. */
  readonly end: string;
  /** Runs every step once and copies the results, until each of the first `nodes` steps has so many. */
  fill(server: RunningServer, nodes: number, each: number): Promise<void>;
}

export const ours: Side = {
  name: "ours",
  start: (options) => startNode("canvas", { ...options, hasChannel: true }),
  card: ".svelte-flow__node",
  ground: ".svelte-flow__pane",
  run: '[data-node="n0"] .go',
  field: '[data-node="inputs:n0__text"] textarea, [data-node="inputs:n0__text"] input',
  end: '"status":"done","startedAt"',
  async fill({ url, folder }, nodes, each) {
    const socket = await OurSocket.open(url);
    const done = new Promise<void>((resolve) => {
      socket.onMessage = (message) => message.type === "run" && message.run.status === "done" && resolve();
    });
    await socket.ask({ type: "run", mode: "all", nodes: [] });
    await done;
    socket.close();
    change(folder, (database) => {
      const columns = (database.prepare("PRAGMA table_info(results)").all() as { name: string }[])
        .map(({ name }) => name)
        .filter((name) => name !== "number");
      const copied = columns.map((name) =>
        name === "id" ? "id || '-' || n" : name === "ordinal" ? "ordinal + n" : name,
      );
      database.exec(
        `INSERT INTO results (${columns}) WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ${each - 1})
         SELECT ${copied} FROM results, count WHERE ${each} > 1 AND results.number <= (SELECT max(number) FROM results)
         AND CAST(substr(node, 2) AS INTEGER) < ${nodes};
         UPDATE sheet_nodes SET results = (SELECT count(*) FROM results WHERE results.sheet = sheet_nodes.sheet AND results.node = sheet_nodes.node);`,
      );
    });
  },
};

export const daggr: Side = {
  name: "daggr",
  start: (options) => startPython("canvas", options),
  card: ".node",
  ground: ".canvas",
  run: ".run-btn",
  field: ".node input.gr-input:not([disabled])",
  end: '"completed_node"',
  async fill({ url, folder }, nodes, each) {
    // From outside, a step at a time would take a minute and more: one is run, and its row is copied for all.
    const created = await fetch(`${url}/api/sheets`, {
      method: "POST",
      body: JSON.stringify({ name: "bench" }),
    });
    const { sheet } = (await created.json()) as { sheet: { sheet_id: string } };
    const { runOnDaggr } = await import("./daggr-socket.ts");
    await runOnDaggr(url, "n0", 1);
    change(folder, (database) => {
      database.exec(
        `INSERT INTO node_results (sheet_id, node_name, result, inputs_snapshot, created_at)
         WITH RECURSIVE node(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM node WHERE i < ${nodes - 1}),
         count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ${each})
         SELECT '${sheet.sheet_id}', 'n' || i, replace(result, '/0.png', '/' || (i % 100) || '.png'), inputs_snapshot, created_at
         FROM node, count, (SELECT * FROM node_results LIMIT 1);
         UPDATE sheets SET updated_at = '9' WHERE sheet_id = '${sheet.sheet_id}';`,
      );
    });
  },
};

function change(folder: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(join(folder, "bench.db"), { timeout: 10_000 });
  try {
    work(database);
  } finally {
    database.close();
  }
}
