import type { Component } from "../graph/component.ts";
import { type GraphDefinition, isChoice } from "../graph/definition.ts";
import type { Part } from "./parts.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** What `GET /api/openapi.json` answers: OpenAPI 3.1, with every input and output of this graph. */
export function openApi(definition: GraphDefinition, parts: readonly Part[]): JsonSchema {
  const paths: Record<string, unknown> = {};
  for (const part of parts) {
    const path = parts.length === 1 ? "/api/call" : `/api/call/${part.id}`;
    paths[path] = { post: callOperation(part, definition) };
  }
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  return {
    openapi: "3.1.0",
    info: { title: definition.name, version: "1" },
    paths: {
      ...paths,
      "/api/schema": { get: operation("The inputs and outputs of each connected part", {}) },
      "/api/runs": {
        get: operation("The latest runs, newest first", {
          runs: { type: "array", items: { type: "object" } },
        }),
        post: {
          ...operation("Starts a run that belongs to the server", RUN, 202),
          requestBody: body({
            inputs: object(inputSchemas(definition)),
            nodes: { type: "array", items: { enum: [...definition.nodes.keys()] } },
            mode: { enum: ["all", "stale", "to", "step", "from"] },
            sheet: { type: "string" },
            variants: { type: "object" },
          }),
        },
      },
      "/api/runs/{id}": {
        parameters: [id],
        get: operation("A run: its status, nodes and outputs", {
          ...RUN,
          nodes: { type: "object" },
          outputs: { type: "object" },
        }),
        delete: operation("Cancels the run", RUN, 202),
      },
      "/api/runs/{id}/resume": {
        parameters: [id],
        post: operation("Goes on where the run stopped", RUN, 202),
      },
      ...answerPaths(definition),
      "/api/runs/{id}/events": {
        parameters: [id],
        get: {
          summary: "What happens in the run, as server-sent events",
          responses: { 200: { description: "Events", content: { "text/event-stream": {} } } },
        },
      },
      "/api/sheets": {
        get: operation("The sheets of this graph", { sheets: { type: "array", items: SHEET } }),
      },
      "/api/sheets/{id}/export": {
        parameters: [id],
        get: {
          summary: "A sheet as one file, with its results and files",
          responses: { 200: { description: "The file", content: { "application/zip": {} } }, "4XX": ERROR },
        },
      },
      "/api/sheets/import": {
        parameters: [{ name: "name", in: "query", schema: { type: "string" } }],
        post: {
          ...operation(
            "A new sheet from such a file",
            { sheet: SHEET, notes: { type: "array", items: { type: "string" } } },
            201,
          ),
          requestBody: { content: { "application/zip": {} } },
        },
      },
      "/api/files": {
        post: {
          ...operation("Uploads a file", { id: { type: "string" }, url: { type: "string" } }, 201),
          requestBody: {
            content: {
              "multipart/form-data": { schema: object({ file: { type: "string", format: "binary" } }) },
            },
          },
        },
      },
    },
  };
}

const SHEET = object({
  id: { type: "string" },
  name: { type: "string" },
  updatedAt: { type: "number" },
  results: { type: "integer" },
});
/** What each human step takes as an answer. */
function answerPaths(definition: GraphDefinition): JsonSchema {
  const human = [...definition.nodes.values()].filter(
    ({ behaviour, variants }) =>
      behaviour.asks !== undefined || variants.some((variant) => variant.behaviour.asks !== undefined),
  );
  if (human.length === 0) return {};
  return {
    "/api/runs/{id}/answers/{node}": {
      parameters: [
        { name: "id", in: "path", required: true, schema: { type: "string" } },
        { name: "node", in: "path", required: true, schema: { enum: human.map(({ name }) => name) } },
      ],
      post: {
        ...operation("Answers a step that asks a person; the run goes on", RUN, 202),
        requestBody: body({
          action: { enum: ["approve", "reject"] },
          values: { description: "Outputs by port; with the action reject, the reason as a text" },
          choice: { type: "integer", minimum: 0 },
          item: { type: "integer", minimum: 0 },
        }),
      },
    },
  };
}

const RUN = { id: { type: "string" }, status: { type: "string" } };
const ERROR = {
  description: "Refused, or failed",
  content: json({
    type: "object",
    required: ["error", "code"],
    properties: {
      error: { type: "string" },
      code: { type: "string" },
      node: { type: "string" },
      port: { type: "string" },
      hint: { type: "string" },
    },
  }),
};

function callOperation(part: Part, definition: GraphDefinition): JsonSchema {
  const own = new Set(part.nodes);
  const outputs = Object.fromEntries(part.last.map((name) => [name, outputSchema(name, definition)]));
  return {
    ...operation(
      `Runs ${part.nodes.length === 1 ? part.nodes[0] : `the ${part.nodes.length} nodes of ${part.id}`} and answers the outputs`,
      { outputs: object(outputs) },
    ),
    requestBody: body({ inputs: object(inputSchemas(definition, own)) }),
  };
}

function inputSchemas(definition: GraphDefinition, nodes?: ReadonlySet<string>): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  for (const node of definition.nodes.values()) {
    if (nodes !== undefined && !nodes.has(node.name)) continue;
    for (const [port, binding] of node.inputs) {
      if (binding.type === "component") schemas[`${node.name}__${port}`] = componentSchema(binding.component);
    }
    for (const [port, address] of node.fields) {
      const component = definition.fields.get(address)?.component;
      if (component !== undefined) schemas[`${node.name}__${port}`] = componentSchema(component);
    }
    if (isChoice(node)) {
      schemas[`${node.name}___selected_variant`] = {
        enum: node.variants.flatMap((variant, index) => [index, variant.name]),
      };
    }
  }
  return schemas;
}

function outputSchema(name: string, definition: GraphDefinition): JsonSchema {
  const node = definition.nodes.get(name);
  const ports = [...(node?.outputs ?? [])].map(([port, component]) => [
    port,
    component === null ? {} : { title: titleOf(component) },
  ]);
  return object(Object.fromEntries(ports));
}

function componentSchema(component: Component): JsonSchema {
  const { props, spec } = component;
  const title = titleOf(component);
  const named = title === undefined ? {} : { title };
  if (spec.mapFiles !== undefined && spec.valueType !== "json")
    return { ...named, description: 'A data URL, or { "file": id } after POST /api/files' };
  switch (spec.valueType) {
    case "text":
      return {
        ...named,
        ...(component.kind === "dropdown" || component.kind === "radio" ? {} : { type: "string" }),
      };
    case "number":
      return {
        ...named,
        type: "number",
        ...(typeof props.minimum === "number" ? { minimum: props.minimum } : {}),
        ...(typeof props.maximum === "number" ? { maximum: props.maximum } : {}),
      };
    case "boolean":
      return { ...named, type: "boolean" };
    default:
      return named;
  }
}

const titleOf = ({ props }: Component): string | undefined =>
  typeof props.label === "string" ? props.label : undefined;

function operation(summary: string, answer: Readonly<Record<string, JsonSchema>>, status = 200): JsonSchema {
  return {
    summary,
    responses: {
      [status]: { description: summary, content: json(object(answer)) },
      "4XX": ERROR,
      500: ERROR,
    },
  };
}

function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: "object", properties };
}

function body(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { content: json({ ...object(properties), additionalProperties: false }) };
}

function json(schema: JsonSchema): JsonSchema {
  return { "application/json": { schema } };
}
