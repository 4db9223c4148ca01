import { diffArrays } from "diff";
import { isFileRef } from "../../../../src/protocol/values.ts";

export interface ValueChange {
  /** `scenes[2].title`, `row 3, price`; empty for the value itself. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Above this, entries are compared in their order rather than matched. */
const matchedUpTo = 3_000;
const timeoutMs = 500;

/** What differs between two values, place by place. */
export function diffValues(before: unknown, after: unknown): ValueChange[] {
  const changes: ValueChange[] = [];
  const [rowsBefore, rowsAfter] = [rowsOf(before), rowsOf(after)];
  if (rowsBefore !== undefined && rowsAfter !== undefined)
    walkList(rowsBefore, rowsAfter, "", rowPath, changes);
  else walk(before, after, "", changes);
  return changes;
}

function walk(before: unknown, after: unknown, path: string, changes: ValueChange[]): void {
  if (isSame(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) return walkList(before, after, path, indexPath, changes);
  if (isPlain(before) && isPlain(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const inner = path === "" ? key : path.startsWith("row ") ? `${path}, ${key}` : `${path}.${key}`;
      if (!(key in before)) changes.push({ path: inner, kind: "added", after: after[key] });
      else if (!(key in after)) changes.push({ path: inner, kind: "removed", before: before[key] });
      else walk(before[key], after[key], inner, changes);
    }
    return;
  }
  changes.push({ path, kind: "changed", before, after });
}

type PathOf = (path: string, index: number) => string;
const indexPath: PathOf = (path, index) => `${path}[${index + 1}]`;
const rowPath: PathOf = (_, index) => `row ${index + 1}`;

/** Entries that both lists have are found again wherever they stand; what takes another's place is compared with it. */
function walkList(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  pathOf: PathOf,
  changes: ValueChange[],
): void {
  const keys = (list: readonly unknown[]) => list.map((entry) => JSON.stringify(entry) ?? "null");
  const hunks =
    before.length + after.length > matchedUpTo
      ? undefined
      : diffArrays(keys(before), keys(after), { timeout: timeoutMs });
  if (hunks === undefined) {
    for (let index = 0; index < Math.max(before.length, after.length); index++)
      pair(before, after, index, index, path, pathOf, changes);
    return;
  }
  let left = 0;
  let right = 0;
  for (let place = 0; place < hunks.length; place++) {
    const { added, removed, value } = hunks[place]!;
    const next = hunks[place + 1];
    if (!added && !removed) {
      left += value.length;
      right += value.length;
      continue;
    }
    const taken = removed ? value.length : 0;
    const came = added ? value.length : removed && next?.added === true ? next.value.length : 0;
    if (removed && next?.added === true) place++;
    for (let offset = 0; offset < Math.max(taken, came); offset++) {
      const from = offset < taken ? left + offset : before.length;
      const to = offset < came ? right + offset : after.length;
      pair(before, after, from, to, path, pathOf, changes);
    }
    left += taken;
    right += came;
  }
}

function pair(
  before: readonly unknown[],
  after: readonly unknown[],
  left: number,
  right: number,
  path: string,
  pathOf: PathOf,
  changes: ValueChange[],
): void {
  if (left >= before.length) changes.push({ path: pathOf(path, right), kind: "added", after: after[right] });
  else if (right >= after.length)
    changes.push({ path: pathOf(path, left), kind: "removed", before: before[left] });
  else walk(before[left], after[right], pathOf(path, right), changes);
}

/** The rows of a table by the names of their columns. */
function rowsOf(value: unknown): readonly Record<string, unknown>[] | undefined {
  if (!isPlain(value)) return undefined;
  const { headers, data } = value;
  if (!Array.isArray(headers) || !Array.isArray(data) || !data.every(Array.isArray)) return undefined;
  return data.map((row: readonly unknown[]) =>
    Object.fromEntries(row.map((cell, column) => [String(headers[column] ?? `column ${column + 1}`), cell])),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isFileRef(value);
}

function isSame(a: unknown, b: unknown): boolean {
  if (isFileRef(a) && isFileRef(b)) return a.id === b.id;
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
