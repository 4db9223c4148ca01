import "./image.css";
import { fileUrl, thumbnailUrl } from "../../../../src/protocol/values.ts";
import { el } from "../dom.ts";
import { fileField, fileLine } from "../files.ts";

export const mount = fileField({
  accept: "image/*",
  noun: "an image",
  show(element, file, { label, large }) {
    const image = el("img", {
      src: large ? fileUrl(file) : thumbnailUrl(file, 640),
      alt: `${label}: ${file.name}`,
      class: large ? "f-image is-large" : "f-image",
      draggable: "false",
      decoding: "async",
    });
    image.addEventListener("error", () => image.replaceWith(fileLine(file)));
    element.append(image);
  },
});
