import type { FileRef } from "../../../src/protocol/values.ts";
import type { UploadWatch } from "../connection/upload.ts";

export interface FieldOptions {
  readonly value: unknown;
  readonly props: Readonly<Record<string, unknown>>;
  /** The field's name for people and screen readers. */
  readonly label: string;
  readonly dark: boolean;
  readonly readonly: boolean;
  /** Shown on the whole screen rather than in a card. */
  readonly large: boolean;
  /** Shown large: which of several to begin with. */
  readonly at?: number;
  readonly onchange: (value: unknown) => void;
  /** The value is as it should be: it is kept at once, and where the field says so what it is for runs. */
  readonly submit?: () => void;
  readonly upload: (file: File, watch?: UploadWatch) => Promise<FileRef>;
  /** Shows the value large, from its nth part on. */
  readonly look?: (at?: number) => void;
  /** Opens the field large, to be edited there. */
  readonly edit?: () => void;
  /** Leaves it again. */
  readonly close?: () => void;
}

/** A mounted field. */
export interface Field {
  update(options: FieldOptions): void;
  destroy(): void;
}

/** Every kind of field is such a function, whatever it is made with. */
export type MountField = (element: HTMLElement, options: FieldOptions) => Field;

/** A field that only shows its value, drawn anew when it changes. */
export function display(draw: (element: HTMLElement, options: FieldOptions) => void): MountField {
  return (element, options) => {
    let shown = options;
    draw(element, options);
    return {
      update(next) {
        if (
          next.value === shown.value &&
          next.large === shown.large &&
          next.dark === shown.dark &&
          next.at === shown.at
        )
          return;
        shown = next;
        element.replaceChildren();
        draw(element, next);
      },
      destroy: () => element.replaceChildren(),
    };
  };
}
