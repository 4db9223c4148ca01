// POST /api/call of one step that does nothing, from 64 clients at once.
import { type LoadResult, runLoad } from "./lib/http-load.ts";
import { measure, say } from "./lib/measure.ts";
import { type RunningServer, startNode, startPython } from "./lib/servers.ts";
import { interleave, median } from "./lib/statistics.ts";

await measure(async ({ isShort }) => {
  const servers = {
    daggr: await startPython("noop"),
    ours: await startNode("noop"),
    floor: await startNode("bare-server", { path: "/" }),
  };
  const results: Record<string, LoadResult[]> = { daggr: [], ours: [], floor: [] };
  const load = (name: keyof typeof servers, seconds: number) => ({
    async run() {
      const result = await loadOf(servers[name], seconds);
      results[name]!.push(result);
      return result.perSecond;
    },
  });
  const all = (seconds: number) => ({
    daggr: load("daggr", seconds),
    ours: load("ours", seconds),
    floor: load("floor", seconds),
  });
  try {
    say("once to warm up, then in turns");
    await interleave(1, all(isShort ? 1 : 3));
    for (const list of Object.values(results)) list.length = 0;
    const rates = await interleave(isShort ? 1 : 5, all(isShort ? 1 : 5));
    const [daggr, ours, floor] = [median(rates.daggr), median(rates.ours), median(rates.floor)];
    const latency = (name: keyof typeof servers, key: "medianMs" | "p99Ms") =>
      median(results[name]!.map((result) => result[key]));
    return [
      {
        work: "POST /api/call of a no-op step, 64 clients",
        unit: "requests/s",
        better: "higher",
        daggr,
        ours,
        floor,
        goal: "3x daggr's",
        isMet: ours / daggr >= 3,
      },
      {
        work: "the same, as a share of a bare node:http server's",
        unit: "%",
        better: "higher",
        ours: (100 * ours) / floor,
        goal: "at least 25",
        isMet: ours / floor >= 0.25,
      },
      ...(["medianMs", "p99Ms"] as const).map((key) => ({
        work: `the same, ${key === "medianMs" ? "median" : "99th percentile"} of the answers' times`,
        unit: "ms",
        better: "lower" as const,
        daggr: latency("daggr", key),
        ours: latency("ours", key),
        floor: latency("floor", key),
        goal: "",
      })),
    ];
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
});

function loadOf(server: RunningServer, seconds: number): Promise<LoadResult> {
  return runLoad({
    port: Number(new URL(server.url).port),
    path: "/api/call",
    body: JSON.stringify({ inputs: { noop__x: "good morning" } }),
    expected: '"good morning"',
    clients: 64,
    seconds,
  });
}
