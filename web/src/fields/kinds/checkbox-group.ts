import "./choices.css";
import { choicesOf, el } from "../dom.ts";
import type { MountField } from "../field.ts";

export const mount: MountField = (element, options) => {
  let current = options;
  const choices = choicesOf(options.props);
  const inputs = choices.map(() => el("input", { type: "checkbox", disabled: options.readonly }));
  const group = el(
    "div",
    { class: "f-choices", role: "group", "aria-label": options.label },
    ...choices.map((choice, index) =>
      el("label", { class: "f-choice" }, inputs[index]!, el("span", {}, choice.label)),
    ),
  );
  const show = (value: unknown) => {
    const chosen = Array.isArray(value) ? value : [];
    for (const [index, input] of inputs.entries()) input.checked = chosen.includes(choices[index]!.value);
  };
  group.addEventListener("change", () => {
    current.onchange(choices.filter((_, index) => inputs[index]!.checked).map((choice) => choice.value));
  });
  show(options.value);
  element.append(group);
  return {
    update(next) {
      current = next;
      show(next.value);
    },
    destroy: () => group.remove(),
  };
};
