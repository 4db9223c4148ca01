import { type FileRef, fileUrl, type ThumbnailWidth, thumbnailUrl } from "../../../../src/protocol/values.ts";
import { el } from "../dom.ts";
import { fileLine } from "../files.ts";

interface PictureLook {
  readonly alt: string;
  readonly class?: string;
  /** A thumbnail of this width; without one the picture itself. */
  readonly width?: ThumbnailWidth;
  /** Only when it comes into sight. */
  readonly isLazy?: boolean;
  /** In the place of a picture that cannot be shown. */
  readonly broken?: (file: FileRef) => HTMLElement;
}

/** A picture as an `img`, in which an SVG runs nothing; where it cannot be shown, a sentence and the file. */
export function picture(file: FileRef, look: PictureLook): HTMLImageElement {
  const image = el("img", {
    alt: look.alt,
    class: look.class,
    draggable: "false",
    decoding: "async",
    loading: look.isLazy === true ? "lazy" : undefined,
    src: look.width === undefined ? fileUrl(file) : thumbnailUrl(file, look.width),
  });
  image.addEventListener("error", () => image.replaceWith((look.broken ?? brokenPicture)(file)), {
    once: true,
  });
  return image;
}

export function brokenPicture(file: FileRef): HTMLElement {
  const why = "This picture cannot be shown: it is broken, or of a kind that browsers do not know.";
  return el("div", { class: "f-broken" }, el("p", { class: "f-note" }, why), fileLine(file));
}
