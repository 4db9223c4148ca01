// 500 pages open, 64 runs going on all the time: does memory stay, and does every page hear of everything?
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { measure, say } from "./lib/measure.ts";
import { OurSocket } from "./lib/our-socket.ts";
import { PageListener } from "./lib/page-listener.ts";
import { startNode } from "./lib/servers.ts";
import { median } from "./lib/statistics.ts";

const SOCKETS = 500;
const SHEETS = 64;

await measure(async ({ isShort }) => {
  const seconds = isShort ? 45 : 300;
  const settleSeconds = isShort ? 15 : 60;
  const server = await startNode("soak", { hasChannel: true });
  const sockets: OurSocket[] = [];
  let isStopping = false;
  try {
    const first = await OurSocket.open(server.url);
    sockets.push(first);
    const sheets: string[] = [];
    for (let index = 0; index < SHEETS; index++)
      sheets.push((await first.ask({ type: "create-sheet", name: `soak ${index}` })).id);
    const listeners: PageListener[] = [];
    for (let index = 0; index < SOCKETS; index++) {
      const socket = index === 0 ? first : await OurSocket.open(server.url);
      if (index > 0) sockets.push(socket);
      const listener = new PageListener();
      socket.onMessage = (message) => listener.hear(message);
      await socket.ask({ type: "open-sheet", sheet: sheets[index % SHEETS] });
      listeners.push(listener);
    }
    say(`${SOCKETS} sockets on ${SHEETS} sheets, for ${seconds} s`);

    // The first page of each sheet starts the next run when the last one is done.
    const ids = new Map<string, string[]>();
    const drive = async (index: number) => {
      const started: string[] = [];
      ids.set(sheets[index]!, started);
      while (!isStopping) {
        const { id } = await sockets[index]!.ask({ type: "run", mode: "all", nodes: [] });
        started.push(id);
        await listeners[index]!.ended(id);
      }
    };
    const memory: { readonly at: number; readonly heapMb: number; readonly residentMb: number }[] = [];
    const begun = performance.now();
    const drivers = Promise.all(sheets.map((_, index) => drive(index)));
    const died = once(server.child, "exit").then(() => {
      if (!isStopping) throw new Error("The server ended.");
    });
    const watch = async () => {
      for (let at = 5; at <= seconds; at += 5) {
        await delay(begun + at * 1_000 - performance.now());
        const { heapUsed, rss } = await memoryOf(server.child);
        memory.push({ at, heapMb: heapUsed / 2 ** 20, residentMb: rss / 2 ** 20 });
        const last = memory.at(-1)!;
        if (at % 15 === 0)
          say(`${at} s: heap ${last.heapMb.toFixed(1)} MB, resident ${last.residentMb.toFixed(0)} MB`);
      }
      isStopping = true;
    };
    await Promise.race([Promise.all([watch(), drivers]), died]);
    await delay(1_000);
    died.catch(() => {});

    let lost = 0;
    let told = 0;
    listeners.forEach((listener, index) => {
      lost += listener.lost(ids.get(sheets[index % SHEETS]!)!, 3);
      told += listener.messages;
      if (!sockets[index]!.isOpen) lost += 1;
    });
    const runs = [...ids.values()].reduce((sum, list) => sum + list.length, 0);
    say(`${runs} runs, ${told} messages`);
    // The middle of the time after settling against its end: once around each, so that no single moment counts.
    const settled = memory.filter(({ at }) => at > settleSeconds);
    const third = Math.max(1, Math.floor(settled.length / 3));
    const growth = (key: "heapMb" | "residentMb") =>
      median(settled.slice(-third).map((sample) => sample[key])) /
      median(settled.slice(0, third).map((sample) => sample[key]));
    return [
      {
        work: `${SOCKETS} sockets, ${SHEETS} runs at once for ${seconds} s: heap after collecting, end against after ${settleSeconds} s`,
        unit: "x",
        better: "lower",
        ours: growth("heapMb"),
        goal: "flat (at most 1.1)",
        isMet: growth("heapMb") <= 1.1,
      },
      {
        work: "the same: resident memory, end against beginning",
        unit: "x",
        better: "lower",
        ours: growth("residentMb"),
        goal: "flat (at most 1.1)",
        isMet: growth("residentMb") <= 1.1,
      },
      {
        work: "the same: resident memory at the end",
        unit: "MB",
        better: "lower",
        ours: memory.at(-1)!.residentMb,
        goal: "",
      },
      {
        work: `the same: events lost, of ${told.toLocaleString("en")} told in ${runs.toLocaleString("en")} runs`,
        unit: "events",
        better: "lower",
        ours: lost,
        goal: "0",
        isMet: lost === 0,
      },
    ];
  } finally {
    isStopping = true;
    for (const socket of sockets) socket.close();
    await server.stop();
  }
});

async function memoryOf(child: ChildProcess): Promise<NodeJS.MemoryUsage> {
  child.send("memory");
  const [usage] = (await once(child, "message", { signal: AbortSignal.timeout(10_000) })) as [
    NodeJS.MemoryUsage,
  ];
  return usage;
}
