import "./video.css";
import { fileUrl } from "../../../../src/protocol/values.ts";
import { el } from "../dom.ts";
import { fileField, fileLine } from "../files.ts";

export const mount = fileField({
  accept: "video/*",
  noun: "a video",
  show(element, file, { label, large, props }) {
    const video = el("video", {
      src: fileUrl(file),
      controls: true,
      preload: "metadata",
      loop: props["loop"] === true,
      class: large ? "f-video is-large" : "f-video",
      "aria-label": `${label}: ${file.name}`,
    });
    video.addEventListener("error", () => video.replaceWith(fileLine(file)));
    element.append(video);
    return () => video.pause();
  },
});
