type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element; attributes that are `undefined` or `false` are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A property of a component as a number, where it is one. */
export function numeric(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function textual(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Gradio's choices: plain values, or pairs of what is shown and the value. */
export function choicesOf(props: Readonly<Record<string, unknown>>): { label: string; value: unknown }[] {
  if (!Array.isArray(props["choices"])) return [];
  return props["choices"].map((choice: unknown) =>
    Array.isArray(choice)
      ? { label: String(choice[0]), value: choice[1] as unknown }
      : { label: String(choice), value: choice },
  );
}

/** Gradio's `rtl`. */
export function directionOf(props: Readonly<Record<string, unknown>>): "rtl" | undefined {
  return props["rtl"] === true ? "rtl" : undefined;
}

let lastId = 0;
export function uniqueId(prefix: string): string {
  return `${prefix}-${++lastId}`;
}

/** The empty place of an output that has no value yet. */
export function emptyNote(text = "No value yet"): HTMLElement {
  return el("div", { class: "f-empty" }, text);
}

/** Height of a box of lines, so that a card keeps its size while its value grows. */
export function maxHeight(props: Readonly<Record<string, unknown>>, fallback: number): string {
  const given = props["height"] ?? props["maxHeight"];
  if (typeof given === "number") return `${Math.min(given, 600)}px`;
  return typeof given === "string" ? given : `${fallback}px`;
}

const readers: (() => void)[] = [];

/** Reads sizes in the next frame, with all others that asked: one layout of the page serves them all. */
export function readLater(read: () => void): void {
  if (readers.push(read) > 1) return;
  requestAnimationFrame(() => {
    for (const read of readers.splice(0)) read();
  });
}
