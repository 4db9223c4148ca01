import { sizeByLines } from "../code/size.ts";
import { el } from "../dom.ts";
import type { MountField } from "../field.ts";
import { mountTree } from "../json/tree.ts";
import { whenLoaded } from "../when-loaded.ts";

/** A tree that folds; edited as text, which is taken over once it can be read. */
export const mount: MountField = (element, options) => {
  if (options.readonly) return mountTree(element, options);
  const holder = el("div", { class: options.large ? "is-large" : undefined });
  sizeByLines(holder, options.props, 6);
  element.append(holder);
  return whenLoaded(holder, options, async (options) =>
    (await import("../json/editor.ts")).mountJsonEditor(holder, options),
  );
};
