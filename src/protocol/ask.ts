/** How a human step asks: to look something over, to choose one of a list, to fill in a form. */
export type AskForm = "approve" | "choose" | "fill";

/** What a person, a page or a program says to a human step. */
export type Answer =
  /** With `values`, outputs that were changed. */
  | { readonly action: "approve"; readonly values?: Readonly<Record<string, unknown>> }
  /** `values` is the reason, in words. */
  | { readonly action: "reject"; readonly values?: string }
  /** The place in the list of options; 0 is the first. */
  | { readonly choice: number }
  /** The form, by port. */
  | { readonly values: Readonly<Record<string, unknown>> };

/** One open question: of the whole step, or of one item of a scattered one. */
export interface OpenQuestion {
  readonly item?: number;
  /** What it is about, by input. */
  readonly values: Readonly<Record<string, unknown>>;
}
