import { isFileRef } from "../base/files.ts";
import { canonicalJson, hashText } from "../base/json.ts";

const remembered = new WeakMap<object, string>();

/** Hash of one input value. Files count by content, whatever they are called; a value must not change afterwards. */
export function hashInput(value: unknown): string {
  if (typeof value !== "object" || value === null) return hashText(canonicalJson(value));
  let hash = remembered.get(value);
  if (hash === undefined) {
    hash = hashText(canonicalJson(contentOf(value)));
    remembered.set(value, hash);
  }
  return hash;
}

/**
 * Fingerprint of a step: its definition and what goes in. A drawn value is kept apart behind a dot, because it
 * belongs to the result: whether a result is fresh is asked of the part before it ({@link baseOf}). A variant's inputs
 * count by its own names (`parameters`, by port): at which place the script has it makes no difference.
 */
export function fingerprint(
  identity: string,
  hashes: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>> = {},
): string {
  let text = identity;
  for (const port of Object.keys(hashes).sort())
    text += `\n${JSON.stringify(parameters[port] ?? port)}:${hashes[port]}`;
  return hashText(text);
}

/** Fingerprint of one item, given that of what all items share. */
export function itemFingerprint(shared: string, values: readonly unknown[]): string {
  let text = shared;
  for (const value of values) text += `\n${canonicalJson(contentOf(value))}`;
  return hashText(text);
}

/** The fingerprint of work for which values were drawn. */
export function withDrawn(base: string, drawn: Readonly<Record<string, unknown>>): string {
  for (const _ in drawn) return `${base}.${hashText(canonicalJson(contentOf(drawn))).slice(0, 32)}`;
  return base;
}

/** A fingerprint without what was drawn. */
export function baseOf(fingerprint: string): string {
  return fingerprint.length === 64 ? fingerprint : fingerprint.slice(0, 64);
}

/** The value with every file reduced to its id; the same object where there is none. */
function contentOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isFileRef(value)) {
    const { id, drawing } = value;
    return drawing === undefined
      ? { $daggr: "file", id }
      : { $daggr: "file", id, drawing: contentOf(drawing) };
  }
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const content = contentOf(value[index]);
      if (content !== value[index]) {
        copy ??= value.slice();
        copy[index] = content;
      }
    }
    return copy ?? value;
  }
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    const content = contentOf(item);
    if (content !== item) {
      copy ??= { ...value };
      copy[key] = content;
    }
  }
  return copy ?? value;
}
