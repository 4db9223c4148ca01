import type { Invalid, IsUnion } from "../base/types.ts";
import type { Component } from "../graph/component.ts";
import type { InputFor, ReservedName } from "../graph/node.ts";
import type { GradioInput } from "./gradio-options.ts";

/**
 * Apps whose types are known: `daggr add <space>` writes them to `daggr-env.d.ts`, where they are merged into this
 * interface. What is not listed stays unchecked by the compiler.
 *
 * Per app its endpoints, and per endpoint `inputs` (what has a default is optional), `outputs` (a tuple, in the order in
 * which they are returned), and `documented: false` where the app itself does not list it.
 *
 * @example
 * ```ts
 * declare module "daggr" {
 *   interface Spaces {
 *     "owner/name": { "/predict": { inputs: { text: string; seed?: number }; outputs: [image: string] } };
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface Spaces {}

/** Ids for the editor to offer; any other text will do as well. */
export type KnownSource = (keyof Spaces & string) | (string & {});

type HubPage = `http${"" | "s"}://${"" | "www."}${"huggingface.co" | "hf.co"}/spaces/`;

type WithoutSlash<S extends string> = S extends `${infer Rest}/` ? Rest : S;

/** The entry of a source however it is written; `never` when there is none. */
type KeyOf<S extends string> = [keyof Spaces] extends [never]
  ? never
  : IsUnion<S> extends true
    ? never
    : WithoutSlash<S> extends infer Bare
      ? Bare extends keyof Spaces
        ? Bare
        : Bare extends `${HubPage}${infer Id}`
          ? Id extends keyof Spaces
            ? Id
            : never
          : never
      : never;

/** The endpoints that a source has; all of them when nothing is known of it. */
export type ApiNameOf<S extends string> = [KeyOf<S>] extends [never]
  ? string
  : keyof Spaces[KeyOf<S>] & string;

type Documented<E> = { [K in keyof E]: E[K] extends { readonly documented: false } ? never : K }[keyof E];

/** The endpoint that is called when none is named: the only one, else the only documented one, else `/predict`. */
export type DefaultApiName<S extends string> = [KeyOf<S>] extends [never]
  ? string
  : DefaultOf<Spaces[KeyOf<S>]> & ApiNameOf<S>;
type DefaultOf<E> =
  IsUnion<keyof E> extends false
    ? keyof E
    : IsUnion<Documented<E>> extends false
      ? Documented<E>
      : "/predict" extends keyof E
        ? "/predict"
        : never;

/**
 * Lets TypeScript infer the names of the options from the object, whose hooks it has not looked at yet, without
 * constraining the object; as `Capture`, it resolves to `unknown`.
 */
export type CaptureNames<O> = O extends unknown ? unknown : { [K in keyof O]: O[K] };

/** Whether the options have this one. */
export type Has<O, Name extends string> = Name extends keyof O ? true : false;

type SeveralEndpoints = Invalid<"This app has several endpoints: name one of them as apiName.">;

/** What an endpoint takes; what nothing is known of takes everything, and so does what `preprocess` reshapes. */
export type EndpointInputs<S extends string, A extends string, I, O> = [KeyOf<S>] extends [never]
  ? AnyInputs<I>
  : Has<O, "preprocess"> extends true
    ? AnyInputs<I>
    : IsUnion<A> extends false
      ? InputsOfOne<KeyOf<S>, A, I>
      : InputsOfAll<Spaces[KeyOf<S>]>;

/** While the endpoint is not named yet, or wrongly, the editor has something to offer. */
type InputsOfOne<Space extends keyof Spaces, Endpoint extends string, I> = [Endpoint] extends [never]
  ? InputsOfAll<Spaces[Space]>
  : [keyof InputsOf<Space, Endpoint>] extends [never]
    ? { readonly [K in keyof I]: Invalid<"This endpoint takes no inputs."> }
    : SpaceInputs<Space, Endpoint>;

type AnyInputs<I> = { readonly [K in keyof I]: GradioInput };

/** What any endpoint takes. */
type InputsOfAll<E> = InputsOfEach<E[keyof E]>;
type InputsOfEach<Each> = {
  readonly [K in NamesOf<Each>]?: InputFor<TypeOf<Each, K>>;
};
type NamesOf<Each> = Each extends { readonly inputs: infer P } ? keyof P : never;
type TypeOf<Each, K> = Each extends { readonly inputs: infer P } ? (K extends keyof P ? P[K] : never) : never;

/** The parameters of an endpoint of an app, and what each can be connected to. */
export type SpaceInputs<Space extends keyof Spaces, Endpoint extends string> = {
  readonly [K in keyof InputsOf<Space, Endpoint>]: unknown extends InputsOf<Space, Endpoint>[K]
    ? GradioInput
    : InputFor<Exclude<InputsOf<Space, Endpoint>[K], undefined>>;
};
type InputsOf<Space extends keyof Spaces, Endpoint extends string> = Endpoint extends keyof Spaces[Space]
  ? Spaces[Space][Endpoint] extends { readonly inputs: infer P }
    ? P
    : never
  : never;

/** What an endpoint returns; `unknown` where nothing is known of it. */
export type EndpointReturns<S extends string, A extends string> = [KeyOf<S>] extends [never]
  ? unknown
  : [A] extends [never]
    ? SeveralEndpoints
    : Spaces[KeyOf<S>] extends { readonly [K in A]: { readonly outputs: infer R } }
      ? R
      : unknown;

/** The parameters of a `postprocess` hook. */
export type Returned<R> = R extends readonly unknown[] ? R : any[];

/**
 * The `outputs` of a GradioNode: no more than are returned, each a component for one of their types; whatever
 * `postprocess` makes of them.
 */
export type GradioOutputs<V, R, IsReshaped> = {
  readonly [K in keyof V]: K extends ReservedName
    ? Invalid<`'${K}' is a reserved name: call this output something else.`>
    : IsReshaped extends true
      ? Component<V[K]> | null
      : R extends SeveralEndpoints
        ? R
        : R extends readonly unknown[]
          ? IsTooMany<keyof V, R> extends false
            ? Fits<V[K], R> extends true
              ? Component<V[K]> | null
              : Invalid<"No value of this type is returned here.">
            : Invalid<`This endpoint returns only ${R["length"]}: name no more outputs.`>
          : Component<V[K]> | null;
};

/** Whether one of the returned values can be read as `T`; a narrower reading is the script's own claim. */
type Fits<T, R extends readonly unknown[]> = unknown extends T
  ? true
  : true extends { [K in keyof R]: FitsOne<T, R[K]> }[number]
    ? true
    : false;
type FitsOne<T, R> = unknown extends R
  ? true
  : [R] extends [T]
    ? true
    : [T] extends [R]
      ? true
      : [R] extends [readonly [T, T]]
        ? true
        : false;

/** Whether there are more names than returned values. The only pair of an `ImageSlider` serves two outputs as well. */
type IsTooMany<Names, R extends readonly unknown[]> = R extends readonly [readonly [string, string]]
  ? Outnumbers<Names, [unknown, unknown]>
  : Outnumbers<Names, R>;

type Outnumbers<Names, R extends readonly unknown[]> = [Names] extends [never]
  ? false
  : R extends readonly [unknown, ...infer Rest]
    ? Outnumbers<Exclude<Names, LastOf<Names>>, Rest>
    : true;

/** One member of a union; which one does not matter here. */
type LastOf<U> = (U extends unknown ? (probe: () => U) => void : never) extends (probe: infer Both) => void
  ? Both extends () => infer Last
    ? Last
    : never
  : never;
