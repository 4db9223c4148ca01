import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import type { FileStore } from "../base/files.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { takePath } from "../nodes/values.ts";

/**
 * Turns `{ [node]: { [port]: value } }` into values by `{node}__{port}`, files from paths into the store.
 *
 * @throws DaggrError `UNKNOWN_NODE`, `UNKNOWN_INPUT`, `FILE_MISSING`.
 */
export async function fieldsFromInputs(
  definition: GraphDefinition,
  inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  files: Pick<FileStore, "put">,
): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [name, ports] of Object.entries(inputs)) {
    const node = definition.nodes.get(name);
    if (node === undefined) {
      const known = [...definition.nodes.keys()];
      throw new DaggrError(
        "UNKNOWN_NODE",
        `The graph has no node '${name}'.${didYouMean(name, known)} Nodes: ${known.join(", ")}.`,
        { node: name },
      );
    }
    if (typeof ports !== "object" || ports === null) {
      throw new DaggrError(
        "INVALID_VALUE",
        `The inputs of node '${name}' must be an object of values by port, got ${describe(ports)}.`,
        { node: name },
      );
    }
    for (const [port, value] of Object.entries(ports)) {
      const alias = `${name}__${port}`;
      const address = definition.aliases.get(alias) ?? alias;
      const field = definition.fields.get(address);
      if (field === undefined) throw unknownInput(definition, name, port);
      const { component } = field;
      fields[alias] =
        component.spec.mapFiles === undefined
          ? value
          : await component.spec.mapFiles(
              value,
              (file) => takeInput(file, name, port, files),
              component.props,
            );
    }
  }
  return fields;
}

function unknownInput(definition: GraphDefinition, node: string, port: string): DaggrError {
  const prefix = `${node}__`;
  const ports = [...definition.fields.keys(), ...definition.aliases.keys()]
    .filter((address) => address.startsWith(prefix))
    .map((address) => address.slice(prefix.length));
  const bound = definition.nodes.get(node)?.inputs.get(port);
  const why =
    bound === undefined
      ? didYouMean(port, ports)
      : bound.type === "port"
        ? ` It comes from ${bound.node}.${bound.output}.`
        : " It is fixed in the script.";
  return new DaggrError(
    "UNKNOWN_INPUT",
    `Node '${node}' has no input field '${port}'.${why} Its fields: ${ports.join(", ") || "none"}.`,
    { node, port },
  );
}

async function takeInput(
  file: unknown,
  node: string,
  port: string,
  files: Pick<FileStore, "put">,
): Promise<unknown> {
  // An emptied field.
  if (file === null) return file;
  return takePath(file, files, `Input '${port}' of node '${node}'`, "INVALID_VALUE", { node, port });
}
