import type { Invalid, IsAny } from "../base/types.ts";
import type { carried } from "./component.ts";

/** Where a connection reads from: the run-time half of every port type. */
export interface PortSource {
  /** The node, as an object; its name may still change. */
  readonly node: object;
  readonly output: string;
  readonly mode: "plain" | "each" | "all";
  /** With `each`: one field of every item. */
  readonly field?: string;
}

const source: unique symbol = Symbol("daggr.port.source");

/** A typed output of a node that carries one value per run. */
export interface Port<
  /** @ts-expect-error Cast variance: the conditional type of `each` would make `T` invariant. */
  out T,
> {
  readonly [carried]: { readonly run: T };
  /** Scatters a list: the node this is connected to runs once for every item. */
  readonly each: Each<T>;
}

/** Anything that carries one value per item of a scattered list. */
export interface ItemSource<T> {
  readonly [carried]: { readonly item: T };
}

/** A typed output of a node that runs once per item. */
export interface ItemPort<T> extends ItemSource<T> {
  /** Gathers the value of every item back into one list. */
  all(): Port<T[]>;
}

/** What `port.each` gives: the whole item, or one of its fields by name. */
export type Each<T> =
  IsAny<T> extends true
    ? ItemSource<any> & { readonly [field: string]: ItemSource<any> }
    : T extends readonly (infer Item)[]
      ? ItemSource<Item> & ItemFields<Item>
      : Invalid<"`.each` needs a port that carries a list. If it does, say so: gr.JSON<Item[]>().">;

type ItemFields<Item> = Item extends readonly unknown[]
  ? unknown
  : Item extends object
    ? { readonly [K in keyof Item & string]-?: ItemSource<Item[K]> }
    : unknown;

class OutputPort {
  readonly [source]: PortSource;

  constructor(from: PortSource) {
    this[source] = from;
  }

  get each(): object {
    return scatter(this[source]);
  }

  all(): OutputPort {
    return new OutputPort({ ...this[source], mode: "all" });
  }
}

/** The fields of an item are known only once the node has run, so a Proxy answers for them. */
function scatter(from: PortSource): object {
  const whole: { readonly [source]: PortSource } = { [source]: { ...from, mode: "each" } };
  return new Proxy(whole, {
    get(target, key) {
      if (typeof key === "symbol") return Reflect.get(target, key);
      // `await` and JSON.stringify look these up on everything they meet.
      if (key === "then" || key === "toJSON") return undefined;
      return { [source]: { ...target[source], field: key } };
    },
  });
}

/** Makes the run-time object behind a typed port. */
export function createPort(node: object, output: string): object {
  return new OutputPort({ node, output, mode: "plain" });
}

/** Where a port-like value reads from, or `undefined` when it is none. */
export function sourceOf(value: unknown): PortSource | undefined {
  return typeof value === "object" && value !== null && source in value
    ? (value as { [source]: PortSource })[source]
    : undefined;
}
