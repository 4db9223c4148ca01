import type { FileRef } from "../../../../src/protocol/values.ts";
import { el } from "../dom.ts";
import type { Field, FieldOptions, MountField } from "../field.ts";
import { createStage } from "./stage.ts";
import { takePictures } from "./taking.ts";

export interface PictureKind {
  /** The picture of a value. */
  fileOf(value: unknown): FileRef | null;
  /** The value of a picture that was taken. */
  valueOf(file: FileRef, props: FieldOptions["props"]): unknown;
  view(file: FileRef, current: () => FieldOptions): HTMLElement;
  /** Puts the tools together: `ways` lead to a picture. */
  arrange(
    tools: HTMLElement,
    ways: readonly HTMLElement[],
    hasPicture: boolean,
    current: () => FieldOptions,
  ): void;
}

/** The whole window for one picture. */
export function wholePicture(fileOf: PictureKind["fileOf"]): MountField {
  return (element, options) => {
    const stage = createStage(options.label);
    let shown: unknown;
    const draw = ({ value, label }: FieldOptions) => {
      const file = fileOf(value);
      if (file === null || file.id === shown) return;
      shown = file.id;
      stage.show(file, `${label}: ${file.name}`);
    };
    element.append(stage.element);
    draw(options);
    return { update: draw, destroy: () => element.replaceChildren() };
  };
}

/** One picture in a card, with the ways to take another. */
export function pictureInCard(element: HTMLElement, options: FieldOptions, kind: PictureKind): Field {
  let current = options;
  let shown: unknown = Symbol("nothing");
  const place = el("div", { class: "f-place" });
  const tools = el("div", { class: "f-picture-tools" });
  element.append(place, tools);
  const taking = options.readonly
    ? undefined
    : takePictures(element, {
        current: () => current,
        place,
        noun: "an image",
        async onpictures([file]) {
          current.onchange(kind.valueOf(await current.upload(file!), current.props));
        },
      });
  const draw = () => {
    const file = kind.fileOf(current.value);
    const state = file === null ? null : file.id + file.name;
    if (state === shown) return;
    shown = state;
    place.replaceChildren();
    if (file !== null) place.append(kind.view(file, () => current));
    else if (current.readonly) place.append(el("div", { class: "f-empty f-media-empty" }, "No value yet"));
    if (taking === undefined) return;
    // Whoever used one of the buttons has the next one under their fingers.
    const had = tools.contains(document.activeElement);
    kind.arrange(tools, taking.tools(file !== null), file !== null, () => current);
    if (had) tools.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  };
  draw();
  return {
    update(next) {
      current = next;
      draw();
    },
    destroy() {
      taking?.destroy();
      element.replaceChildren();
    },
  };
}
