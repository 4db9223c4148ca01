/** A value or a promise of it. */
export type MaybePromise<T> = T | Promise<T>;

/** `true` when `T` is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** `true` when `T` is a union of two or more types. */
export type IsUnion<T, Each = T> = T extends unknown ? ([Each] extends [T] ? false : true) : never;

/** Flattens an intersection so that an editor shows one object type. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/**
 * Lets TypeScript infer `T` from an argument without constraining that argument: it always resolves to
 * `unknown`, so `Checked & Capture<T>` is checked exactly like `Checked` and keeps its excess-property
 * errors ("Did you mean …?"), while `T` still sees the literal.
 */
export type Capture<T> = T extends unknown ? unknown : T;

/** A type nothing satisfies, whose only purpose is to put `Message` before the reader of the error. */
export interface Invalid<Message extends string> {
  readonly __daggrTypeError__: Message;
}
