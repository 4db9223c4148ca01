import fc from "fast-check";
import type { Concurrency } from "../graph/behaviour.ts";
import type { StepContext } from "../graph/step.ts";
import { numberField, type TestInput, type TestNode } from "../plan/testing.ts";

/** How a random node gets a value from another. */
export interface RandomSource {
  readonly from: number;
  readonly how: "plain" | "each" | "item" | "all";
}

/** A random node, as data that a simple model can compute with. */
export interface RandomNode {
  readonly name: string;
  /** Gives a list rather than a number. */
  readonly isList: boolean;
  readonly isScattered: boolean;
  readonly hasField: boolean;
  readonly draws: boolean;
  readonly variants: readonly (readonly RandomSource[])[];
  readonly concurrency: Concurrency;
  readonly onItemError: "fail" | "skip";
  readonly cache: boolean;
}

const concurrency = fc.constantFrom<Concurrency>(
  { type: "session" },
  { type: "free", maxItems: 1 },
  { type: "free", maxItems: 3 },
  { type: "group", name: "gpu", max: 2 },
);

const rawNode = fc.record({
  kind: fc.constantFrom("number", "number", "list", "each", "each"),
  picks: fc.array(fc.nat(100), { maxLength: 3 }),
  scatter: fc.nat(100),
  isChoice: fc.integer({ min: 0, max: 5 }).map((value) => value === 0),
  hasField: fc.boolean(),
  draws: fc.integer({ min: 0, max: 3 }).map((value) => value === 0),
  skips: fc.boolean(),
  concurrency,
});

/** Random graphs with lists, scatter, gather, choices, fields and function inputs. */
export const randomGraph: fc.Arbitrary<readonly RandomNode[]> = fc
  .array(rawNode, { minLength: 1, maxLength: 8 })
  .map((raws) => {
    const nodes: RandomNode[] = [];
    raws.forEach((raw, index) => {
      const sources = raw.picks.filter(() => index > 0).map((pick) => pick % index);
      const whole: RandomSource[] = [...new Set(sources)].map((from) => ({
        from,
        how: nodes[from]?.isScattered ? "all" : "plain",
      }));
      const lists = nodes.flatMap((node, from) => (node.isScattered || node.isList ? [from] : []));
      const scatterFrom = raw.kind === "each" ? lists[raw.scatter % Math.max(1, lists.length)] : undefined;
      const scatter: RandomSource[] =
        scatterFrom === undefined
          ? []
          : [{ from: scatterFrom, how: nodes[scatterFrom]?.isScattered ? "item" : "each" }];
      const isChoice = raw.isChoice && whole.length > 1;
      nodes.push({
        name: `n${index}`,
        isList: raw.kind === "list",
        isScattered: scatter.length > 0,
        hasField: raw.hasField || (whole.length === 0 && scatter.length === 0),
        draws: raw.draws,
        // A choice takes the same items in both variants, so that it is scattered whichever is chosen.
        variants: isChoice
          ? [
              [...whole.slice(0, 1), ...scatter],
              [...whole.slice(1), ...scatter],
            ]
          : [[...whole, ...scatter]],
        concurrency: raw.concurrency,
        onItemError: raw.skips ? "skip" : "fail",
        cache: false,
      });
    });
    return nodes;
  });

export type Inputs = Readonly<Record<string, unknown>>;

/** What a random node gives: few different values, so that changed inputs often give an equal one. */
export function compute(node: RandomNode, inputs: Inputs): unknown {
  const sum = flat(Object.values(inputs)).reduce((total, value) => total + value, node.name.length);
  if (!node.isList) return sum % 3;
  return Array.from({ length: sum % 5 }, (_, index) => (sum + index * index) % 4);
}

function flat(values: readonly unknown[]): number[] {
  return values.flatMap((value) =>
    Array.isArray(value) ? flat(value) : typeof value === "number" ? [value] : [],
  );
}

export type Invoke = (node: RandomNode, inputs: Inputs, context: StepContext) => Promise<unknown>;

/** The literal for `testGraph`. */
export function toTestNodes(
  nodes: readonly RandomNode[],
  invoke: Invoke,
  draw: () => number,
  versions: Readonly<Record<string, number>>,
): Record<string, TestNode> {
  const made: Record<string, TestNode> = {};
  for (const node of nodes) {
    const inputsOf = (sources: readonly RandomSource[]): Record<string, TestInput> => ({
      ...(node.hasField ? { field: numberField({ value: 1 }) } : {}),
      ...(node.draws ? { drawn: draw } : {}),
      ...Object.fromEntries(
        sources.map(({ from, how }) => [`in${from}`, `n${from}.out${how === "plain" ? "" : `.${how}`}`]),
      ),
    });
    const shared = {
      invoke: (inputs: Inputs, context: StepContext) => invoke(node, inputs, context),
      concurrency: node.concurrency,
      policy: { onItemError: node.onItemError, cache: node.cache },
      version: versions[node.name] ?? 0,
    };
    const [first = [], ...others] = node.variants;
    if (others.length === 0) made[node.name] = { ...shared, inputs: inputsOf(first) };
    else {
      const variants = node.variants.map(
        (sources, index) => [`${node.name}v${index}`, { ...shared, inputs: inputsOf(sources) }] as const,
      );
      made[node.name] = { ...shared, variants: Object.fromEntries(variants) };
    }
  }
  return made;
}
