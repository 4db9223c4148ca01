import type { ServerMessage, WholeOutputs } from "../../../src/protocol/messages.ts";
import type { NodeState } from "../../../src/protocol/view.ts";
import type { App } from "./app.svelte.ts";
import type { NodeModel } from "./node-model.svelte.ts";

type NodeMessage = Extract<ServerMessage, { type: "node" }>;

/** A node's state after a message, which leaves out what was told before. */
export function stateAfter(
  before: NodeState,
  { state, grown }: Pick<NodeMessage, "state" | "grown">,
): NodeState {
  if (grown === undefined || before.outputs === undefined) return state;
  const outputs = { ...before.outputs };
  for (const [port, { at, text }] of Object.entries(grown)) {
    const value = outputs[port];
    // Of a beginning nobody knows how it goes on before the whole is there.
    if (before.cut?.includes(port) || typeof value !== "string" || value.length < at) continue;
    outputs[port] = value.slice(0, at) + text;
  }
  const isSame = Object.keys(grown).length === 0;
  return {
    ...state,
    outputs: isSame ? before.outputs : outputs,
    ...(before.cut === undefined ? {} : { cut: before.cut }),
  };
}

const pauseMs = 400;
/** Cards that wait for an answer, and whether they have asked again meanwhile. */
const waiting = new WeakMap<NodeModel, boolean>();

/** Fetches the whole values of a card that is looked at, where its state has only their beginnings. */
export function fetchWhole(app: App, node: NodeModel): void {
  if (node.state.cut === undefined) return;
  const isWaiting = waiting.has(node);
  waiting.set(node, isWaiting);
  if (isWaiting) return;
  const { result, run } = node.state;
  app
    .ask<WholeOutputs>({ type: "outputs", node: node.name })
    .then(({ outputs }) => {
      const { cut, ...state } = node.state;
      // Meanwhile it may have made something else, whose message comes or has come.
      if (cut !== undefined && state.result?.id === result?.id && state.run === run)
        node.state = { ...state, outputs };
    })
    .catch(() => {})
    .finally(() =>
      setTimeout(() => {
        const isWanted = waiting.get(node) === true;
        waiting.delete(node);
        if (isWanted) fetchWhole(app, node);
      }, pauseMs),
    );
}
