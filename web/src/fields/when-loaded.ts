import { el } from "./dom.ts";
import type { Field, FieldOptions } from "./field.ts";

/** A field that stands once its library is there. What happens until then is not lost, and a failure is said. */
export function whenLoaded(
  holder: HTMLElement,
  options: FieldOptions,
  load: (options: FieldOptions) => Promise<Field>,
): Field {
  let current = options;
  let isGone = false;
  let field: Field | undefined;
  holder.setAttribute("aria-busy", "true");
  /** The field that was made knows the options of its beginning: what it tells goes where it is to go now. */
  load({ ...options, onchange: (value) => current.onchange(value) })
    .then((loaded) => {
      if (isGone) return loaded.destroy();
      field = loaded;
      if (current !== options) field.update(current);
    })
    .catch((error: Error) =>
      holder.append(el("p", { class: "f-error" }, `Could not be loaded: ${error.message}`)),
    )
    .finally(() => holder.removeAttribute("aria-busy"));
  return {
    update(next) {
      current = next;
      field?.update(next);
    },
    destroy() {
      isGone = true;
      field?.destroy();
      holder.remove();
    },
  };
}
