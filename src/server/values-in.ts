import { DaggrError, describe } from "../base/errors.ts";
import { type FileRef, type FileStore, isFileRef, keepDrawing } from "../base/files.ts";
import type { Component } from "../graph/component.ts";
import type { AddressBook } from "./address-book.ts";
import { decodeDataUrl } from "./data-url.ts";
import { isObject } from "./json-input.ts";
import { refuse } from "./refusal.ts";

/** Where a value goes, for the message when it does not fit. */
export interface Destination {
  readonly node: string;
  readonly port: string;
  readonly component: Component;
}

export interface AcceptedInputs {
  /** By address; files as `FileRef`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** By choice. */
  readonly variants: Readonly<Record<string, number>>;
}

/** Takes in the `inputs` of a request: every name must exist and every value must fit its component. */
export async function acceptInputs(
  book: AddressBook,
  files: FileStore,
  inputs: unknown,
): Promise<AcceptedInputs> {
  const fields: Record<string, unknown> = Object.create(null);
  const variants: Record<string, number> = Object.create(null);
  if (inputs === undefined) return { fields, variants };
  if (!isObject(inputs))
    throw refuse("INVALID_INPUTS", `'inputs' must be an object, got ${describe(inputs)}.`);
  const wanted = [];
  for (const id of Object.keys(inputs)) {
    const choice = book.choice(id);
    if (choice !== undefined) variants[choice.name] = book.variant(choice, inputs[id]);
    else wanted.push({ field: book.field(id), value: inputs[id] });
  }
  for (const { field, value } of wanted) {
    // Without files there is nothing to wait for.
    fields[field.address] =
      field.component.spec.mapFiles === undefined
        ? checkValue(field, value)
        : await acceptValue(field, files, value);
  }
  return { fields, variants };
}

/** Takes in one value: files become refs, then the component is asked. Never coerces. */
export async function acceptValue(
  destination: Destination,
  files: FileStore,
  value: unknown,
): Promise<unknown> {
  const { component } = destination;
  const { mapFiles } = component.spec;
  if (mapFiles === undefined || component.spec.isEmpty(value)) return checkValue(destination, value);
  let mapped: unknown;
  const taken = new Set<FileRef>();
  try {
    mapped = await mapFiles(
      value,
      async (file) => {
        const ref = await acceptFile(destination, files, file);
        if (ref !== null) taken.add(ref);
        return ref;
      },
      component.props,
    );
  } catch (error) {
    if (error instanceof DaggrError) throw error;
    throw misfit(destination, component.spec.check(value, component.props) ?? "another value", value);
  }
  return checkValue(destination, mapped, taken);
}

/** A data URL, or `{ file: id }` of an upload. A path or a web address is a text, and no file. */
async function acceptFile(
  destination: Destination,
  files: FileStore,
  value: unknown,
): Promise<FileRef | null> {
  if (value === null || value === undefined || value === "") return null;
  const where = { node: destination.node, port: destination.port };
  if (typeof value === "string") {
    const data = decodeDataUrl(value);
    if (data !== undefined) return files.put({ bytes: data.bytes }, `upload.${data.extension}`);
  }
  const id = isFileRef(value)
    ? value.id
    : isObject(value) && Object.keys(value).length === 1
      ? value.file
      : undefined;
  if (typeof id !== "string" || !/^[0-9a-f]{64}$/.test(id)) {
    throw refuse(
      "NOT_A_FILE",
      `'${destination.port}' of '${destination.node}' needs a file: a data URL, or { "file": id } after POST /api/files. Got ${describe(value)}.`,
      where,
    );
  }
  const ref = await files.find(id);
  if (ref === undefined) throw refuse("UNKNOWN_FILE", `There is no file ${id.slice(0, 12)}…`, where);
  if (!isFileRef(value)) return ref;
  // The same content may have been uploaded under several names; the page knows which it means.
  const named = isSafeName(value.name) && value.mime === ref.mime ? { ...ref, name: value.name } : ref;
  return keepDrawing(
    named,
    value.drawing,
    async ({ drawing: _, ...part }) => (await acceptFile(destination, files, part)) as FileRef,
  );
}

const isSafeName = (name: unknown): name is string =>
  typeof name === "string" &&
  name.length > 0 &&
  name.length <= 200 &&
  !/[/\\\p{Cc}]/u.test(name) &&
  !/^\.+$/.test(name);

function checkValue(destination: Destination, value: unknown, taken?: ReadonlySet<FileRef>): unknown {
  const { spec, props } = destination.component;
  refuseRefs(destination, value, taken);
  // An empty number, choice or file is no value: whether one is needed is for the planner to say.
  if (spec.isEmpty(value)) return value ?? null;
  const expected = spec.check(value, props);
  if (expected !== undefined) throw misfit(destination, expected, value);
  return value;
}

/** `$daggr` marks our own references: a stranger's object must not pass for one. */
function refuseRefs(destination: Destination, value: unknown, taken: ReadonlySet<FileRef> | undefined): void {
  if (typeof value !== "object" || value === null || taken?.has(value as FileRef)) return;
  if (Array.isArray(value)) {
    for (const item of value) refuseRefs(destination, item, taken);
    return;
  }
  if (Object.hasOwn(value, "$daggr")) {
    const { node, port } = destination;
    throw refuse("FORBIDDEN_KEY", `A value for '${port}' of '${node}' cannot have the key '$daggr'.`, {
      node,
      port,
    });
  }
  for (const item of Object.values(value)) refuseRefs(destination, item, taken);
}

function misfit({ node, port }: Destination, expected: string, value: unknown): Error {
  const got = describe(value);
  return refuse("INVALID_VALUE", `'${port}' of '${node}' must be ${expected}, got ${got}.`, {
    node,
    port,
    expected,
    got,
  });
}
