/**
 * A server that only pretends, for work on the canvas: `node web/dev/mock-server.ts [port] [folder] [podcast|fields]`,
 * then `npm run dev`. It speaks the protocol about a scripted graph; a run takes a few seconds of nothing.
 */
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import type { ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/version.ts";
import type { NodeState, SheetInfo } from "../../src/protocol/view.ts";
import { gallery } from "./gallery-graph.ts";
import { answerFiles } from "./gallery-server.ts";
import { picture, sampleFiles, sound } from "./mock-files.ts";
import { line, many, podcast } from "./mock-graph.ts";

const [port = "7871", folder = "dist/web", which = "podcast"] = process.argv.slice(2);
const now = Date.now();
const cover = await picture(230);
const result = (index: number, total: number, ageMs: number) => ({
  id: `r${index}`,
  index,
  total,
  createdAt: now - ageMs,
  edited: false,
});
const voices = [1, 2, 3, 4, 5].map((seed) => sound(1.2 + seed, seed));

const scripted: Record<string, NodeState> = {
  "host voice": {
    status: "done",
    durationMs: 4100,
    usualMs: 4000,
    result: result(2, 5, 120_000),
    outputs: { audio: voices[0] },
  },
  "write dialogue": {
    status: "running",
    startedAt: Date.now() - 1200,
    usualMs: 5000,
    progress: { value: 0.62, text: "Writing" },
    outputs: { script: line.slice(0, 4) },
    partial: true,
    result: result(1, 2, 600_000),
  },
  "voice engine": {
    status: "reused",
    durationMs: 1400,
    result: result(0, 1, 600_000),
    outputs: { engine: "parler-mini, 24 kHz" },
  },
  samples: {
    status: "failed",
    durationMs: 6200,
    items: { total: 6, done: 5, failed: 1, running: 0 },
    error: {
      code: "NODE_FAILED",
      message: "no text to speak",
      place: "podcast.ts:41",
      item: 3,
      hint: "Give every line a text, or leave it out.",
    },
    outputs: { sample: voices },
    result: result(0, 1, 500_000),
  },
  "cover art": {
    status: "stale",
    reason: "prompt changed",
    durationMs: 6800,
    usualMs: 7000,
    result: result(6, 7, 90_000_000),
    outputs: { image: cover },
  },
  summary: {
    status: "done",
    durationMs: 830,
    busyMs: 4200,
    result: result(0, 1, 200_000),
    outputs: {
      text: "## Three hearts\n\nTwo of them **serve the gills**; the third stops when it swims.\n\n- 6 lines\n- about 48 s of speech",
    },
  },
  combine: {
    status: "blocked",
    blockedBy: "samples",
    reason: "line 4 failed",
    durationMs: 800,
    result: result(1, 2, 400_000),
    outputs: { podcast: voices[4] },
  },
};
const items = line.map((entry, index) =>
  index === 3
    ? {
        index,
        status: "failed" as const,
        preview: "(empty)",
        error: { code: "NODE_FAILED", message: "no text to speak", place: "podcast.ts:41" },
      }
    : { index, status: "done" as const, preview: entry.text, durationMs: 900 + index * 170 },
);

const fields = gallery(await sampleFiles());
const graph =
  which === "fields" ? fields.graph : which.startsWith("many") ? many(Number(which.slice(4))) : podcast;
let nodes: Record<string, NodeState> =
  which === "idle"
    ? {}
    : which === "fields"
      ? Object.fromEntries(
          fields.graph.cards
            .filter((card) => card.type === "step")
            .map((card) => [
              card.id,
              {
                status: "done" as const,
                durationMs: 100,
                result: result(0, 1, 1000),
                outputs: Object.fromEntries(
                  card.outputs.map((port) => [
                    port.name,
                    fields.values[`${card.id.replace("out", "in")}__${port.name}`],
                  ]),
                ),
              },
            ]),
        )
      : scripted;
const inputs: Record<string, unknown> = which === "fields" ? { ...fields.values } : {};
let positions: Record<string, { x: number; y: number } | null> = {};
let sheets: SheetInfo[] = [
  { id: "s1", name: "Episode 12", updatedAt: now },
  { id: "s2", name: "Episode 11", updatedAt: now - 1e7 },
];
let sheet = "s1";
let seq = 0;
const clients = new Set<WebSocket>();
const send = (socket: WebSocket, message: ServerMessage) => socket.send(JSON.stringify(message));
type Unnumbered = ServerMessage extends infer M
  ? M extends { seq: number }
    ? Omit<M, "seq">
    : never
  : never;
const tellAll = (message: Unnumbered) => {
  seq++;
  for (const socket of clients) send(socket, { ...message, seq } as ServerMessage);
};
const run = { id: "run1", status: "running" as const, startedAt: Date.now() - 12_400, total: 9, done: 4 };
let activeRun = which === "podcast";
const tellSheet = () =>
  tellAll({
    type: "sheet",
    view: {
      sheet: sheets.find((entry) => entry.id === sheet)!,
      inputs,
      variants: {},
      nodes,
      positions: positions as never,
      viewport: null,
      activeRuns: activeRun ? [run] : [],
      interrupted: null,
    },
  });

function answer(socket: WebSocket, message: ClientMessage): unknown {
  switch (message.type) {
    case "hello":
      send(socket, {
        type: "welcome",
        version: PROTOCOL_VERSION,
        graph,
        sheets,
        banner: null,
      });
      tellSheet();
      return null;
    case "set-input":
      inputs[message.address] = message.value;
      tellAll({ type: "input", address: message.address, value: message.value });
      return null;
    case "move-cards":
      positions = Object.fromEntries(
        Object.entries({ ...positions, ...message.positions }).filter(([, at]) => at !== null),
      );
      tellAll({ type: "positions", positions: message.positions });
      return null;
    case "plan":
      return {
        run: 3,
        reuse: 4,
        entries: [
          { node: "samples", action: "run", reason: "2 of 6 lines changed" },
          { node: "cover art", action: "run", reason: "prompt changed" },
          { node: "combine", action: "wait", reason: "needs samples" },
          { node: "host voice", action: "reuse", reason: "" },
        ],
      };
    case "run":
      void pretend(
        message.nodes.length > 0
          ? message.nodes
          : graph.cards.filter((card) => card.type === "step").map((card) => card.id),
      );
      return { run: "run2" };
    case "stop":
      activeRun = false;
      tellAll({ type: "run", run: { ...run, status: "cancelled" } });
      return null;
    case "items":
      return { items: items.slice(message.offset, message.offset + message.limit), total: items.length };
    case "history": {
      const total = nodes[message.node]?.result?.total ?? 0;
      const entries = Array.from({ length: total }, (_, back) => ({
        id: `r${total - 1 - back}`,
        index: total - 1 - back,
        createdAt: now - back * 3_600_000,
        durationMs: 4000 + back * 300,
        inputs: { prompt: "Why octopuses have three hearts", seed: 4 + back },
        inputHashes: {},
        outputs: nodes[message.node]?.outputs ?? {},
        selected: nodes[message.node]?.result?.index === total - 1 - back,
      }));
      return { entries: entries.slice(message.offset, message.offset + message.limit), total };
    }
    case "select-result": {
      const state = nodes[message.node]!;
      nodes = {
        ...nodes,
        [message.node]: { ...state, result: { ...state.result!, index: Number(message.result.slice(1)) } },
      };
      tellAll({ type: "node", node: message.node, state: nodes[message.node]! });
      return null;
    }
    case "edit-output": {
      const state = nodes[message.node]!;
      nodes = {
        ...nodes,
        [message.node]: {
          ...state,
          status: "done",
          reason: "edited by hand",
          outputs: { ...state.outputs, [message.port]: message.value },
        },
      };
      tellAll({ type: "node", node: message.node, state: nodes[message.node]! });
      return null;
    }
    case "create-sheet":
      sheets = [
        ...sheets,
        {
          id: `s${sheets.length + 1}`,
          name: message.name ?? `Sheet ${sheets.length + 1}`,
          updatedAt: Date.now(),
        },
      ];
      for (const client of clients) send(client, { type: "sheets", sheets });
      sheet = sheets.at(-1)!.id;
      tellSheet();
      return sheets.at(-1);
    case "rename-sheet":
      sheets = sheets.map((entry) => (entry.id === message.sheet ? { ...entry, name: message.name } : entry));
      for (const client of clients) send(client, { type: "sheets", sheets });
      return null;
    case "open-sheet":
      sheet = message.sheet;
      tellSheet();
      return null;
    case "logs":
      return {
        lines: [
          { level: "info", text: "Loading the voice" },
          { level: "warning", text: "The sample is short" },
        ],
      };
    default:
      return null;
  }
}

async function pretend(targets: readonly string[]): Promise<void> {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const own = {
    id: `run${Date.now()}`,
    status: "running" as const,
    startedAt: Date.now(),
    total: targets.length,
    done: 0,
  };
  tellAll({ type: "run", run: own });
  for (const [done, node] of targets.entries()) {
    const before = scripted[node] ?? { status: "idle" };
    for (let part = 0; part <= 10; part++) {
      tellAll({
        type: "node",
        node,
        state: {
          ...nodes[node],
          status: "running",
          startedAt: Date.now() - part * 150,
          usualMs: 1600,
          progress: { value: part / 10, text: "Working" },
        },
      });
      await pause(150);
    }
    nodes = {
      ...nodes,
      [node]: { status: "done", durationMs: 1600, outputs: before.outputs ?? {}, result: result(0, 1, 0) },
    };
    tellAll({ type: "node", node, state: nodes[node]! });
    tellAll({ type: "run", run: { ...own, done: done + 1 } });
  }
  tellAll({ type: "run", run: { ...own, done: targets.length, status: "done" } });
}

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const server = createServer(async (request, response) => {
  if (await answerFiles(request, response)) return;
  const path = new URL(request.url ?? "/", "http://x").pathname;
  if (path === "/theme.css") return response.writeHead(200, { "content-type": "text/css" }).end();
  const asset = join(folder, path === "/" || path === "/app" ? "index.html" : path);
  if (!existsSync(asset)) return response.writeHead(404).end();
  response.writeHead(200, {
    "content-type": types[extname(asset)] ?? "application/octet-stream",
    "content-security-policy":
      "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws:; object-src 'none'; base-uri 'none'",
  });
  createReadStream(asset).pipe(response);
});
new WebSocketServer({ server, path: "/ws" }).on("connection", (socket) => {
  clients.add(socket);
  socket.on("close", () => clients.delete(socket));
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as ClientMessage;
    const reply = answer(socket, message);
    if (message.type !== "hello") send(socket, { type: "reply", request: message.request, result: reply });
  });
});
server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
