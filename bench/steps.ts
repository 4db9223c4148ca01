// Eight independent steps of one second on a real Gradio server, and one that joins them.
import { runOnDaggr } from "./lib/daggr-socket.ts";
import { measure, say } from "./lib/measure.ts";
import { runOnOurs } from "./lib/our-socket.ts";
import { startNode, startPython } from "./lib/servers.ts";
import { interleave, median } from "./lib/statistics.ts";

await measure(async ({ isShort }) => {
  const service = await startPython("slow-service");
  const env = { SERVICE: service.url };
  const [python, node] = await Promise.all([startPython("steps", { env }), startNode("steps", { env })]);
  try {
    const times = await interleave(isShort ? 1 : 5, {
      daggr: { run: async () => (await runOnDaggr(python.url, "join", 9)).ms, rounds: 3 },
      ours: { run: async () => (await runOnOurs(node.url, 9)).ms },
      // The critical path: one of the steps, asked for in Gradio's own protocol.
      floor: { run: () => callDirectly(service.url) },
      allDirectly: {
        run: async () =>
          Math.max(...(await Promise.all(Array.from({ length: 8 }, () => callDirectly(service.url))))),
      },
    });
    say(`ours ${times.ours.map((ms) => ms.toFixed(0)).join(" ")} ms`);
    say(`eight direct calls at once ${times.allDirectly.map((ms) => ms.toFixed(0)).join(" ")} ms`);
    const [daggr, ours, floor] = [median(times.daggr), median(times.ours), median(times.floor)];
    return [
      {
        work: "8 independent Gradio steps of 1 s and a join",
        unit: "ms",
        better: "lower",
        daggr,
        ours,
        floor,
        goal: "1.05 of the critical path",
        isMet: ours / floor <= 1.05,
      },
    ];
  } finally {
    await Promise.all([service.stop(), python.stop(), node.stop()]);
  }
});

async function callDirectly(url: string): Promise<number> {
  const begun = performance.now();
  const asked = await fetch(`${url}/gradio_api/call/step`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ data: ["x"] }),
  });
  const { event_id } = (await asked.json()) as { event_id: string };
  const answer = await (await fetch(`${url}/gradio_api/call/step/${event_id}`)).text();
  if (!answer.includes("event: complete")) throw new Error(`Gradio says ${answer}`);
  return performance.now() - begun;
}
