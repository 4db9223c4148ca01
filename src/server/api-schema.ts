import type { Component } from "../graph/component.ts";
import { type GraphDefinition, isChoice, type NodeDefinition } from "../graph/definition.ts";
import { daggrId } from "./address-book.ts";
import { type Part, partsOf } from "./parts.ts";

/** What `GET /api/schema` answers, in daggr's shape. */
export interface ApiSchema {
  readonly subgraphs: readonly {
    readonly id: string;
    readonly inputs: readonly {
      readonly node: string;
      readonly port: string;
      readonly type: string;
      readonly id: string;
    }[];
    readonly outputs: readonly { readonly node: string; readonly port: string; readonly type: string }[];
  }[];
}

/** daggr knows no type of these. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  text: "textbox",
  chatbot: "json",
  itemlist: "text",
  datetime: "text",
  plot: "text",
  imageeditor: "text",
  imageslider: "text",
  hidden: "text",
};

/** Inputs and outputs of each part. As in daggr, what belongs to a choice is left out; `/api/openapi.json` has it. */
export function apiSchema(
  definition: GraphDefinition,
  parts: readonly Part[] = partsOf(definition),
): ApiSchema {
  return {
    subgraphs: parts.map((part) => {
      const nodes = part.nodes.map((name) => definition.nodes.get(name)!).filter((node) => !isChoice(node));
      return {
        id: part.id,
        inputs: nodes.flatMap((node) => inputsOf(node, definition)),
        outputs: nodes.filter((node) => part.last.includes(node.name)).flatMap(outputsOf),
      };
    }),
  };
}

function inputsOf(
  node: NodeDefinition,
  definition: GraphDefinition,
): ApiSchema["subgraphs"][number]["inputs"] {
  const inputs = [];
  for (const [port, binding] of node.inputs) {
    // A shared component is one entry, under the first of its ids.
    if (binding.type !== "component" || binding.address !== `${node.name}__${port}`) continue;
    inputs.push(inputEntry(node.name, port, binding.component));
  }
  for (const [port, address] of node.fields) {
    const component = definition.fields.get(address)?.component ?? node.outputs.get(port);
    if (component !== undefined && component !== null) inputs.push(inputEntry(node.name, port, component));
  }
  return inputs;
}

const inputEntry = (node: string, port: string, component: Component) => ({
  node,
  port,
  type: typeOf(component),
  id: daggrId(`${node}__${port}`),
});

function outputsOf(node: NodeDefinition): ApiSchema["subgraphs"][number]["outputs"] {
  return [...node.outputs].flatMap(([port, component]) =>
    component === null || component.kind === "hidden"
      ? []
      : [{ node: node.name, port, type: typeOf(component) }],
  );
}

const typeOf = ({ kind }: Component): string => OTHER_TYPES[kind] ?? kind;
