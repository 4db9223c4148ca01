// The canvas beside daggr's own page in one browser, in turns: opening, messages, frames, typing, results, memory.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { launchBrowser, type TestBrowser } from "../test/support/browser.ts";
import { daggr, ours, type Side } from "./lib/canvas-sides.ts";
import { measure, say } from "./lib/measure.ts";
import { droppedShare, PageProbe } from "./lib/page-probe.ts";
import type { Row } from "./lib/row.ts";
import { type RunningServer, type StartOptions, startNode, startPython } from "./lib/servers.ts";
import { interleave, median } from "./lib/statistics.ts";

const sides = [daggr, ours] as const;

await measure(async ({ isShort }) => {
  const browser = await launchBrowser({ expectedErrors: [/./], allowForeignRequests: true });
  const rounds = isShort ? 1 : 5;
  try {
    return [
      ...(await scripts()),
      ...(await largeGraph(browser, isShort ? 200 : 1_000, rounds)),
      ...(await manyResults(browser, isShort)),
      ...(await pictures(browser, isShort ? 20 : 100, isShort ? 1 : 3)),
      ...(await reruns(browser, isShort ? 20 : 1_000)),
    ];
  } finally {
    await browser.close();
  }
});

/** The rest of a row, by what it is about. */
function lower(
  work: string,
  unit: string,
  figures: { daggr?: number; ours: number },
  goal = "",
  isMet?: boolean,
): Row {
  return {
    work,
    unit,
    better: "lower",
    ...figures,
    goal,
    ...(isMet === undefined ? {} : { isMet }),
  };
}

/** Both servers for the time of some work. */
async function withServers<T>(
  options: StartOptions,
  work: (servers: Readonly<Record<Side["name"], RunningServer>>) => Promise<T>,
): Promise<T> {
  const servers = { daggr: await daggr.start(options), ours: await ours.start(options) };
  try {
    return await work(servers);
  } finally {
    await Promise.all([servers.daggr.stop(), servers.ours.stop()]);
  }
}

/** In a tab of its own, from the navigation on. */
async function opened<T>(
  browser: TestBrowser,
  side: Side,
  url: string,
  work: (probe: PageProbe, times: { drawn: number; interactive: number }) => Promise<T>,
): Promise<T> {
  const probe = await PageProbe.make(browser, side);
  try {
    return await work(probe, await probe.open(url));
  } finally {
    await probe.page.close();
  }
}

async function largeGraph(browser: TestBrowser, cards: number, rounds: number): Promise<Row[]> {
  say(`${cards} cards`);
  return withServers({ env: { CARDS: String(cards) } }, async (servers) => {
    const drawn = { daggr: [] as number[], ours: [] as number[] };
    const open = (side: Side) => ({
      run: () =>
        opened(browser, side, servers[side.name].url, async (_probe, times) => {
          drawn[side.name].push(times.drawn);
          return times.interactive;
        }),
    });
    const interactive = await interleave(rounds, { daggr: open(daggr), ours: open(ours) });
    const of = (measured: { daggr: number[]; ours: number[] }) => ({
      daggr: median(measured.daggr),
      ours: median(measured.ours),
    });
    const used = {
      daggr: await use(browser, daggr, servers.daggr.url),
      ours: await use(browser, ours, servers.ours.url),
    };
    const both = (pick: (figures: (typeof used)["ours"]) => number) => ({
      daggr: pick(used.daggr),
      ours: pick(used.ours),
    });
    const dragged = await opened(browser, ours, servers.ours.url, drag);
    const all = of(interactive);
    return [
      lower(`${cards} cards: from the navigation until cards are seen`, "ms", of(drawn)),
      lower("the same: until the page is free to answer for good", "ms", all, "under 1 s", all.ours < 1_000),
      lower(
        "a message about a step, of these cards: script",
        "ms",
        both(({ script }) => script),
        "under 2 ms",
        used.ours.script < 2,
      ),
      lower(
        "the same: its size, the largest",
        "KB",
        both(({ largest }) => largest / 1_000),
        "under 4 KB",
        used.ours.largest < 4_000,
      ),
      lower(
        "the same: all messages of one run of one step",
        "KB",
        both(({ bytes }) => bytes / 1_000),
      ),
      lower(
        "a letter typed into a field, until the frame that shows it",
        "ms",
        both(({ letter }) => letter),
      ),
      lower(
        "heap of the page, after collecting",
        "MB",
        both(({ heap }) => heap),
      ),
      lower(
        "frames missed while moving over the cards",
        "%",
        both(({ missed }) => missed),
      ),
      lower("frames missed while a card is dragged (daggr's cannot be)", "%", { ours: dragged }),
    ];
  });
}

/** What using a large graph costs: one run of one step, typing, moving. */
function use(browser: TestBrowser, side: Side, url: string) {
  return opened(browser, side, url, async (probe) => {
    await probe.rerun(side.run, 1);
    await probe.page.waitForTimeout(1_500);
    const turns = 5;
    probe.received = [];
    const before = await probe.metrics();
    await probe.rerun(side.run, turns);
    await probe.page.waitForTimeout(300);
    const after = await probe.metrics();
    const { received } = probe;
    const letters = await probe.typed(side.field, "abcdefgh");
    const { heapMb } = await probe.metrics(true);
    const missed = droppedShare(await probe.wheel(side.ground, 2, false));
    return {
      script: (after.scriptMs - before.scriptMs) / received.length,
      largest: Math.max(...received),
      bytes: received.reduce((sum, size) => sum + size, 0) / turns,
      letter: median(letters),
      heap: heapMb,
      missed,
    };
  });
}

async function drag(probe: PageProbe): Promise<number> {
  const head = await probe.page.locator('[data-node="n0"] .card-name').boundingBox();
  if (head === null) throw new Error("There is no card to drag.");
  const { mouse } = probe.page;
  await mouse.move(head.x + 4, head.y + 4);
  await mouse.down();
  const gaps = await probe.frames(async () => {
    for (let step = 1; step <= 60; step++) {
      await mouse.move(head.x + step * 4, head.y + step * 2);
      await probe.page.waitForTimeout(12);
    }
  });
  await mouse.up();
  return droppedShare(gaps);
}

async function manyResults(browser: TestBrowser, isShort: boolean): Promise<Row[]> {
  const cases = [
    {
      work: "2 steps, 10,000 results of one, against 10",
      cards: 2,
      nodes: 1,
      few: 10,
      many: isShort ? 1_000 : 10_000,
    },
    ...(isShort
      ? []
      : [
          {
            work: "1,000 steps, 10 results of each, against 1",
            cards: 1_000,
            nodes: 1_000,
            few: 1,
            many: 10,
          },
        ]),
  ];
  const rows: Row[] = [];
  for (const { work, cards, nodes, few, many } of cases) {
    say(work);
    const medians = { daggr: [] as number[], ours: [] as number[] };
    for (const each of [few, many]) {
      await withServers({ env: { CARDS: String(cards) } }, async (servers) => {
        for (const side of sides) await side.fill(servers[side.name], nodes, each);
        const open = (side: Side) => ({
          run: () =>
            opened(browser, side, servers[side.name].url, async (_probe, { interactive }) => interactive),
        });
        const times = await interleave(isShort ? 1 : 4, { daggr: open(daggr), ours: open(ours) });
        // The first time the server reads the sheet; both are to answer the other times, too.
        for (const side of sides) medians[side.name].push(median(times[side.name]));
      });
    }
    const [daggrFew = 0, daggrMany = 0] = medians.daggr;
    const [oursFew = 0, oursMany = 0] = medians.ours;
    rows.push(
      lower(`${work}: opening, with many`, "ms", { daggr: daggrMany, ours: oursMany }),
      lower(
        "the same: with many against with few",
        "x",
        { daggr: daggrMany / daggrFew, ours: oursMany / oursFew },
        "at most 1.25",
        oursMany / oursFew <= 1.25,
      ),
    );
  }
  return rows;
}

async function pictures(browser: TestBrowser, cards: number, rounds: number): Promise<Row[]> {
  say(`${cards} cards with pictures`);
  const folder = mkdtempSync(join(tmpdir(), "daggr-pictures-"));
  try {
    for (let index = 0; index < 100; index++) {
      const noise = { type: "gaussian" as const, mean: 80 + index, sigma: 40 };
      const create = { width: 800, height: 600, channels: 3 as const, background: "white", noise };
      await sharp({ create })
        .png({ compressionLevel: 1 })
        .toFile(join(folder, `${index}.png`));
    }
    return await withServers({ env: { CARDS: String(cards), PICTURES: folder } }, async (servers) => {
      for (const side of sides) await side.fill(servers[side.name], cards, 1);
      const missed = (side: Side, isZoom: boolean) => ({
        run: () =>
          opened(browser, side, servers[side.name].url, async (probe) => {
            await probe.page.waitForTimeout(500);
            return droppedShare(await probe.wheel(side.ground, 2.5, isZoom));
          }),
      });
      const pan = await interleave(rounds, { daggr: missed(daggr, false), ours: missed(ours, false) });
      const zoom = await interleave(rounds, { daggr: missed(daggr, true), ours: missed(ours, true) });
      const of = (measured: { daggr: number[]; ours: number[] }) => ({
        daggr: median(measured.daggr),
        ours: median(measured.ours),
      });
      return [
        lower(
          `${cards} cards with pictures: frames missed while moving`,
          "%",
          of(pan),
          "no more than daggr",
          median(pan.ours) <= median(pan.daggr),
        ),
        lower(
          "the same: while zooming",
          "%",
          of(zoom),
          "no more than daggr",
          median(zoom.ours) <= median(zoom.daggr),
        ),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function reruns(browser: TestBrowser, times: number): Promise<Row[]> {
  say(`${times} runs of one step with the page open`);
  // What is kept for a while is full at half of them: what grows then grows for ever.
  const half = Math.max(1, times / 2);
  return withServers({ env: { CARDS: "20" } }, async (servers) => {
    const grown = (side: Side, first: number, all: number) =>
      opened(browser, side, servers[side.name].url, async (probe) => {
        await probe.rerun(side.run, first);
        const early = await probe.metrics(true);
        const earlyServer = await serverHeap(servers[side.name]);
        await probe.rerun(side.run, all - first);
        const late = await probe.metrics(true);
        const lateServer = await serverHeap(servers[side.name]);
        const server =
          earlyServer === undefined || lateServer === undefined ? undefined : lateServer / earlyServer;
        return {
          heap: late.heapMb / early.heapMb,
          nodes: late.nodes / early.nodes,
          listeners: late.listeners / early.listeners,
          server,
        };
      });
    const mine = await grown(ours, half, times);
    // daggr's page gets slower with every run: as many runs would take it minutes.
    const few = Math.max(1, times / 10);
    const theirs = await grown(daggr, few, Math.max(few + 1, times * 0.3));
    const row = (work: string, daggr: number | undefined, ours: number) =>
      lower(work, "x", daggr === undefined ? { ours } : { daggr, ours }, "flat (at most 1.1)", ours <= 1.1);
    return [
      row(
        `heap of the page after ${times} runs against after ${half} (daggr: after ${times * 0.3} against ${few})`,
        theirs.heap,
        mine.heap,
      ),
      row("the same: elements of the page", theirs.nodes, mine.nodes),
      row("the same: listeners", theirs.listeners, mine.listeners),
      ...(mine.server === undefined ? [] : [row("the same: heap of our server", undefined, mine.server)]),
    ];
  });
}

function serverHeap({ child }: RunningServer): Promise<number | undefined> {
  if (child.send === undefined || !child.connected) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    child.once("message", (usage: NodeJS.MemoryUsage) => resolve(usage.heapUsed));
    child.send({});
  });
}

async function scripts(): Promise<Row[]> {
  const loaded = {
    daggr: await loadedScripts(() => startPython("startup")),
    ours: await loadedScripts(() => startNode("startup")),
  };
  const kilobytes = loaded.ours.page / 1_000;
  return [
    lower(
      "canvas of 2 steps: JavaScript the page loads, gzip",
      "KB",
      { daggr: loaded.daggr.page / 1_000, ours: kilobytes },
      "under 120 KB",
      kilobytes < 120,
    ),
    lower("the same: what it loads beside in a worker, to lay the cards out", "KB", {
      ours: loaded.ours.workers / 1_000,
    }),
  ];
}

async function loadedScripts(
  start: () => Promise<RunningServer>,
): Promise<{ page: number; workers: number }> {
  const server = await start();
  const browser = await launchBrowser({ expectedErrors: [/./], allowForeignRequests: true });
  try {
    const sum = { page: 0, workers: 0 };
    const reading: Promise<void>[] = [];
    const read = async (url: string, body: () => Promise<Buffer>) => {
      sum[/worker/.test(url) ? "workers" : "page"] += gzipSync(await body(), { level: 9 }).length;
    };
    browser.context.on("response", (response) => {
      if (/\.js(\?|$)/.test(response.url())) reading.push(read(response.url(), () => response.body()));
    });
    await browser.page.goto(server.url, { waitUntil: "networkidle" });
    await browser.page.waitForTimeout(1_000);
    await Promise.all(reading);
    return sum;
  } finally {
    await browser.close();
    await server.stop();
  }
}
