import { WebSocket } from "ws";
import type { MeasuredRun } from "./our-socket.ts";

/** Runs everything up to `node` on a fresh sheet of a daggr server, as its page does. */
export async function runOnDaggr(url: string, node: string, steps: number): Promise<MeasuredRun> {
  const created = await fetch(`${url}/api/sheets`, {
    method: "POST",
    body: JSON.stringify({ name: "bench" }),
  });
  const { sheet } = (await created.json()) as { sheet: { sheet_id: string } };
  const ws = new WebSocket(`${url.replace("http", "ws")}/ws/${crypto.randomUUID()}`, {
    perMessageDeflate: false,
    maxPayload: 2 ** 30,
  });
  let bytes = 0;
  let ms = 0;
  await new Promise<void>((resolve, reject) => {
    let begun = 0;
    ws.once("error", reject);
    ws.once("close", () => reject(new Error("daggr closed the socket.")));
    ws.once("open", () => ws.send(JSON.stringify({ action: "get_graph", sheet_id: sheet.sheet_id })));
    ws.on("message", (data: Buffer) => {
      if (begun === 0) {
        begun = performance.now();
        ws.send(JSON.stringify({ action: "run", node_name: node, inputs: {}, run_id: "1" }));
        return;
      }
      bytes += data.length;
      // Each message holds the whole graph; its last keys say what it is about.
      const end = data.subarray(-400).toString();
      if (/"type": ?"error"/.test(end)) reject(new Error(`daggr says ${end}`));
      if (!new RegExp(`"completed_node": ?"${node}"`).test(end)) return;
      ms = performance.now() - begun;
      resolve();
    });
  });
  ws.removeAllListeners("close").terminate();
  const answer = await fetch(`${url}/api/sheets/${sheet.sheet_id}/state`);
  const { state } = (await answer.json()) as { state: { results: Record<string, unknown[]> } };
  const kept = Object.values(state.results).filter((results) => results.length === 1).length;
  if (kept !== steps) throw new Error(`daggr kept ${kept} of ${steps} results.`);
  return { ms, bytes };
}
