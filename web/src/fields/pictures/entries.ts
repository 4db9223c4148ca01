import { type FileRef, fileUrl, isFileRef, type ThumbnailWidth } from "../../../../src/protocol/values.ts";
import { el, isRecord } from "../dom.ts";
import { picture } from "./picture.ts";

/** A picture of a gallery, or a video: Gradio has both. */
export interface Entry {
  readonly image: FileRef;
  readonly caption?: string;
}

export function entriesOf(value: unknown): readonly Entry[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry): entry is Entry => isRecord(entry) && isFileRef(entry["image"]));
}

export const isVideo = ({ image }: Entry): boolean => image.mime.startsWith("video/");

export const nameOf = ({ image, caption }: Entry, index: number): string =>
  caption !== undefined && caption !== "" ? caption : `Picture ${index + 1}: ${image.name}`;

/** The small picture of an entry; its name is said by what it stands in. */
export function tileOf(entry: Entry, width: ThumbnailWidth): HTMLElement {
  if (isVideo(entry)) {
    const video = el("video", {
      src: `${fileUrl(entry.image)}#t=0.1`,
      preload: "metadata",
      tabindex: -1,
      "aria-hidden": "true",
    });
    video.muted = true;
    return video;
  }
  return picture(entry.image, {
    alt: "",
    width,
    isLazy: true,
    broken: ({ name }) => el("span", { class: "f-tile-broken" }, `${name} cannot be shown`),
  });
}
