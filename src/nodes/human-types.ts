import type { Invalid, IsAny } from "../base/types.ts";
import type { Component } from "../graph/component.ts";
import type { AnyNode, ReservedName } from "../graph/node.ts";
import type { ItemSource, Port } from "../graph/port.ts";

/** The value that an input of a human step has: what the port, the component or the constant carries. */
export type ShownValue<X> =
  IsAny<X> extends true
    ? any
    : X extends ItemSource<infer T>
      ? T
      : X extends Port<infer T>
        ? T
        : X extends Component<infer T>
          ? T
          : X;

/** Refuses what a person cannot be shown: a whole node, a function. */
export type CheckedShown<I> = {
  readonly [K in keyof I]: IsAny<I[K]> extends true
    ? unknown
    : I[K] extends AnyNode
      ? Invalid<"This is a whole node: connect one of its ports.">
      : I[K] extends (...args: never) => unknown
        ? Invalid<"A person decides about what is there: connect a port, not a function.">
        : unknown;
};

/** The same where the inputs are outputs too. */
export type CheckedApproved<I> = CheckedShown<I> & {
  readonly [K in keyof I]: K extends ReservedName
    ? Invalid<`'${K}' is a reserved name: call this input something else.`>
    : unknown;
};

/** The element of the list that `X` carries. */
export type ElementOf<X> =
  IsAny<X> extends true ? any : ShownValue<X> extends readonly (infer T)[] ? T : never;

/** `unknown` for what a person can choose from, else the sentence that the compiler says. */
export type CheckedOptions<X> =
  IsAny<X> extends true
    ? unknown
    : X extends AnyNode
      ? Invalid<"This is a whole node: connect one of its ports.">
      : ShownValue<X> extends readonly unknown[]
        ? unknown
        : Invalid<"ChooseNode needs a port that carries a list. If it does, say so: gr.JSON<Item[]>().">;
