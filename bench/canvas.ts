// How much JavaScript a browser loads before a small canvas stands still, as it would come over the wire.
import { gzipSync } from "node:zlib";
import { launchBrowser } from "../test/support/browser.ts";
import { measure, say } from "./lib/measure.ts";
import { type RunningServer, startNode, startPython } from "./lib/servers.ts";

await measure(async () => {
  const daggr = await loadedScripts(() => startPython("startup"));
  const ours = await loadedScripts(() => startNode("startup"));
  for (const [name, loaded] of Object.entries({ daggr, ours })) {
    const list = loaded.scripts.map(({ path, bytes }) => `${path} ${Math.round(bytes / 1_000)}`);
    say(`${name}: ${list.join(", ")}`);
  }
  const entry = ours.page / 1_000;
  return [
    {
      work: "canvas of 2 steps: JavaScript the page loads, gzip",
      unit: "KB",
      better: "lower",
      daggr: daggr.page / 1_000,
      ours: entry,
      goal: "under 120 KB",
      isMet: entry < 120,
    },
    {
      work: "the same: what it loads beside in a worker, to lay the cards out",
      unit: "KB",
      better: "lower",
      ours: ours.workers / 1_000,
      goal: "",
    },
  ];
});

interface Loaded {
  readonly page: number;
  readonly workers: number;
  readonly scripts: readonly { readonly path: string; readonly bytes: number }[];
}

async function loadedScripts(start: () => Promise<RunningServer>): Promise<Loaded> {
  const server = await start();
  const browser = await launchBrowser({ expectedErrors: [/./], allowForeignRequests: true });
  try {
    const scripts: { path: string; bytes: number; isWorker: boolean }[] = [];
    const reading: Promise<void>[] = [];
    const read = async (url: string, body: () => Promise<Buffer>) => {
      const path = new URL(url).pathname.split("/").at(-1)!;
      const bytes = gzipSync(await body(), { level: 9 }).length;
      scripts.push({ path, bytes, isWorker: path.includes("worker") });
    };
    browser.context.on("response", (response) => {
      if (/\.js(\?|$)/.test(response.url())) reading.push(read(response.url(), () => response.body()));
    });
    await browser.page.goto(server.url, { waitUntil: "networkidle" });
    await browser.page.waitForTimeout(1_000);
    await Promise.all(reading);
    const sum = (isWorker: boolean) =>
      scripts.filter((script) => script.isWorker === isWorker).reduce((total, { bytes }) => total + bytes, 0);
    return { page: sum(false), workers: sum(true), scripts };
  } finally {
    await browser.close();
    await server.stop();
  }
}
