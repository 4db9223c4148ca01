import { choicesOf } from "../dom.ts";
import type { FieldOptions } from "../field.ts";

const shownChoices = 200;

/** One line of the list: a choice, by its place among them, or what was typed as a value of its own. */
export interface Line {
  readonly key: string;
  readonly label: string;
  readonly value: unknown;
}

/** What the list with a filter shows, apart from how. Choices are told apart by their place. */
export class ComboboxState {
  options = $state.raw<FieldOptions>() as FieldOptions;
  search = $state("");

  readonly choices = $derived<Line[]>(
    choicesOf(this.options.props).map(({ label, value }, index) => ({ key: String(index), label, value })),
  );
  readonly isMultiple = $derived(this.options.props["multiselect"] === true);
  readonly isFilterable = $derived(
    this.options.props["filterable"] !== false || this.options.props["allowCustomValue"] === true,
  );
  readonly chosen = $derived.by(() => {
    const { value } = this.options;
    return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  });
  readonly fitting = $derived.by(() => {
    const needle = this.search.trim().toLowerCase();
    return this.choices.filter((choice) => choice.label.toLowerCase().includes(needle));
  });
  readonly matches = $derived(this.fitting.slice(0, shownChoices));
  readonly more = $derived(this.fitting.length - this.matches.length);
  readonly isFull = $derived.by(() => {
    const most = this.options.props["maxChoices"];
    return this.isMultiple && typeof most === "number" && this.chosen.length >= most;
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

  pick(key: string): void {
    const value = key === "+" ? this.search.trim() : this.choices.find((choice) => choice.key === key)?.value;
    if (value === undefined) return;
    this.search = "";
    if (!this.isMultiple) return this.options.onchange(value);
    if (this.chosen.includes(value)) this.removeAt(this.chosen.indexOf(value));
    else if (!this.isFull) this.options.onchange([...this.chosen, value]);
  }

  /** Somebody who typed a value and went on meant it. */
  leave(): void {
    const typed = this.search.trim();
    const same = this.choices.find((choice) => choice.label === typed);
    if (same !== undefined && !this.chosen.includes(same.value)) this.pick(same.key);
    else if (this.canAdd && !this.chosen.includes(typed)) this.pick("+");
    this.search = "";
  }

  removeAt(index: number): void {
    this.options.onchange(this.chosen.filter((_, at) => at !== index));
  }
}
