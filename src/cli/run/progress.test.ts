import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import type { GraphDefinition } from "../../graph/definition.ts";
import type { RunEvent } from "../../protocol/events.ts";
import { createProgress } from "./progress.ts";

const definition = {
  nodes: new Map([
    ["draw", {}],
    ["join all", {}],
  ]),
} as unknown as GraphDefinition;

function shown(events: readonly RunEvent[], isTTY = false): string {
  let text = "";
  const out = Object.assign(new PassThrough(), { isTTY, columns: 60 }) as unknown as NodeJS.WriteStream;
  out.write = (part: string | Uint8Array) => {
    text += String(part);
    return true;
  };
  const progress = createProgress(definition, out);
  for (const event of events) progress.show(event);
  progress.end();
  return text;
}

const events: RunEvent[] = [
  { type: "node-started", node: "draw", reason: "never ran", attempt: 1, items: { total: 2, reused: 0 } },
  { type: "node-progress", node: "draw", item: 0, value: 0.5, text: "Sketching" },
  { type: "node-log", node: "draw", item: 1, level: "warning", text: "pale" },
  { type: "node-done", node: "draw", item: 0, outputs: {}, durationMs: 1, reused: false },
  {
    type: "node-failed",
    node: "draw",
    item: 1,
    error: { code: "X", message: "No ink.\nmore" },
    durationMs: 1,
    willRetryInMs: 2000,
  },
  { type: "node-done", node: "draw", outputs: {}, durationMs: 1234, reused: false },
  { type: "node-blocked", node: "join all", by: "draw", reason: "draw failed" },
];

describe("createProgress", () => {
  test("a pipe gets one plain line for each thing that happened", () => {
    expect(shown(events).split("\n")).toEqual([
      "· draw      started, 2 items",
      "| draw      warning: pale item 2",
      "✗ draw      item 2: No ink, again in 2.0 s",
      "✓ draw      1.2 s",
      "- join all  blocked by draw",
      "",
    ]);
  });

  test("what is tried again after a question begins a sentence of its own", () => {
    const error = { code: "X", message: "Is it running?" };
    const failed = { type: "node-failed", node: "draw", error, durationMs: 1, willRetryInMs: 1000 } as const;
    expect(shown([failed])).toContain("Is it running? Again in 1.0 s\n");
  });

  test("a terminal gets a moving last line that is taken away in the end", () => {
    const text = shown(events.slice(0, 4), true);
    expect(text).toMatch(/draw 0\/2 Sketching 50 % \d+ ms/);
    expect(text.endsWith("\r\u001b[2K")).toBe(true);
    for (const line of text.split(/\r|\n/))
      expect(line.replaceAll("\u001b[2K", "").length).toBeLessThanOrEqual(60);
  });
});
