/** A run that waits for a person outlives its process, and may be answered through any other. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const app = new URL("human-app.ts", import.meta.url).pathname;
let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-human-"));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Server {
  readonly executed: string[];
  ask(message: object): Promise<any>;
  status(run: string): Promise<any>;
  kill(): Promise<void>;
}

async function start(): Promise<Server> {
  const child = fork(app, [join(folder, "sessions.db")], { execArgv: ["--no-warnings"] });
  started.push(child);
  const executed: string[] = [];
  let answered: ((message: any) => void) | undefined;
  const ready = once(child, "message");
  child.on("message", (message: any) => {
    if (message.executed !== undefined) executed.push(message.executed);
    else if (message.ready === undefined) answered?.(message);
  });
  await ready;
  const ask = (message: object): Promise<any> =>
    new Promise((resolve) => {
      answered = resolve;
      child.send(message);
    });
  return {
    executed,
    ask,
    status: (run) => ask({ type: "look", run }),
    async kill() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

const waits = (server: Server, run: string, status = "waiting") =>
  expect.poll(async () => (await server.status(run)).status, { timeout: 10_000 }).toBe(status);

test("killed while it waits, it waits still, and goes on from the answer alone", async () => {
  const first = await start();
  const { id } = await first.ask({ type: "start" });
  await waits(first, id);
  expect(first.executed).toEqual(["draft"]);
  await first.kill();
  const second = await start();
  expect(await second.status(id)).toMatchObject({
    status: "waiting",
    asks: { review: [{ values: { text: "draft" } }] },
  });
  expect(await second.ask({ type: "answer", run: id, text: "better" })).toEqual({ answered: "better" });
  await waits(second, id, "done");
  expect(second.executed).toEqual(["print"]);
  expect((await second.status(id)).outputs.print).toEqual({ page: "<better>" });
});

test("two servers on one database: either takes the answer, and only one of two", async () => {
  const [first, second] = await Promise.all([start(), start()]);
  const { id } = await first.ask({ type: "start" });
  await waits(first, id);
  await waits(second, id);
  const answers = await Promise.all([
    first.ask({ type: "answer", run: id, text: "one" }),
    second.ask({ type: "answer", run: id, text: "two" }),
  ]);
  await waits(first, id, "done");
  await waits(second, id, "done");
  const taken = answers.filter(({ answered }) => answered !== undefined);
  expect(taken).toHaveLength(1);
  expect(answers.find(({ code }) => code !== undefined)?.code).toBe("ALREADY_ANSWERED");
  expect([...first.executed, ...second.executed]).toEqual(["draft", "print"]);
  for (const server of [first, second])
    expect((await server.status(id)).outputs.print).toEqual({ page: `<${taken[0].answered}>` });
});
