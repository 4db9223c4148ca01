/** One change of a generator's output: Gradio 4.6 and later send only what changed. */
type Change = readonly [action: string, path: readonly (string | number)[], value: unknown];

/** The value after a list of changes. `value` itself is kept as it was. Throws for changes that do not fit. */
export function applyChanges(value: unknown, changes: readonly Change[]): unknown {
  let current = value;
  for (const [action, path, operand] of changes) current = applyAt(current, path, action, operand);
  return current;
}

function applyAt(
  value: unknown,
  path: readonly (string | number)[],
  action: string,
  operand: unknown,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return changeWhole(value, action, operand);
  if (Array.isArray(value)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index > value.length)
      throw new Error(`no place '${key}' in a list of ${value.length}`);
    const copy = [...value];
    if (rest.length > 0) copy[index] = applyAt(copy[index], rest, action, operand);
    else if (action === "add") copy.splice(index, 0, operand);
    else if (action === "delete") copy.splice(index, 1);
    else copy[index] = changeWhole(copy[index], action, operand);
    return copy;
  }
  const isPlace = typeof value === "object" && value !== null && key !== "__proto__";
  if (
    !isPlace ||
    (action !== "add" && !Object.hasOwn(value, key)) ||
    (rest.length > 0 && !Object.hasOwn(value, key))
  ) {
    throw new Error(`no place '${key}' in this value`);
  }
  const copy: Record<string | number, unknown> = { ...value };
  if (rest.length > 0) copy[key] = applyAt(copy[key], rest, action, operand);
  else if (action === "add") copy[key] = operand;
  else if (action === "delete") delete copy[key];
  else copy[key] = changeWhole(copy[key], action, operand);
  return copy;
}

function changeWhole(value: unknown, action: string, operand: unknown): unknown {
  if (action === "replace" || action === "add") return operand;
  if (action === "append" && typeof value === "string" && typeof operand === "string") return value + operand;
  throw new Error(`the change '${action}' does not fit`);
}

/** The outputs after a further message: each is a list of changes to what it was. */
export function applyOutputChanges(before: readonly unknown[], changes: readonly unknown[]): unknown[] {
  return before.map((value, index) => {
    const own = changes[index];
    if (own === undefined) return value;
    if (!Array.isArray(own)) throw new Error("changes are no list");
    return applyChanges(value, own as Change[]);
  });
}
