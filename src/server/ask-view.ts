import type { FileStore } from "../base/files.ts";
import type { Component } from "../graph/component.ts";
import { activeBehaviour, type GraphDefinition, type NodeDefinition } from "../graph/definition.ts";
import type { OpenQuestion } from "../protocol/ask.ts";
import type { AskView, PortView } from "../protocol/view.ts";
import { componentView } from "./component-view.ts";
import { labelOf } from "./port-source.ts";
import { withFileUrls } from "./values-out.ts";

/** How a step asks, if a person does it. */
export async function askView(
  { behaviour, outputs }: Pick<NodeDefinition, "behaviour" | "outputs">,
  files: FileStore,
): Promise<{ readonly ask?: AskView }> {
  const { asks } = behaviour;
  if (asks === undefined) return {};
  const [shown, fields] = await Promise.all([portsOf(asks.shown, files), portsOf(outputs, files)]);
  return { ask: { form: asks.form, shown, fields } };
}

function portsOf(components: ReadonlyMap<string, Component | null>, files: FileStore): Promise<PortView[]> {
  return Promise.all(
    [...components].map(async ([name, component]) => ({
      name,
      label: labelOf(component, name),
      type: component?.spec.valueType ?? ("any" as const),
      list: false,
      ...(component === null ? {} : { component: await componentView(component, files) }),
    })),
  );
}

/** What `GET /api/runs/{id}` says of a step that waits: the form, and its open questions. */
export async function askAnswer(
  definition: GraphDefinition,
  files: FileStore,
  name: string,
  variant: number,
  questions: readonly OpenQuestion[] | undefined,
): Promise<unknown> {
  const node = definition.nodes.get(name);
  if (node === undefined || questions === undefined || questions.length === 0) return undefined;
  const behaviour = activeBehaviour(node, variant);
  const { outputs } = node.variants[variant] ?? node;
  const { ask } = await askView({ behaviour, outputs }, files);
  if (ask === undefined) return undefined;
  const fields = ask.fields.map(({ name: port, label, type, component }) => ({
    name: port,
    label,
    type,
    component: component?.kind,
    props: withFileUrls(component?.props),
  }));
  return { form: ask.form, fields, questions: withFileUrls(questions) };
}
