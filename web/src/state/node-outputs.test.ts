import { expect, test } from "vitest";
import type { NodeState } from "../../../src/protocol/view.ts";
import { stateAfter } from "./node-outputs.ts";

const before: NodeState = { status: "running", partial: true, outputs: { text: "Once", n: 1 } };

test("outputs that a message leaves out stay as they are", () => {
  const after = stateAfter(before, { state: { status: "done" }, grown: {} });
  expect(after.outputs).toBe(before.outputs);
  expect(after.status).toBe("done");
  expect(stateAfter(before, { state: { status: "idle" } }).outputs).toBeUndefined();
});

test("a text goes on where it was told to, also when more of it is known already", () => {
  const grown = { text: { at: 4, text: " upon" } };
  expect(stateAfter(before, { state: { status: "running" }, grown }).outputs).toEqual({
    text: "Once upon",
    n: 1,
  });
  const ahead: NodeState = { ...before, outputs: { text: "Once up", n: 1 } };
  expect(stateAfter(ahead, { state: { status: "running" }, grown }).outputs).toEqual({
    text: "Once upon",
    n: 1,
  });
});

test("of a beginning nothing is made up", () => {
  const cut: NodeState = { ...before, cut: ["text"] };
  const after = stateAfter(cut, {
    state: { status: "running" },
    grown: { text: { at: 9_000, text: "end" } },
  });
  expect(after.outputs).toEqual(before.outputs);
  expect(after.cut).toEqual(["text"]);
});
