import type { RunMode } from "../../../src/protocol/plan.ts";
import type { icons } from "../theme/icons.ts";

/** One line of a menu; `null` in a list of them is a thin line between groups. */
export interface MenuEntry {
  readonly title: string;
  readonly act: () => void;
  readonly keys?: string;
  /** More about it, in small letters. */
  readonly detail?: string;
  readonly icon?: keyof typeof icons;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  /** It says what the menu is about; there is nothing to choose. */
  readonly isHead?: boolean;
  /** Whether it is the one that holds now; `undefined` where that means nothing. */
  readonly isCurrent?: boolean;
  /** What resting on it shows. */
  readonly plan?: { readonly mode: RunMode; readonly nodes: readonly string[] };
}
