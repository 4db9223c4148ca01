import { randomUUID } from "node:crypto";
import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { type FileStore, mapFileRefs } from "../base/files.ts";
import { buildDefinition } from "../graph/build-definition.ts";
import {
  type Binding,
  type GraphDefinition,
  inputsOfVariant,
  type NodeDefinition,
  triesInOrder,
  variantBehaviour,
} from "../graph/definition.ts";
import type { BaseNode } from "../graph/node.ts";
import { holdServices } from "../graph/services.ts";
import { StepError } from "../graph/step.ts";
import { createInvoker } from "../run/invoker.ts";
import { createMemoryStore } from "../store/memory-store.ts";

/** `node.test()`: runs one node alone; what is left out takes the component's value, else an example of its kind. */
export async function testNode(tested: BaseNode, given: Readonly<Record<string, unknown>>): Promise<unknown> {
  const definition = buildDefinition({ name: "test", persistKey: false, nodes: [tested], edges: [] });
  const node = [...definition.nodes.values()].find(
    (candidate) => candidate.place === undefined || candidate.name === tested.name,
  );
  if (node === undefined) throw new DaggrError("INTERNAL", `Node '${tested.name}' is not in its own graph.`);
  const store = createMemoryStore();
  const invoker = createInvoker(definition, store.files);
  const release = holdServices(definition);
  try {
    if (!node.behaviour.executes) return (await testInputs(definition, node, 0, given, store.files)).values;
    // The variants of a fallback in their order; of a choice the first.
    const last = triesInOrder(node) ? node.variants.length - 1 : 0;
    for (let variant = 0; ; variant++) {
      const { values, trusted } = await testInputs(definition, node, variant, given, store.files);
      const request = { node: node.name, variant, attempt: 1, workId: randomUUID(), inputs: values, trusted };
      const { timeoutMs } = variantBehaviour(node, variant).policy;
      const signal = timeoutMs === undefined ? new AbortController().signal : AbortSignal.timeout(timeoutMs);
      try {
        const { outputs } = await invoker.invoke(request, { signal, onUpdate: () => {} });
        // The files stay until the process ends, so that the paths can be read.
        return await mapFileRefs(outputs, (ref) => store.files.path(ref));
      } catch (error) {
        if (variant === last) throw error;
      }
    }
  } catch (error) {
    if (error instanceof StepError)
      throw error.cause instanceof Error && error.data.code === "NODE_FAILED"
        ? error.cause
        : new DaggrError(error.data.code, error.data.message, { node: node.name, cause: error });
    throw error;
  } finally {
    await invoker.close();
    await release();
  }
}

interface TestInputs {
  readonly values: Record<string, unknown>;
  readonly trusted: readonly string[];
}

async function testInputs(
  definition: GraphDefinition,
  node: NodeDefinition,
  variant: number,
  given: Readonly<Record<string, unknown>>,
  files: FileStore,
): Promise<TestInputs> {
  const values: Record<string, unknown> = {};
  const { parameters = [] } = triesInOrder(node) ? variantBehaviour(node, variant) : node.behaviour;
  const inputs = node.behaviour.executes ? inputsOfVariant(node, variant) : fieldsOf(definition, node);
  const own = namesOf(inputs, parameters);
  // What only another variant of a fallback takes is no mistake.
  const known = !triesInOrder(node)
    ? own
    : [
        ...new Set(
          node.variants.flatMap(({ behaviour }, index) =>
            namesOf(inputsOfVariant(node, index), behaviour.parameters ?? []),
          ),
        ),
      ];
  for (const name of Object.keys(given)) {
    if (known.length === 0 || known.includes(name) || node.inputs.size === 0) continue;
    throw new DaggrError(
      "UNKNOWN_INPUT",
      `Node '${node.name}' has no input '${name}'.${didYouMean(name, known)} Its inputs: ${known.join(", ")}.`,
      { node: node.name, port: name },
    );
  }
  for (const { parameter, binding } of inputs) {
    if (parameter in given) continue;
    const isOptional = parameters.find((candidate) => candidate.name === parameter)?.optional === true;
    const value = await exampleFor(definition, node, parameter, binding, isOptional);
    if (value !== undefined) values[parameter] = value;
  }
  for (const [name, value] of Object.entries(given))
    if (!triesInOrder(node) || own.length === 0 || own.includes(name)) values[name] = value;
  for (const { parameter, binding } of inputs) {
    const component = binding.type === "component" ? binding.component : undefined;
    if (component?.spec.mapFiles !== undefined) {
      values[parameter] = await component.spec.mapFiles(
        values[parameter],
        (file) => (typeof file === "string" ? files.put({ path: file }) : Promise.resolve(file)),
        component.props,
      );
    }
  }
  return { values, trusted: Object.keys(values) };
}

function namesOf(
  inputs: readonly { readonly parameter: string }[],
  parameters: readonly { readonly name: string }[],
): string[] {
  return [...new Set([...inputs.map((each) => each.parameter), ...parameters.map((each) => each.name)])];
}

function fieldsOf(
  definition: GraphDefinition,
  node: NodeDefinition,
): { parameter: string; binding: Binding }[] {
  return [...node.fields].flatMap(([port, address]) => {
    const component = definition.fields.get(address)?.component;
    return component === undefined
      ? []
      : [{ parameter: port, binding: { type: "component" as const, component, address } }];
  });
}

/** A value to try a node with; `undefined` leaves an optional parameter to its default. */
async function exampleFor(
  definition: GraphDefinition,
  node: NodeDefinition,
  parameter: string,
  binding: Binding,
  isOptional: boolean,
): Promise<unknown> {
  if (binding.type === "fixed") return binding.value;
  if (binding.type === "function") return binding.draw();
  const component =
    binding.type === "component"
      ? binding.component
      : definition.nodes.get(binding.node)?.outputs.get(binding.output);
  const own = component?.props.value;
  // An empty text is a value to run with, but none to try a node with.
  let example =
    own === undefined || own === null || own === "" ? component?.spec.example(component.props) : own;
  if (binding.type === "port") {
    if (binding.mode === "all") example = [example];
    if (binding.mode === "each") {
      example = Array.isArray(example) ? example[0] : example;
      if (binding.field !== undefined)
        example = (example as Record<string, unknown> | undefined)?.[binding.field] ?? "example";
    }
  }
  if (example === undefined && !isOptional) {
    throw new DaggrError(
      "NO_EXAMPLE",
      `Input '${parameter}' of node '${node.name}' needs a value to be tested with, and there is no example of ${component === null || component === undefined ? "one" : `${/^[aeiou]/.test(component.kind) ? "an" : "a"} ${component.kind}`}. Give it: ${node.name}.test({ ${parameter}: … }).`,
      { node: node.name, port: parameter },
    );
  }
  return example;
}
