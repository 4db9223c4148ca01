import { randomUUID } from "node:crypto";
import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { type FileStore, mapFileRefs } from "../base/files.ts";
import { buildDefinition } from "../graph/build-definition.ts";
import {
  activeInputs,
  type Binding,
  type GraphDefinition,
  type NodeDefinition,
} from "../graph/definition.ts";
import type { BaseNode } from "../graph/node.ts";
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
  try {
    const { values, trusted } = await testInputs(definition, node, given, store.files);
    if (!node.behaviour.executes) return values;
    const request = {
      node: node.name,
      variant: 0,
      attempt: 1,
      workId: randomUUID(),
      inputs: values,
      trusted,
    };
    const signal =
      node.behaviour.policy.timeoutMs === undefined
        ? new AbortController().signal
        : AbortSignal.timeout(node.behaviour.policy.timeoutMs);
    const { outputs } = await invoker.invoke(request, { signal, onUpdate: () => {} });
    // The files stay until the process ends, so that the paths can be read.
    return await mapFileRefs(outputs, (ref) => store.files.path(ref));
  } catch (error) {
    if (error instanceof StepError)
      throw error.cause instanceof Error && error.data.code === "NODE_FAILED"
        ? error.cause
        : new DaggrError(error.data.code, error.data.message, { node: node.name, cause: error });
    throw error;
  } finally {
    await invoker.close();
  }
}

interface TestInputs {
  readonly values: Record<string, unknown>;
  readonly trusted: readonly string[];
}

async function testInputs(
  definition: GraphDefinition,
  node: NodeDefinition,
  given: Readonly<Record<string, unknown>>,
  files: FileStore,
): Promise<TestInputs> {
  const values: Record<string, unknown> = {};
  const inputs = node.behaviour.executes ? activeInputs(node, 0) : fieldsOf(definition, node);
  const known = [
    ...new Set([
      ...inputs.map((input) => input.parameter),
      ...(node.behaviour.parameters ?? []).map((parameter) => parameter.name),
    ]),
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
    const value = await exampleFor(definition, node, parameter, binding);
    if (value !== undefined) values[parameter] = value;
  }
  Object.assign(values, given);
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
  const isOptional =
    node.behaviour.parameters?.find((candidate) => candidate.name === parameter)?.optional === true;
  if (example === undefined && !isOptional) {
    throw new DaggrError(
      "NO_EXAMPLE",
      `Input '${parameter}' of node '${node.name}' needs a value to be tested with, and there is no example of ${component === null || component === undefined ? "one" : `${/^[aeiou]/.test(component.kind) ? "an" : "a"} ${component.kind}`}. Give it: ${node.name}.test({ ${parameter}: … }).`,
      { node: node.name, port: parameter },
    );
  }
  return example;
}
