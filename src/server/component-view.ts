import type { FileStore } from "../base/files.ts";
import type { Component } from "../graph/component.ts";
import type { ComponentView } from "../protocol/view.ts";

/** A component as the page needs it: properties that JSON can carry, files as references. */
export async function componentView(component: Component, files: FileStore): Promise<ComponentView> {
  const props = jsonSafe(component.props) as Record<string, unknown>;
  const { mapFiles, isEmpty } = component.spec;
  const { value } = component.props;
  if (mapFiles !== undefined && !isEmpty(value)) {
    // The script's own paths; what is not there any more is simply not shown.
    const taken = async (file: unknown) =>
      typeof file === "string" ? files.put({ path: file }).catch(() => null) : file;
    props.value = jsonSafe(await mapFiles(value, taken, component.props).catch(() => null));
  }
  return { kind: component.kind, props };
}

/** Whether the page shows it at all. */
export function isShown(component: Component | null | undefined): component is Component {
  return (
    component !== null &&
    component !== undefined &&
    component.kind !== "hidden" &&
    component.props.visible !== false
  );
}

/** A copy without functions, and with `null` for numbers that JSON does not know. */
function jsonSafe(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? item.toString() : item,
  );
  return text === undefined ? null : JSON.parse(text);
}
