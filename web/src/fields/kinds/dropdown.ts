import "./dropdown.css";
import { mount as mountComponent, unmount } from "svelte";
import { choicesOf, el, textual } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import Combobox from "./Combobox.svelte";
import { ComboboxState } from "./combobox-state.svelte.ts";

const plainUpTo = 8;

/** Few choices: the platform's own list. Many, several at once or own texts: a list with a filter. */
export const mount: MountField = (element, options) => {
  const { props } = options;
  const isRich =
    props["multiselect"] === true ||
    props["allowCustomValue"] === true ||
    (choicesOf(props).length > plainUpTo && props["filterable"] !== false);
  if (options.readonly) return shown(element, options);
  return isRich ? rich(element, options) : plain(element, options);
};

const plain: MountField = (element, options) => {
  let current = options;
  const choices = choicesOf(options.props);
  const select = el(
    "select",
    { class: "f-input f-select", "aria-label": options.label },
    el("option", { value: "", hidden: true }, textual(options.props["placeholder"]) ?? "Choose…"),
    ...choices.map((choice, index) => el("option", { value: index }, choice.label)),
  );
  const show = (value: unknown) => {
    const index = choices.findIndex((choice) => choice.value === value);
    select.value = index === -1 ? "" : String(index);
  };
  select.addEventListener("change", () => current.onchange(choices[Number(select.value)]?.value));
  show(options.value);
  element.append(select);
  return {
    update(next) {
      current = next;
      show(next.value);
    },
    destroy: () => select.remove(),
  };
};

const rich: MountField = (element, options) => {
  const model = new ComboboxState(options);
  const component = mountComponent(Combobox, { target: element, props: { model } });
  return {
    update: (next) => {
      model.options = next;
    },
    destroy: () => void unmount(component),
  };
};

const shown: MountField = (element, options) => {
  const box = el("div", { class: "f-text" });
  const show = ({ value, props }: FieldOptions) => {
    const chosen = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
    const labels = choicesOf(props);
    box.textContent =
      chosen
        .map((entry) => labels.find((choice) => choice.value === entry)?.label ?? String(entry))
        .join(", ") || "No value yet";
    box.classList.toggle("is-empty", chosen.length === 0);
  };
  show(options);
  element.append(box);
  return { update: show, destroy: () => box.remove() };
};
