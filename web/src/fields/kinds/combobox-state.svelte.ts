import { choicesOf } from "../dom.ts";
import type { FieldOptions } from "../field.ts";

/** What the list with a filter shows, apart from how. Values are told apart by their place in the choices. */
export class ComboboxState {
  options = $state.raw<FieldOptions>() as FieldOptions;
  search = $state("");

  readonly choices = $derived(choicesOf(this.options.props));
  readonly isMultiple = $derived(this.options.props["multiselect"] === true);
  readonly chosen = $derived.by(() => {
    const { value } = this.options;
    return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  });
  readonly matches = $derived.by(() => {
    const needle = this.search.trim().toLowerCase();
    return this.choices.filter((choice) => choice.label.toLowerCase().includes(needle)).slice(0, 200);
  });
  readonly canAdd = $derived(
    this.options.props["allowCustomValue"] === true &&
      this.search.trim() !== "" &&
      !this.choices.some((choice) => choice.label === this.search.trim()),
  );

  constructor(options: FieldOptions) {
    this.options = options;
  }

  labelOf(value: unknown): string {
    return this.choices.find((choice) => choice.value === value)?.label ?? String(value);
  }

  choose(value: unknown): void {
    this.search = "";
    if (!this.isMultiple) return this.options.onchange(value);
    const chosen = this.chosen.includes(value)
      ? this.chosen.filter((entry) => entry !== value)
      : [...this.chosen, value];
    const most = this.options.props["maxChoices"];
    if (typeof most !== "number" || chosen.length <= most) this.options.onchange(chosen);
  }

  remove(value: unknown): void {
    this.options.onchange(this.chosen.filter((entry) => entry !== value));
  }
}
