// From the command to the first answer 200 of the page, and what the process holds then.
import { measure, say } from "./lib/measure.ts";
import type { Row } from "./lib/row.ts";
import {
  type RunningServer,
  startCommand,
  startNode,
  startPython,
  startPythonCommand,
} from "./lib/servers.ts";
import { interleave, median } from "./lib/statistics.ts";

await measure(async ({ isShort }) => {
  const resident: Record<string, number[]> = { pythonScript: [], script: [], floor: [] };
  const timed = (name: string, start: () => Promise<RunningServer>) => ({
    async run() {
      const server = await start();
      const mb = server.residentMb();
      if (mb !== undefined) resident[name]?.push(mb);
      await server.stop();
      return server.startMs;
    },
  });
  const contestants = {
    pythonScript: timed("pythonScript", () => startPython("startup")),
    script: timed("script", () => startNode("startup")),
    pythonCommand: timed("pythonCommand", () => startPythonCommand("startup")),
    command: timed("command", () => startCommand("startup")),
    floor: timed("floor", () => startNode("bare-server")),
  };
  say("once to warm the file caches, then in turns");
  await interleave(1, contestants);
  for (const list of Object.values(resident)) list.length = 0;
  const times = await interleave(isShort ? 1 : 7, contestants);
  const floor = median(times.floor);
  const row = (work: string, daggr: number, ours: number): Row => ({
    work,
    unit: "ms",
    better: "lower",
    daggr,
    ours,
    floor,
    goal: "8x faster",
    isMet: daggr / ours >= 8,
  });
  const rows = [
    row(
      "`python app.py` / `node app.ts` to the first page",
      median(times.pythonScript),
      median(times.script),
    ),
    row(
      "`daggr app.py` / `daggr app.ts` to the first page",
      median(times.pythonCommand),
      median(times.command),
    ),
  ];
  const [pythonMb, nodeMb, floorMb] = [resident["pythonScript"]!, resident["script"]!, resident["floor"]!];
  // Not everywhere can it be read.
  if (nodeMb.length === 0) return rows;
  return [
    ...rows,
    {
      work: "resident memory then",
      unit: "MB",
      better: "lower",
      daggr: median(pythonMb),
      ours: median(nodeMb),
      floor: median(floorMb),
      goal: "",
    },
  ];
});
