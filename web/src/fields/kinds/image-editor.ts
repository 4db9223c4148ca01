import "./image-editor.css";
import { el } from "../dom.ts";
import { madeOf, partsOf } from "../editor/value.ts";
import type { Field, FieldOptions, MountField } from "../field.ts";
import { picture } from "../pictures/picture.ts";
import { createStage } from "../pictures/stage.ts";
import { takePictures } from "../pictures/taking.ts";
import { wordTool } from "../pictures/tool.ts";

/** A picture that is drawn on: in the card it is shown, above the page it is edited. */
export const mount: MountField = (element, options) => {
  if (!options.large) return inCard(element, options);
  return options.readonly ? whole(element, options) : editor(element, options);
};

const whole: MountField = (element, options) => {
  const stage = createStage(options.label);
  const draw = ({ value, label }: FieldOptions) => {
    const { composite } = partsOf(value);
    if (composite !== null) stage.show(composite, `${label}: ${composite.name}`);
  };
  element.append(stage.element);
  draw(options);
  return { update: draw, destroy: () => element.replaceChildren() };
};

const editor: MountField = (element, options) => {
  let current = options;
  let field: Field | undefined;
  let isGone = false;
  const open = async () => {
    const [{ mountEditor }, { openSketch }] = await Promise.all([
      import("../editor/editor.ts"),
      import("../editor/value.ts"),
    ]);
    const sketch = await openSketch(current.value, current.props);
    if (!isGone) field = mountEditor(element, current, sketch);
  };
  open().catch((error: Error) => {
    if (isGone) return;
    const close = wordTool("Close", `Close ${current.label}`, () => current.close?.());
    element.append(el("p", { class: "f-error", role: "alert" }, error.message), close);
    close.focus();
  });
  return {
    update(next) {
      current = next;
      field?.update(next);
    },
    destroy() {
      isGone = true;
      field?.destroy();
      element.replaceChildren();
    },
  };
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
          const background = await current.upload(file!);
          current.onchange(madeOf({ composite: background, background, layers: [] }, current.props));
        },
      });
  const draw = () => {
    const { composite, background } = partsOf(current.value);
    const { label } = current;
    const state = composite === null ? null : composite.id + composite.name;
    if (state === shown) return;
    shown = state;
    place.replaceChildren();
    if (composite !== null) {
      const image = picture(composite, {
        alt: `${label}: ${composite.name}`,
        class: background === null ? "f-drawn is-on-paper" : "f-drawn",
        width: 640,
      });
      image.addEventListener("click", () => (current.readonly ? current.look?.() : current.edit?.()));
      place.append(image);
    } else if (current.readonly) place.append(el("div", { class: "f-empty f-media-empty" }, "No value yet"));
    if (taking === undefined) return;
    const had = tools.contains(document.activeElement);
    const edit = wordTool(
      composite === null ? "Blank canvas" : "Edit",
      composite === null ? `Blank canvas for ${label}` : `Edit ${label}`,
      () => current.edit?.(),
    );
    const ways = taking.tools(composite !== null);
    if (composite === null) {
      tools.replaceChildren(...ways);
      (tools.querySelector(".f-ways") ?? tools).prepend(edit);
    } else {
      tools.replaceChildren(
        edit,
        ...ways,
        wordTool("Remove", `Remove ${label}`, () => current.onchange(null)),
      );
    }
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
