/** What the tree of a JSON value shows, as plain data: which lines there are, and which a search finds. */

export type Path = readonly (string | number)[];

export interface TreeLine {
  readonly path: Path;
  /** The path as one text, by which lines are told apart. */
  readonly id: string;
  readonly key: string | number | null;
  readonly value: unknown;
  readonly depth: number;
  /** Entries of a list or an object; `null` for everything else. */
  readonly size: number | null;
  readonly isOpen: boolean;
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

export function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function entriesOf(value: object): (readonly [string | number, unknown])[] {
  return Array.isArray(value) ? value.map((entry, index) => [index, entry] as const) : Object.entries(value);
}

export function idOf(path: Path): string {
  return JSON.stringify(path);
}

/** The lines in sight of a tree in which `isOpen` says what is unfolded. */
export function linesOf(value: unknown, isOpen: (id: string, depth: number) => boolean): TreeLine[] {
  const lines: TreeLine[] = [];
  const add = (value: unknown, path: Path, place: number, siblings: number) => {
    const entries = isBranch(value) ? entriesOf(value) : null;
    const id = idOf(path);
    const open = entries !== null && entries.length > 0 && isOpen(id, path.length);
    const key = path.at(-1) ?? null;
    lines.push({
      path,
      id,
      key,
      value,
      depth: path.length,
      size: entries?.length ?? null,
      isOpen: open,
      place,
      siblings,
    });
    if (open)
      for (const [index, [name, child]] of entries.entries())
        add(child, [...path, name], index + 1, entries.length);
  };
  add(value, [], 1, 1);
  return lines;
}

/** Every list and object of the value that has something in it, the value itself first. */
export function branchesOf(value: unknown, path: Path = []): string[] {
  if (!isBranch(value)) return [];
  const entries = entriesOf(value);
  if (entries.length === 0) return [];
  return [idOf(path), ...entries.flatMap(([name, child]) => branchesOf(child, [...path, name]))];
}

/** Where the text occurs, in keys and in values, from top to bottom; at most so many. */
export function find(value: unknown, text: string, most = 1000): Path[] {
  const needle = text.toLowerCase();
  const found: Path[] = [];
  const look = (value: unknown, path: Path) => {
    if (found.length >= most) return;
    const key = path.at(-1);
    const isHit =
      (typeof key === "string" && key.toLowerCase().includes(needle)) ||
      (!isBranch(value) && String(value).toLowerCase().includes(needle));
    if (isHit) found.push(path);
    if (isBranch(value)) for (const [name, child] of entriesOf(value)) look(child, [...path, name]);
  };
  if (needle !== "") look(value, []);
  return found;
}

/** The path as a script would write it: `parts[2].note`. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

/** The text of a line's value: what is in it for a leaf, how much for a branch. */
export function valueText(value: unknown, size: number | null): string {
  if (size === null) return typeof value === "string" ? JSON.stringify(value) : String(value);
  return Array.isArray(value) ? `[${size}]` : `{${size}}`;
}
