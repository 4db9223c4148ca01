import "./image.css";
import { isFileRef } from "../../../../src/protocol/values.ts";
import { bytes } from "../../cards/time.ts";
import type { MountField } from "../field.ts";
import { type PictureKind, pictureInCard, wholePicture } from "../pictures/in-card.ts";
import { picture } from "../pictures/picture.ts";
import { wordTool } from "../pictures/tool.ts";

const kind: PictureKind = {
  fileOf: (value) => (isFileRef(value) ? value : null),
  valueOf: (file) => file,
  view(file, current) {
    const image = picture(file, {
      alt: `${current().label}: ${file.name}`,
      class: "f-image",
      width: 640,
    });
    image.title = `${file.name}, ${bytes(file.size)}`;
    image.addEventListener("click", () => current().look?.());
    return image;
  },
  arrange(tools, ways, hasPicture, current) {
    tools.replaceChildren(...ways);
    if (hasPicture)
      tools.append(wordTool("Remove", `Remove ${current().label}`, () => current().onchange(null)));
  },
};

const whole = wholePicture(kind.fileOf);

/** One picture: shown, and for an input dropped, pasted, chosen or taken with the camera. */
export const mount: MountField = (element, options) =>
  options.large && options.readonly ? whole(element, options) : pictureInCard(element, options, kind);
