// A chain of steps that do nothing, run over the socket, each result kept.
import { runOnDaggr } from "./lib/daggr-socket.ts";
import { measure, say } from "./lib/measure.ts";
import { type MeasuredRun, runOnOurs } from "./lib/our-socket.ts";
import type { Row } from "./lib/row.ts";
import { startNode, startPython } from "./lib/servers.ts";
import { keepingOneValueMs } from "./lib/sqlite-floor.ts";
import { interleave, median } from "./lib/statistics.ts";

await measure(async ({ isShort }) => {
  const floor = keepingOneValueMs(1_000, 1);
  const rows: Row[] = [];
  const ours = new Map<number, MeasuredRun>();
  for (const length of isShort ? [50, 100] : [50, 100, 200, 1_000]) {
    const { daggr, ours: our } = await compare(length, isShort);
    ours.set(length, our);
    rows.push({
      work: `chain of ${length} no-op steps over the socket, each kept: a step`,
      unit: "ms",
      better: "lower",
      daggr: daggr.ms,
      ours: our.ms,
      floor,
      ...(length === 1_000 ? { goal: "40x faster", isMet: daggr.ms / our.ms >= 40 } : { goal: "" }),
    });
    if (length === 1_000) {
      rows.push({
        work: `chain of ${length}: bytes on the socket for a step`,
        unit: "KB",
        better: "lower",
        daggr: daggr.bytes / 1_000,
        ours: our.bytes / 1_000,
        goal: "",
      });
    }
  }
  const [short, long] = [ours.get(100)!, ours.get(isShort ? 50 : 1_000)!];
  const growth = (work: string, key: keyof MeasuredRun): Row => ({
    work: `chain: ${work} at 1,000 against at 100`,
    unit: "x",
    better: "lower",
    ours: long[key] / short[key],
    goal: "at most 1.25",
    isMet: long[key] / short[key] <= 1.25,
  });
  return isShort ? rows : [...rows, growth("time a step", "ms"), growth("bytes a step", "bytes")];
});

/** Per step. */
async function compare(length: number, isShort: boolean): Promise<{ daggr: MeasuredRun; ours: MeasuredRun }> {
  const env = { LENGTH: String(length) };
  const [python, node] = await Promise.all([startPython("chain", { env }), startNode("chain", { env })]);
  const bytes = { daggr: 0, ours: 0 };
  const rounds = isShort ? 1 : 7;
  // daggr needs more than a minute for 1,000 steps.
  const few = length >= 1_000 ? 1 : 3;
  try {
    const times = await interleave(rounds, {
      daggr: {
        rounds: few,
        async run() {
          const run = await runOnDaggr(python.url, `n${length - 1}`, length);
          bytes.daggr = run.bytes;
          return run.ms;
        },
      },
      ours: {
        async run() {
          const run = await runOnOurs(node.url, length);
          bytes.ours = run.bytes;
          return run.ms;
        },
      },
    });
    say(
      `${length}: ${median(times.daggr).toFixed(0)} ms, ours ${times.ours.map((ms) => ms.toFixed(0)).join(" ")} ms`,
    );
    return {
      daggr: { ms: median(times.daggr) / length, bytes: bytes.daggr / length },
      ours: { ms: median(times.ours) / length, bytes: bytes.ours / length },
    };
  } finally {
    await Promise.all([python.stop(), node.stop()]);
  }
}
