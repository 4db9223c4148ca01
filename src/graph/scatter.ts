import { DaggrError } from "../base/errors.ts";
import type { Binding } from "./definition.ts";
import type { Draft } from "./draft.ts";

type PortBinding = Extract<Binding, { type: "port" }>;

/** Finds out which nodes run once per item, in topological order, and refuses what makes no sense. */
export function resolveScatter(sorted: ReadonlyMap<string, Draft>): void {
  for (const draft of sorted.values()) {
    const inputs = new Map<string, Binding>();
    let scattered = false;
    for (const [port, binding] of draft.inputs) {
      if (binding.type !== "port") {
        inputs.set(port, binding);
        continue;
      }
      const from = sorted.get(binding.node)!;
      checkMode(draft, port, binding, from);
      const itemwise = binding.mode === "plain" && from.scattered;
      scattered ||= itemwise || binding.mode === "each";
      inputs.set(port, itemwise ? { ...binding, itemwise } : binding);
    }
    draft.inputs = inputs;
    draft.scattered = scattered;
  }
}

function checkMode(draft: Draft, port: string, binding: PortBinding, from: Draft): void {
  const details = { node: draft.name, port, ...(draft.place === undefined ? {} : { place: draft.place }) };
  const source = `${from.name}.${binding.output}`;
  if (binding.mode === "each" && from.scattered) {
    throw new DaggrError(
      "NESTED_SCATTER",
      `Input '${port}' of node '${draft.name}' scatters ${source}, but '${from.name}' runs once per item already. Gather it first (${source}.all()), or return one flat list.`,
      { ...details, hint: `${source}.all()` },
    );
  }
  if (binding.mode === "all" && !from.scattered) {
    throw new DaggrError(
      "NOT_SCATTERED",
      `Input '${port}' of node '${draft.name}' gathers ${source}, but '${from.name}' runs once, not once per item. Leave out .all().`,
      { ...details, hint: source },
    );
  }
  const component = from.outputs.get(binding.output);
  if (
    binding.mode === "each" &&
    component &&
    !MAY_BE_LIST.has(component.kind) &&
    component.props.multiselect !== true &&
    component.props.fileCount === undefined
  ) {
    throw new DaggrError(
      "NOT_A_LIST",
      `Input '${port}' of node '${draft.name}' scatters ${source}, but a ${component.kind} carries no list. Use gr.JSON<Item[]>() for an output that is one.`,
      { ...details, expected: "a list", got: component.kind },
    );
  }
}

/** Components whose value is, or may be, a list. */
const MAY_BE_LIST = new Set([
  "json",
  "hidden",
  "itemlist",
  "gallery",
  "imageslider",
  "checkboxgroup",
  "highlightedtext",
  "chatbot",
  "file",
]);
