import "./image.css";
import { isFileRef } from "../../../../src/protocol/values.ts";
import { bytes } from "../../cards/time.ts";
import { el } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { picture } from "../pictures/picture.ts";
import { createStage } from "../pictures/stage.ts";
import { takePictures } from "../pictures/taking.ts";
import { wordTool } from "../pictures/tool.ts";

/** One picture: shown, and for an input dropped, pasted, chosen or taken with the camera. */
export const mount: MountField = (element, options) =>
  options.large && options.readonly ? whole(element, options) : inCard(element, options);

const whole: MountField = (element, options) => {
  const stage = createStage(options.label);
  let shown: unknown;
  const draw = ({ value, label }: FieldOptions) => {
    if (!isFileRef(value) || value.id === shown) return;
    shown = value.id;
    stage.show(value, `${label}: ${value.name}`);
  };
  element.append(stage.element);
  draw(options);
  return { update: draw, destroy: () => element.replaceChildren() };
};

const inCard: MountField = (element, options) => {
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
          current.onchange(await current.upload(file!));
        },
      });

  const draw = () => {
    const { value, label } = current;
    const file = isFileRef(value) ? value : null;
    const state = file === null ? null : file.id + file.name;
    if (state === shown) return;
    shown = state;
    place.replaceChildren();
    if (file !== null) {
      const image = picture(file, { alt: `${label}: ${file.name}`, class: "f-image", width: 640 });
      image.title = `${file.name}, ${bytes(file.size)}`;
      image.addEventListener("click", () => current.look?.());
      place.append(image);
    } else if (current.readonly) place.append(el("div", { class: "f-empty f-media-empty" }, "No value yet"));
    if (taking === undefined) return;
    // Whoever used one of the buttons has the next one under their fingers.
    const had = tools.contains(document.activeElement);
    tools.replaceChildren(...taking.tools(file !== null));
    if (file !== null) tools.append(wordTool("Remove", `Remove ${label}`, () => current.onchange(null)));
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
};
