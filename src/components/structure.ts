import { DaggrError } from "../base/errors.ts";
import {
  type Component,
  type ComponentSpec,
  createComponent,
  isComponent,
  type Props,
} from "../graph/component.ts";
import { type CommonProps, define, isNothing } from "./define.ts";

type Fields = Readonly<Record<string, Component>>;
type Row = Record<string, unknown>;

const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function itemListSpec(fields: Fields): ComponentSpec {
  const withFiles = Object.entries(fields).filter(([, field]) => field.spec.mapFiles !== undefined);
  return {
    kind: "itemlist",
    valueType: "json",
    check(value) {
      if (!Array.isArray(value)) return "a list of items";
      for (const [index, row] of value.entries()) {
        if (!isRow(row))
          return `a list of items with ${Object.keys(fields).join(", ")} (item ${index + 1} is none)`;
        for (const [name, field] of Object.entries(fields)) {
          const cell = row[name];
          if (field.spec.isEmpty(cell)) continue;
          const expected = field.spec.check(cell, field.props);
          if (expected !== undefined) return `a list whose item ${index + 1} has ${expected} as ${name}`;
        }
      }
      return undefined;
    },
    isEmpty: isNothing,
    item: (_, field) => (field === undefined ? undefined : fields[field]),
    example: () => [
      Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [name, field.spec.example(field.props)]),
      ),
    ],
    ...(withFiles.length === 0
      ? {}
      : {
          async mapFiles(value: unknown, replace: (file: unknown) => Promise<unknown>) {
            if (!Array.isArray(value)) return value;
            return Promise.all(
              value.map(async (row) => {
                if (!isRow(row)) return row;
                const mapped: Row = { ...row };
                for (const [name, field] of withFiles)
                  mapped[name] = await field.spec.mapFiles?.(row[name], replace, field.props);
                return mapped;
              }),
            );
          },
        }),
  };
}

/**
 * An editable list whose items have one component per field. Value: a list of objects; scatter it with
 * `port.each` or `port.each.field`.
 *
 * @param fields - One component per field of an item.
 * @param props - `label` and `value` (the first items), as for every component.
 */
export function ItemList<V extends object>(
  fields: { readonly [K in keyof V]: Component<V[K]> },
  props: CommonProps & { value?: NoInfer<V>[] } = {},
): Component<V[]> {
  for (const [name, field] of Object.entries(fields)) {
    if (!isComponent(field))
      throw new DaggrError("INVALID_VALUE", `gr.ItemList: field '${name}' must be a component (gr.…).`);
  }
  const all = fields as unknown as Fields;
  const shown = Object.fromEntries(
    Object.entries(all).map(([name, field]) => [name, { kind: field.kind, props: field.props }]),
  );
  return define<V[]>("ItemList", itemListSpec(all), ["fields"], { ...props, fields: shown });
}

const hidden: ComponentSpec = {
  kind: "hidden",
  valueType: "any",
  check: (value: unknown, _props: Props) => (value === undefined ? "a value" : undefined),
  isEmpty: isNothing,
  example: () => null,
};

/** An output that is not shown, but whose type is known to the nodes connected to it. */
export function Hidden<T = unknown>(): Component<T> {
  return createComponent<T>(hidden, { visible: false });
}
