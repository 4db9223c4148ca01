import "./choices.css";
import { choicesOf, directionOf, el, uniqueId } from "../dom.ts";
import type { MountField } from "../field.ts";

export const mount: MountField = (element, options) => {
  let current = options;
  const name = uniqueId("radio");
  const choices = choicesOf(options.props);
  const inputs = choices.map((_, index) =>
    el("input", { type: "radio", name, value: index, disabled: options.readonly }),
  );
  const group = el(
    "div",
    { class: "f-choices", role: "radiogroup", "aria-label": options.label, dir: directionOf(options.props) },
    ...choices.map((choice, index) =>
      el("label", { class: "f-choice" }, inputs[index]!, el("span", {}, choice.label)),
    ),
  );
  const show = (value: unknown) => {
    for (const [index, input] of inputs.entries()) input.checked = choices[index]!.value === value;
  };
  group.addEventListener("change", (event) => {
    const chosen = choices[Number((event.target as HTMLInputElement).value)];
    if (chosen !== undefined) current.onchange(chosen.value);
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
