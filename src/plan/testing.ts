import { hashValue } from "../base/json.ts";
import type { MaybePromise } from "../base/types.ts";
import type { Behaviour, Concurrency, Parameter, StepPolicy } from "../graph/behaviour.ts";
import { type Component, createComponent } from "../graph/component.ts";
import type {
  Binding,
  EdgeDefinition,
  GraphDefinition,
  InputField,
  NodeDefinition,
} from "../graph/definition.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { StepContext } from "../graph/step.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Graph definitions from small literals, for tests that have no use for the public classes. Not part of the package's
 * surface.
 *
 * An input is `"a.out"` (an edge), `"a.out.each"`, `"a.out.each.field"`, `"a.out.all"`, `"a.out.item"` (item by item), a
 * function, a component ({@link textField}, {@link numberField}), or `{ fixed: value }`.
 */
export type TestInput = string | { readonly fixed: unknown } | (() => MaybePromise<unknown>) | Component;

export interface TestNode {
  readonly inputs?: Readonly<Record<string, TestInput>>;
  /** Default: one output `out`. */
  readonly outputs?: readonly string[];
  /** Returns the outputs by name, or the value of the only output. Default: its inputs, joined to a text. */
  readonly invoke?: (inputs: Readonly<Record<string, any>>, context: StepContext) => unknown;
  readonly variants?: Readonly<Record<string, TestNode>>;
  /** For a node that only holds values: its fields, which are its outputs. */
  readonly fields?: Readonly<Record<string, Component>>;
  readonly concurrency?: Concurrency;
  readonly policy?: Partial<StepPolicy>;
  readonly parameters?: readonly Parameter[];
  readonly worker?: boolean;
  readonly kind?: string;
  /** The definition, as its hash sees it. */
  readonly version?: number;
}

export const testPolicy: StepPolicy = {
  retries: 0,
  retryDelayMs: 1,
  timeoutMs: undefined,
  cache: false,
  onItemError: "fail",
};

export function textField(
  props: { readonly label?: string; readonly value?: string } = {},
): Component<string> {
  return createComponent<string>(
    {
      kind: "textbox",
      valueType: "text",
      check: () => undefined,
      isEmpty: () => false,
      example: () => "text",
    },
    props,
  );
}

export function numberField(
  props: { readonly label?: string; readonly value?: number } = {},
): Component<number> {
  const isEmpty = (value: unknown) => value === undefined || value === null;
  return createComponent<number>(
    { kind: "number", valueType: "number", check: () => undefined, isEmpty, example: () => 1 },
    props,
  );
}

/** Nodes in an order in which they can run. */
export function testGraph(nodes: Readonly<Record<string, TestNode>>, name = "test"): GraphDefinition {
  const made = new Map<string, NodeDefinition & { readonly downstream: string[] }>();
  const fields = new Map<string, InputField>();
  const addresses = new Map<Component, string>();
  const aliases = new Map<string, string>();
  const edges: EdgeDefinition[] = [];

  const address = (component: Component, wanted: string): string => {
    const known = addresses.get(component);
    if (known !== undefined) {
      aliases.set(wanted, known);
      const field = fields.get(known) as InputField;
      fields.set(known, { ...field, aliases: [...field.aliases, wanted] });
      return known;
    }
    addresses.set(component, wanted);
    fields.set(wanted, { address: wanted, component, aliases: [] });
    return wanted;
  };
  const bind = (node: string, port: string, input: TestInput): Binding => {
    if (typeof input === "function") return { type: "function", draw: input };
    if (typeof input === "string") {
      const [from = "", output = "", how, field] = input.split(".");
      edges.push({
        from: { node: from, port: output },
        to: { node, port },
        kind: how === "each" || how === "all" ? how : "plain",
      });
      const mode = how === "each" || how === "all" ? how : "plain";
      return {
        type: "port",
        node: from,
        output,
        mode,
        ...(field === undefined ? {} : { field }),
        itemwise: how === "item",
      };
    }
    if ("fixed" in input) return { type: "fixed", value: input.fixed, kept: input.fixed };
    return { type: "component", component: input, address: address(input, `${node}__${port}`) };
  };

  for (const [nodeName, spec] of Object.entries(nodes)) {
    const inputs = new Map<string, Binding>();
    for (const [port, input] of Object.entries(spec.inputs ?? {}))
      inputs.set(port, bind(nodeName, port, input));
    const variants = Object.entries(spec.variants ?? {}).map(([variantName, variant], index) => {
      const own = new Map<string, Binding>();
      for (const [parameter, input] of Object.entries(variant.inputs ?? {})) {
        const port = `variant_${index}_${parameter}`;
        const binding = bind(nodeName, port, input);
        inputs.set(port, binding);
        own.set(parameter, binding);
      }
      return { ...nodeShell(variantName, variant), inputs: own };
    });
    const held = new Map<string, string>();
    for (const [port, component] of Object.entries(spec.fields ?? {}))
      held.set(port, address(component, `${nodeName}__${port}`));
    const upstream = new Set<string>();
    for (const binding of inputs.values()) if (binding.type === "port") upstream.add(binding.node);
    const shell = nodeShell(nodeName, spec);
    made.set(nodeName, {
      ...shell,
      inputs,
      variants,
      fields: held,
      upstream: [...upstream],
      downstream: [],
      scattered: [...inputs.values()].some(
        (binding) => binding.type === "port" && (binding.itemwise || binding.mode === "each"),
      ),
    });
    for (const from of upstream) made.get(from)?.downstream.push(nodeName);
  }
  return { name, persistKey: name, nodes: made, edges, fields, aliases, warnings: [] };
}

function nodeShell(name: string, spec: TestNode): NodeDefinition {
  const names = spec.fields === undefined ? (spec.outputs ?? ["out"]) : Object.keys(spec.fields);
  const outputs = new Map<string, Component | null>(
    names.map((output) => [output, spec.fields?.[output] ?? null]),
  );
  return {
    name,
    place: undefined,
    behaviour: testBehaviour(name, spec, names),
    inputs: new Map(),
    outputs,
    scattered: false,
    variants: [],
    upstream: [],
    downstream: [],
    fields: new Map(),
  };
}

function testBehaviour(name: string, spec: TestNode, outputs: readonly string[]): Behaviour {
  const invoke =
    spec.invoke ??
    ((inputs: Readonly<Record<string, unknown>>) => `${name}(${Object.values(inputs).join(",")})`);
  return {
    kind: spec.kind ?? (spec.fields === undefined ? "fn" : "input"),
    executes: spec.fields === undefined,
    concurrency: spec.concurrency ?? { type: "free", maxItems: 8 },
    policy: { ...testPolicy, ...spec.policy },
    worker: spec.worker ?? false,
    ...(spec.parameters === undefined ? {} : { parameters: spec.parameters }),
    trusted: true,
    identity: () => ({ name, version: spec.version ?? 0 }),
    async invoke(inputs, context) {
      const value = await invoke(inputs, context);
      const [only] = outputs;
      return outputs.length === 1 && only !== undefined
        ? { [only]: value }
        : (value as Record<string, unknown>);
    },
  };
}

/** The hash of every node's (chosen variant's) definition. */
export async function testIdentities(
  definition: GraphDefinition,
  variants: Readonly<Record<string, number>> = {},
): Promise<ReadonlyMap<string, string>> {
  const identities = new Map<string, string>();
  for (const node of definition.nodes.values()) {
    const { behaviour } = node.variants[variants[node.name] ?? 0] ?? node;
    identities.set(node.name, hashValue(await behaviour.identity()));
  }
  return identities;
}

/** A sheet in memory: what a store would keep, with the snapshot that it gives. */
export class TestSheet {
  fields: Record<string, unknown> = {};
  variants: Record<string, number> = {};
  readonly selected = new Map<string, ResultRecord>();
  readonly history: ResultRecord[] = [];
  readonly items = new Map<string, Map<string, ItemRecord>>();

  async snapshot(definition: GraphDefinition): Promise<Snapshot> {
    const { history, items } = this;
    return {
      fields: { ...this.fields },
      variants: { ...this.variants },
      selected: new Map(this.selected),
      identities: await testIdentities(definition, this.variants),
      keptItems: (node) => [...(items.get(node)?.values() ?? [])],
      cached: (node, fingerprint) =>
        history.findLast((result) => result.node === node && result.fingerprint === fingerprint),
    };
  }

  /** Keeps what a notice of the runner carries. */
  keep(notice: {
    readonly result?: ResultRecord;
    readonly item?: { readonly node: string; readonly record: ItemRecord };
  }): void {
    const { result, item } = notice;
    if (result !== undefined) {
      this.history.push(result);
      this.selected.set(result.node, result);
      this.items.delete(result.node);
    }
    if (item !== undefined && item.record.error === undefined) {
      const kept = this.items.get(item.node) ?? new Map<string, ItemRecord>();
      this.items.set(item.node, kept.set(item.record.fingerprint, item.record));
    }
  }
}
