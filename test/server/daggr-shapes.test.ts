/** Our /api/schema and /api/call beside what daggr 0.8 really answered (record-daggr.py). */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import * as gr from "../../src/components/gr.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import { apiSchema } from "../../src/server/api-schema.ts";
import { openGraph } from "./open-graph.ts";
import { peerGraphs } from "./peer-graphs.ts";

interface Recorded {
  readonly schema: { readonly subgraphs: readonly Part[] };
  readonly calls: readonly {
    readonly path: string;
    readonly body: unknown;
    readonly status: number;
    readonly answer: any;
  }[];
}
interface Part {
  readonly id: string;
  readonly inputs: readonly { readonly id: string }[];
  readonly outputs: readonly { readonly node: string; readonly port: string }[];
}

const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));

/** networkx gives sets: the order of nodes inside a part means nothing. */
const sorted = (schema: { readonly subgraphs: readonly Part[] }) => ({
  subgraphs: schema.subgraphs.map((part) => ({
    ...part,
    inputs: part.inputs.toSorted((a, b) => a.id.localeCompare(b.id)),
    outputs: part.outputs.toSorted((a, b) => `${a.node} ${a.port}`.localeCompare(`${b.node} ${b.port}`)),
  })),
});

const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

describe.each(Object.keys(peerGraphs))("%s", (name) => {
  const theirs = recorded(name);
  const definition = peerGraphs[name]!();

  test("has daggr's schema", async () => {
    const { url, close } = await openGraph(definition);
    closers.push(close);
    const ours = (await (await fetch(`${url}api/schema`)).json()) as { subgraphs: Part[] };
    const expected = structuredClone(theirs.schema) as unknown as {
      subgraphs: { id: string; inputs: { id: string }[]; outputs: Part["outputs"] }[];
    };
    // One shared component is one entry; daggr lists it once for each node.
    if (name === "shared")
      expected.subgraphs[0]!.inputs = expected.subgraphs[0]!.inputs.filter(({ id }) => id !== "two__about");
    expect(sorted(ours)).toEqual(sorted(expected));
  });

  test.each(theirs.calls)("answers $path as daggr does: $status", async ({ path, body, status, answer }) => {
    const { url, close } = await openGraph(definition);
    closers.push(close);
    const response = await fetch(url + path.slice(1), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const ours = (await response.json()) as Record<string, unknown>;
    expect(response.status).toBe(status);
    if (status !== 200) {
      expect(ours).toMatchObject(name === "failing" ? { code: "NODE_FAILED", node: "burst" } : answer);
      expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(answer)));
    } else if (name === "choice") {
      // daggr takes no value for a variant's inputs; only the shape is held.
      expect(shapeOf(ours)).toEqual(shapeOf(answer));
    } else expect(ours).toEqual(answer);
  });
});

test("a failing function says so in daggr's words", async () => {
  const { url, close } = await openGraph(peerGraphs["failing"]!());
  closers.push(close);
  const response = await fetch(`${url}api/call`, { method: "POST", body: "{}" });
  expect(await response.json()).toEqual({
    error: "Execution error in node 'burst': the pipe burst: x",
    code: "NODE_FAILED",
    node: "burst",
  });
});

test("values given to a variant's inputs are used", async () => {
  const { url, close } = await openGraph(peerGraphs["choice"]!());
  closers.push(close);
  const call = async (inputs: object) =>
    (await (await fetch(`${url}api/call`, { method: "POST", body: JSON.stringify({ inputs }) })).json()) as {
      outputs: unknown;
    };
  expect(await call({ plain__variant_0_text: "v" })).toEqual({ outputs: { last: { end: "v plain." } } });
  expect(await call({ plain___selected_variant: 1, plain__variant_1_text: "v" })).toEqual({
    outputs: { last: { end: "V." } },
  });
  expect(await call({ plain___selected_variant: "loud" })).toEqual({ outputs: { last: { end: "B." } } });
});

test("every component has daggr's type", () => {
  const inputs: Record<string, unknown> = {};
  const factories: Readonly<Record<string, (props?: object) => unknown>> = gr as never;
  const theirs = new Map(
    (recorded("components").schema.subgraphs[0]!.inputs as never as { port: string; type: string }[]).map(
      ({ port, type }) => [port, type],
    ),
  );
  for (const [name, make] of Object.entries(factories)) {
    if (theirs.has(name.toLowerCase()))
      inputs[name.toLowerCase()] = make(
        ["Dropdown", "Radio", "CheckboxGroup"].includes(name) ? { choices: ["a", "b"] } : {},
      );
  }
  const every = new FnNode((_given: Record<string, unknown>) => "ok", {
    name: "every",
    inputs: inputs as never,
    outputs: { out: gr.Textbox() },
  });
  const schema = apiSchema(
    buildDefinition({ name: "Components", persistKey: false, nodes: [every as never], edges: [] }),
  );
  const ours = new Map(schema.subgraphs[0]!.inputs.map(({ port, type }) => [port, type]));
  // A TextArea is a Textbox of several lines.
  expect(Object.fromEntries(ours)).toEqual({ ...Object.fromEntries(theirs), textarea: "textbox" });
});

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
}
