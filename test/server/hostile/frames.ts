import { once } from "node:events";
import { WebSocket } from "ws";
import { PROTOCOL_VERSION } from "../../../src/protocol/version.ts";
import { type HostileCase, leak, type Target } from "./hostile-case.ts";

/** A right message of every type, from which wrong ones are made. */
const MESSAGES: readonly Readonly<Record<string, unknown>>[] = [
  { type: "hello", version: PROTOCOL_VERSION },
  { type: "open-sheet", sheet: "x" },
  { type: "create-sheet", name: "x" },
  { type: "rename-sheet", sheet: "x", name: "y" },
  { type: "delete-sheet", sheet: "x" },
  { type: "set-input", address: "every__textbox", value: "x" },
  { type: "set-variant", node: "pick", variant: 0 },
  { type: "move-cards", positions: { every: { x: 0, y: 0 } } },
  { type: "set-viewport", viewport: { x: 0, y: 0, zoom: 1 } },
  { type: "plan", mode: "all", nodes: [] },
  { type: "run", mode: "all", nodes: [] },
  { type: "run-item", node: "every", item: 0 },
  { type: "stop", run: "x" },
  { type: "resume", run: "x" },
  { type: "history", node: "every", offset: 0, limit: 10 },
  { type: "select-result", node: "every", result: "x" },
  { type: "edit-output", node: "every", port: "out", value: "x" },
  { type: "restore", inputs: { every__textbox: "x" }, variants: { pick: 0 }, results: { every: null } },
  { type: "items", node: "every", offset: 0, limit: 10 },
  { type: "outputs", node: "every" },
  { type: "logs", node: "every" },
];

const WRONG: readonly unknown[] = [
  null,
  undefined,
  -1,
  1.5,
  1e99,
  true,
  [],
  {},
  "",
  "x".repeat(500),
  "../../etc/passwd",
  "__proto__",
  "constructor",
  [[]],
  { $ne: 1 },
  "\u0000",
  "<script>",
  Array(20_000).fill("x"),
];

const TEXTS: readonly string[] = [
  "",
  " ",
  "null",
  "1",
  "[]",
  "{}",
  '"x"',
  "nonsense",
  "{",
  "\u0000",
  '{"type":"run"}',
  '{"type":1}',
  '{"type":"__proto__","request":1}',
  '{"type":"toString","request":1}',
  '{"type":"constructor","request":1}',
  '{"request":1}',
  `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  `{"type":"set-input","request":1,"address":"every__json","value":${'{"a":'.repeat(500)}1${"}".repeat(500)}}`,
];

/** Frames that are no message, and messages with every field missing, of another type, or too many. */
export function frameCases(): HostileCase[] {
  const cases: HostileCase[] = [];
  for (const text of TEXTS) cases.push(frameCase(`the text ${text.slice(0, 40)}`, text));
  cases.push(
    frameCase("bytes", Buffer.from([0, 1, 2, 255])),
    frameCase("JSON in bytes", Buffer.from('{"type":"run","request":9,"mode":"all","nodes":[]}')),
  );
  for (const message of MESSAGES) {
    for (const key of [...Object.keys(message), "request"]) {
      for (const value of WRONG) {
        if (isFine(message.type as string, key, value)) continue;
        cases.push(
          frameCase(
            `${message.type} with ${key} = ${JSON.stringify(value)?.slice(0, 30)}`,
            JSON.stringify({ request: 9, ...message, [key]: value }),
          ),
        );
      }
    }
    for (const extra of [
      '"sudo":true',
      '"__proto__":{"polluted":1}',
      '"constructor":{"prototype":{"polluted":1}}',
    ]) {
      const text = JSON.stringify({ request: 9, ...message });
      cases.push(frameCase(`${message.type} with ${extra}`, `${text.slice(0, -1)},${extra}}`));
    }
  }
  for (const value of [
    "{canary}",
    { path: "{canary}" },
    { file: "0".repeat(64) },
    { $daggr: "file", id: "x" },
    5,
    "http://evil.example/x.png",
  ]) {
    for (const input of ["image", "file", "gallery", "itemlist", "files"]) {
      cases.push(
        frameCase(
          `set-input ${input} = ${JSON.stringify(value)}`,
          JSON.stringify({ type: "set-input", request: 9, address: `every__${input}`, value }),
        ),
      );
    }
    cases.push(
      frameCase(
        `edit-output = ${JSON.stringify(value)}`,
        JSON.stringify({ type: "edit-output", request: 9, node: "every", port: "picture", value }),
      ),
    );
  }
  cases.push(
    frameCase(
      "a move of __proto__",
      '{"type":"move-cards","request":9,"positions":{"__proto__":{"x":1,"y":1}}}',
    ),
  );
  cases.push(
    frameCase(
      "a frame of 2 MB",
      `{"type":"set-input","request":9,"address":"every__textbox","value":"${"x".repeat(2_000_000)}"}`,
      true,
    ),
  );
  return cases;
}

/** What the protocol allows, although it looks odd. */
function isFine(type: string, key: string, value: unknown): boolean {
  if (value === undefined)
    return (
      (type === "create-sheet" && key === "name") ||
      (type === "stop" && key === "run") ||
      (type === "set-input" && key === "value") ||
      (type === "edit-output" && key === "value")
    );
  if (key === "value") return typeof value === "string" || value === null;
  if (key === "name" && typeof value === "string") return value !== "" && value.length <= 200;
  if (type === "move-cards" && key === "positions") return JSON.stringify(value) === "{}";
  // A change by hand touches inputs, variants or results, seldom all: an empty record has nothing to put back.
  if (type === "restore" && ["inputs", "variants", "results"].includes(key))
    return JSON.stringify(value) === "{}";
  if (key === "nodes") return JSON.stringify(value) === "[]";
  if (type === "stop" && key === "run") return typeof value === "string";
  return false;
}

function frameCase(name: string, frame: string | Buffer, mayClose = false): HostileCase {
  return {
    group: "frame",
    name,
    async attack(target) {
      const ws = new WebSocket(`ws://127.0.0.1:${target.port}/ws`);
      await once(ws, "open");
      try {
        return await ask(
          ws,
          typeof frame === "string" ? frame.replaceAll("{canary}", target.canaryPath) : frame,
          mayClose,
          target,
        );
      } finally {
        ws.terminate();
      }
    },
  };
}

/** Greets, sends the frame, then asks for something harmless: the frame must be refused and the socket still answer. */
function ask(
  ws: WebSocket,
  frame: string | Buffer,
  mayClose: boolean,
  target: Target,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let refused = false;
    const timer = setTimeout(() => resolve("no answer within 10 s"), 10_000);
    const finish = (through: string | undefined) => {
      clearTimeout(timer);
      resolve(through);
    };
    ws.on("error", () => {});
    ws.on("close", () => finish(mayClose ? undefined : "the socket was closed"));
    ws.on("message", (data) => {
      const text = String(data);
      const leaked = leak(text, target);
      if (leaked !== undefined) return finish(leaked);
      const message = JSON.parse(text) as { type: string; request?: number };
      if (message.type === "reply" && message.request === 1) {
        ws.send(frame);
        ws.send(JSON.stringify({ type: "plan", request: 2, mode: "all", nodes: [] }));
      } else if (message.type === "reload") refused = true;
      else if (message.type === "refused" && message.request !== 2) refused = true;
      else if (message.type === "reply" && message.request === 9) finish(`obeyed: ${text.slice(0, 200)}`);
      else if (message.request === 2) finish(refused ? undefined : `not refused: ${text.slice(0, 200)}`);
    });
    ws.send(JSON.stringify({ type: "hello", request: 1, version: PROTOCOL_VERSION }));
  });
}
