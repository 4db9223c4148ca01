// A list, a step that does nothing run once for each of its items, and a step that gathers.
import { runOnDaggr } from "./lib/daggr-socket.ts";
import { measure, say } from "./lib/measure.ts";
import { runOnOurs } from "./lib/our-socket.ts";
import type { Row } from "./lib/row.ts";
import { startNode, startPython } from "./lib/servers.ts";
import { keepingOneValueMs } from "./lib/sqlite-floor.ts";
import { interleave, median } from "./lib/statistics.ts";

await measure(async ({ isShort }) => {
  const rows: Row[] = [];
  const ours = new Map<number, number>();
  for (const count of isShort ? [1_000] : [1_000, 10_000, 100_000]) {
    const env = { COUNT: String(count) };
    const [python, node] = await Promise.all([
      startPython("scatter", { env }),
      startNode("scatter", { env }),
    ]);
    try {
      const few = count > 10_000 ? 3 : 7;
      const contestants = {
        daggr: { run: async () => (await runOnDaggr(python.url, "count", 3)).ms, rounds: few },
        ours: { run: async () => (await runOnOurs(node.url, 3)).ms },
        floor: { run: async () => keepingOneValueMs(count, 500) * count, rounds: few },
      };
      if (!isShort) await interleave(1, contestants);
      const times = await interleave(isShort ? 1 : 7, contestants);
      say(
        `${count}: ${median(times.daggr).toFixed(0)} ms, ours ${times.ours.map((ms) => ms.toFixed(0)).join(" ")} ms`,
      );
      const perItem = (name: keyof typeof times) => (median(times[name]) / count) * 1_000;
      ours.set(count, perItem("ours"));
      rows.push({
        work: `scatter of ${count.toLocaleString("en")} no-op items over the socket, gathered: an item`,
        unit: "us",
        better: "lower",
        daggr: perItem("daggr"),
        ours: perItem("ours"),
        floor: perItem("floor"),
        ...(count === 10_000
          ? { goal: "3x faster", isMet: perItem("daggr") / perItem("ours") >= 3 }
          : { goal: "" }),
      });
    } finally {
      await Promise.all([python.stop(), node.stop()]);
    }
  }
  if (isShort) return rows;
  const growth = ours.get(100_000)! / ours.get(10_000)!;
  return [
    ...rows,
    {
      work: "scatter: time an item at 100,000 against at 10,000",
      unit: "x",
      better: "lower",
      ours: growth,
      goal: "at most 1.25",
      isMet: growth <= 1.25,
    },
  ];
});
