import "./choices.css";
import { choicesOf, directionOf, el } from "../dom.ts";
import type { MountField } from "../field.ts";

export const mount: MountField = (element, options) => {
  let current = options;
  const choices = choicesOf(options.props);
  const inputs = choices.map(() => el("input", { type: "checkbox", disabled: options.readonly }));
  const group = el(
    "div",
    { class: "f-choices", role: "group", "aria-label": options.label, dir: directionOf(options.props) },
    ...choices.map((choice, index) =>
      el("label", { class: "f-choice" }, inputs[index]!, el("span", {}, choice.label)),
    ),
  );
  const all = el("input", { type: "checkbox", disabled: options.readonly });
  if (options.props["showSelectAll"] === true && choices.length > 1)
    group.prepend(el("label", { class: "f-choice f-choice-all" }, all, el("span", {}, "All")));
  const show = (value: unknown) => {
    const chosen = Array.isArray(value) ? value : [];
    for (const [index, input] of inputs.entries()) input.checked = chosen.includes(choices[index]!.value);
    const ticked = inputs.filter((input) => input.checked).length;
    all.checked = ticked === inputs.length;
    all.indeterminate = ticked > 0 && ticked < inputs.length;
  };
  group.addEventListener("change", (event) => {
    if (event.target === all) for (const input of inputs) input.checked = all.checked;
    const chosen = choices.filter((_, index) => inputs[index]!.checked).map((choice) => choice.value);
    show(chosen);
    current.onchange(chosen);
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
