import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TextGrowth } from "../protocol/messages.ts";
import type { NodeState, SheetView } from "../protocol/view.ts";
import { indexRanges } from "./index-ranges.ts";
import { ToldOutputs, withShortOutputs } from "./told-outputs.ts";

const sizeOf = (message: unknown) => JSON.stringify(message).length;
const running = (outputs: Record<string, unknown>): NodeState => ({
  status: "running",
  partial: true,
  outputs,
});
const done = (outputs: Record<string, unknown>): NodeState => ({ status: "done", outputs });

/** What a page makes of the messages, without asking for what is cut. */
function follow(
  shown: NodeState,
  { state, grown }: { state: NodeState; grown?: Record<string, TextGrowth> },
): NodeState {
  if (grown === undefined) return state;
  const outputs: Record<string, unknown> = { ...shown.outputs };
  for (const [port, { at, text }] of Object.entries(grown))
    if (shown.cut?.includes(port) !== true) outputs[port] = String(outputs[port]).slice(0, at) + text;
  return { ...state, outputs, ...(shown.cut === undefined ? {} : { cut: shown.cut }) };
}

describe("messages about a node", () => {
  test("leave out outputs that were told before, also when they are equal and not the same", () => {
    const told = new ToldOutputs();
    const file = () => ({ $daggr: "file", id: "a", name: "a.png", mime: "image/png", size: 1 });
    expect(
      told.next("a", done({ text: "x", list: [1, { b: 2 }], file: file() })).state.outputs,
    ).toBeDefined();
    const { state, grown } = told.next("a", done({ text: "x", list: [1, { b: 2 }], file: file() }));
    expect(state).toEqual({ status: "done" });
    expect(grown).toEqual({});
    expect(told.next("b", done({ text: "x" })).state.outputs).toEqual({ text: "x" });
  });

  test("tell of a text that grows only what is new", () => {
    const told = new ToldOutputs();
    told.next("a", running({ text: "Once", n: 1 }));
    expect(told.next("a", running({ text: "Once upon", n: 1 })).grown).toEqual({
      text: { at: 4, text: " upon" },
    });
    expect(told.next("a", running({ text: "Twice", n: 1 })).state.outputs).toEqual({ text: "Twice", n: 1 });
  });

  test("stay small while a million characters stream, and end in the whole or in a beginning that says so", () => {
    const told = new ToldOutputs();
    let shown: NodeState = { status: "idle" };
    let text = "";
    let sent = 0;
    for (let step = 0; step < 1_000; step++) {
      text += String.fromCharCode(97 + (step % 26)).repeat(1_000);
      const message = told.next("a", running({ text, other: "y" }));
      expect(sizeOf(message)).toBeLessThan(4_000);
      sent += sizeOf(message);
      shown = follow(shown, message);
    }
    expect(sent).toBeLessThan(1_300_000);
    const message = told.next("a", done({ text, other: "y" }));
    expect(sizeOf(message)).toBeLessThan(4_000);
    shown = follow(shown, message);
    expect(shown.cut?.includes("text") === true || shown.outputs?.["text"] === text).toBe(true);
    expect(shown.status).toBe("done");
  });

  test("cut what is long to a value of the same kind, and name it", () => {
    const long = "x".repeat(1_000_000);
    const outputs = {
      text: long,
      list: Array.from({ length: 100_000 }, (_, index) => ({ index })),
      map: Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, long])),
      short: "whole",
    };
    const { state } = new ToldOutputs().next("a", done(outputs));
    expect(sizeOf(state)).toBeLessThan(4_000);
    expect(state.cut).toEqual(["text", "list", "map"]);
    expect(long.startsWith(String(state.outputs?.["text"]))).toBe(true);
    expect(Array.isArray(state.outputs?.["list"])).toBe(true);
    expect(state.outputs?.["short"]).toBe("whole");
  });

  test("lead to what the node shows, whatever it shows in turn", () => {
    const value = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constant(null),
      fc.array(fc.nat(3), { maxLength: 3 }),
    );
    const step = fc.record({
      isGrowing: fc.boolean(),
      more: fc.string({ maxLength: 5_000 }),
      outputs: fc.dictionary(fc.constantFrom("a", "b"), value),
      isPartial: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const told = new ToldOutputs();
        let shown: NodeState = { status: "idle" };
        let outputs: Record<string, unknown> = {};
        for (const { isGrowing, more, outputs: others, isPartial } of steps) {
          outputs = isGrowing
            ? { ...outputs, a: `${typeof outputs["a"] === "string" ? outputs["a"] : ""}${more}` }
            : others;
          shown = follow(shown, told.next("n", isPartial ? running(outputs) : done(outputs)));
          for (const [port, is] of Object.entries(outputs)) {
            if (shown.cut?.includes(port)) continue;
            if (isPartial && typeof is === "string")
              expect(is.startsWith(String(shown.outputs?.[port]))).toBe(true);
            else expect(shown.outputs?.[port]).toEqual(is);
          }
          expect(Object.keys(shown.outputs ?? {}).sort()).toEqual(Object.keys(outputs).sort());
        }
      }),
    );
  });
});

test("a sheet of many long values is opened with their beginnings", () => {
  const nodes = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`n${index}`, done({ text: "x".repeat(50_000) })]),
  );
  expect(sizeOf(withShortOutputs({ nodes } as unknown as SheetView))).toBeLessThan(1_200_000);
});

test("numbers are told as unbroken rows, and as one where those are too many", () => {
  expect(indexRanges([3, 1, 2, 7, 9, 8])).toEqual([
    [1, 3],
    [7, 9],
  ]);
  expect(indexRanges(Array.from({ length: 200 }, (_, index) => index * 2))).toEqual([[0, 398]]);
  expect(indexRanges([])).toEqual([]);
});
