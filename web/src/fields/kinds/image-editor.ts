import "./image-editor.css";
import { el } from "../dom.ts";
import { madeOf, openSketch, partsOf } from "../editor/value.ts";
import type { Field, MountField } from "../field.ts";
import { type PictureKind, pictureInCard, wholePicture } from "../pictures/in-card.ts";
import { picture } from "../pictures/picture.ts";
import { wordTool } from "../pictures/tool.ts";

/** A picture that is drawn on: in the card it is shown, above the page it is edited. */
export const mount: MountField = (element, options) => {
  if (!options.large) return pictureInCard(element, options, kind);
  return options.readonly ? whole(element, options) : editor(element, options);
};

const editor: MountField = (element, options) => {
  let current = options;
  let field: Field | undefined;
  let isGone = false;
  const open = async () => {
    const [{ mountEditor }, sketch] = await Promise.all([
      import("../editor/editor.ts"),
      openSketch(current.value, current.props),
    ]);
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

const kind: PictureKind = {
  fileOf: (value) => partsOf(value).composite,
  valueOf: (background, props) => madeOf({ composite: background, background, layers: [] }, props),
  view(file, current) {
    const { label, value } = current();
    const image = picture(file, {
      alt: `${label}: ${file.name}`,
      class: partsOf(value).background === null ? "f-drawn is-on-paper" : "f-drawn",
      width: 640,
    });
    image.addEventListener("click", () => (current().readonly ? current().look?.() : current().edit?.()));
    return image;
  },
  arrange(tools, ways, hasPicture, current) {
    const { label } = current();
    const word = hasPicture ? "Edit" : "Blank canvas";
    const edit = wordTool(word, hasPicture ? `Edit ${label}` : `Blank canvas for ${label}`, () =>
      current().edit?.(),
    );
    if (hasPicture) {
      const remove = wordTool("Remove", `Remove ${label}`, () => current().onchange(null));
      tools.replaceChildren(edit, ...ways, remove);
    } else {
      tools.replaceChildren(...ways);
      (tools.querySelector(".f-ways") ?? tools).prepend(edit);
    }
  },
};

const whole = wholePicture(kind.fileOf);
