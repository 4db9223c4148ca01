import { el } from "../dom.ts";
import type { MountField } from "../field.ts";

/** The platform's own picker; the value is ISO text, as it was entered. */
export const mount: MountField = (element, options) => {
  let current = options;
  const hasTime = options.props["includeTime"] !== false;
  const input = el("input", {
    type: hasTime ? "datetime-local" : "date",
    class: "f-input",
    "aria-label": options.label,
    step: 1,
    readonly: options.readonly,
  });
  const forPicker = (value: unknown) =>
    typeof value === "string" ? value.replace(" ", "T").slice(0, hasTime ? 19 : 10) : "";
  input.value = forPicker(options.value);
  input.addEventListener("input", () =>
    current.onchange(input.value === "" ? null : withSeconds(input.value)),
  );
  element.append(input);
  return {
    update(next) {
      current = next;
      const value = forPicker(next.value);
      if (withSeconds(input.value) !== withSeconds(value)) input.value = value;
    },
    destroy: () => input.remove(),
  };
};

/** Pickers leave seconds out when they are zero. */
function withSeconds(value: string): string {
  return /T\d\d:\d\d$/.test(value) ? `${value}:00` : value;
}
