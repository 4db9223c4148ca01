import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe, type ErrorDetails } from "../base/errors.ts";
import { type FileStore, isFileRef, mapFileRefs } from "../base/files.ts";
import { plainValue } from "../base/json.ts";
import type { Place } from "../base/place.ts";
import type { Component } from "../graph/component.ts";

/** Who is speaking, for messages. */
export interface Speaker {
  readonly name: string;
  readonly place: Place | undefined;
}

export type OutputComponents = Readonly<Record<string, Component | null>>;

export function detailsOf(node: Speaker, port?: string): { node: string; port?: string; place?: Place } {
  return {
    node: node.name,
    ...(port === undefined ? {} : { port }),
    ...(node.place === undefined ? {} : { place: node.place }),
  };
}

/** Files become paths that user code can read. */
export async function toPaths(
  inputs: Readonly<Record<string, unknown>>,
  files: FileStore,
): Promise<Record<string, unknown>> {
  return (await mapFileRefs({ ...inputs }, (ref) => files.path(ref))) as Record<string, unknown>;
}

/** What a function returned, by output name: its value for the only output, a record for several. */
export function byOutput(
  node: Speaker,
  outputs: OutputComponents,
  returned: unknown,
  warn: (text: string) => void,
  isPartial = false,
): Record<string, unknown> {
  const names = Object.keys(outputs);
  if (names.length === 0) return {};
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    if (returned === undefined && !isPartial) {
      throw new DaggrError(
        "NO_VALUE",
        `Node '${node.name}' returned nothing; expected the value of its output '${only}'.`,
        { ...detailsOf(node, only), expected: `the value of '${only}'`, got: "undefined" },
      );
    }
    return { [only]: returned };
  }
  if (typeof returned !== "object" || returned === null || Array.isArray(returned)) {
    throw new DaggrError(
      "WRONG_OUTPUTS",
      `Node '${node.name}' has the outputs ${names.join(", ")}, so it must return an object with one entry for each, got ${describe(returned)}.`,
      {
        ...detailsOf(node),
        expected: `{ ${names.join(", ")} }`,
        got: describe(returned),
      },
    );
  }
  const record = returned as Record<string, unknown>;
  const present = names.filter((name) => record[name] !== undefined);
  for (const extra of Object.keys(record)) {
    if (!(extra in outputs))
      warn(
        `Node '${node.name}' returned '${extra}', which is none of its outputs (${names.join(", ")}).${didYouMean(extra, names)}`,
      );
  }
  if (!isPartial) {
    const missing = names.filter((name) => !present.includes(name));
    if (missing.length > 0) {
      throw new DaggrError(
        "WRONG_OUTPUTS",
        `Node '${node.name}' returned no ${missing.map((name) => `'${name}'`).join(", ")}. It must return ${names.join(", ")}; it returned ${describe(record)}.`,
        {
          ...detailsOf(node, missing[0]),
          expected: `{ ${names.join(", ")} }`,
          got: describe(record),
        },
      );
    }
  }
  return Object.fromEntries(present.map((name) => [name, record[name]]));
}

/** Takes the files of a node's outputs into the store. Only ports with a file component carry files; everything else is what it is. */
export async function takeIn(
  node: Speaker,
  outputs: OutputComponents,
  values: Record<string, unknown>,
  files: FileStore,
  warn: (text: string) => void,
): Promise<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  for (const [port, value] of Object.entries(values)) {
    const component = outputs[port] ?? null;
    kept[port] =
      component?.spec.mapFiles === undefined
        ? plainValue(value, (lost) => warn(ofNothingKept(node, port, lost)))
        : await component.spec.mapFiles(value, (file) => takeFile(node, port, file, files), component.props);
    if (component !== null && kept[port] !== null) {
      const expected = component.spec.check(kept[port], {});
      // A wrong value shows as JSON and breaks nothing, but it should not pass in silence.
      if (
        expected !== undefined &&
        component.kind !== "dropdown" &&
        component.kind !== "radio" &&
        component.kind !== "checkboxgroup"
      ) {
        warn(`Output '${port}' of node '${node.name}': expected ${expected}, got ${describe(value)}.`);
      }
    }
  }
  return kept;
}

function ofNothingKept(node: Speaker, port: string, lost: object): string {
  const kind = Object.prototype.toString.call(lost).slice(8, -1);
  const advice = lost instanceof Promise ? "await it" : "return a list, an object or a text";
  return `Output '${port}' of node '${node.name}' holds a ${kind}, of which nothing can be kept: ${advice}.`;
}

async function takeFile(node: Speaker, port: string, file: unknown, files: FileStore): Promise<unknown> {
  const subject = `Output '${port}' of node '${node.name}'`;
  return takePath(file, files, subject, "INVALID_OUTPUT_VALUE", detailsOf(node, port));
}

/**
 * Takes the file at a path that the script gave into the store; a ref is one already.
 *
 * @param subject - Begins the sentence of the error: `Output 'image' of node 'draw'`.
 * @param code - For what is no path.
 */
export async function takePath(
  file: unknown,
  files: Pick<FileStore, "put">,
  subject: string,
  code: "INVALID_VALUE" | "INVALID_OUTPUT_VALUE",
  details: ErrorDetails,
): Promise<unknown> {
  if (isFileRef(file)) return file;
  if (typeof file !== "string") {
    throw new DaggrError(code, `${subject} must be the path of a file, got ${describe(file)}.`, {
      ...details,
      expected: "the path of a file",
      got: describe(file),
    });
  }
  try {
    return await files.put({ path: file });
  } catch (cause) {
    if (cause instanceof DaggrError && cause.code !== "FILE_MISSING") throw cause;
    throw new DaggrError(
      "FILE_MISSING",
      `${subject} is the path ${JSON.stringify(file)}, but there is no such file.`,
      { ...details, cause },
    );
  }
}
