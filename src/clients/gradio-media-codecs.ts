import { isFileRef } from "../base/files.ts";
import { type Codec, isRecord, listOf, RemoteFile, remoteFile, ShapeError } from "./gradio-codec.ts";

/** `{ image, caption }[]`; a video sits under `image` too, its type tells. */
export const gallery: Codec = {
  decode(value) {
    return listOf(value, "a list").map((item) => {
      if (!isRecord(item)) throw new ShapeError("pictures");
      const image = remoteFile(item["image"]) ?? remoteFile(item["video"]) ?? remoteFile(item);
      if (image === undefined) throw new ShapeError("pictures");
      return typeof item["caption"] === "string" ? { image, caption: item["caption"] } : { image };
    });
  },
  encode(value, file) {
    const items = listOf(value, "a list of { image, caption? }").map(async (item) => {
      const isEntry = isRecord(item) && !isFileRef(item);
      const media = isEntry ? (item["image"] ?? item["video"]) : item;
      const isVideo = isFileRef(media)
        ? media.mime.startsWith("video/")
        : isEntry && item["image"] === undefined;
      return {
        [isVideo ? "video" : "image"]: await file(media),
        caption: (isEntry ? item["caption"] : undefined) ?? null,
      };
    });
    return Promise.all(items);
  },
};

/** The picture as drawn: the composite, or the background where nothing was drawn. It remembers its layers. */
export const imageEditor: Codec = {
  decode(value) {
    if (!isRecord(value)) throw new ShapeError("an editor's layers");
    const background = remoteFile(value["background"]);
    const picture = remoteFile(value["composite"]) ?? background ?? remoteFile(value);
    const given = Array.isArray(value["layers"]) ? value["layers"] : [];
    const layers = given.flatMap((layer) => remoteFile(layer) ?? []);
    if (picture === undefined || layers.length === 0) return picture ?? null;
    return new RemoteFile(picture.data, { background: background ?? null, layers });
  },
  async encode(value, file) {
    if (isRecord(value) && !isFileRef(value)) {
      const layers = listOf(value["layers"] ?? [], "layers as a list of files");
      const place = async (item: unknown) => (item === null || item === undefined ? null : file(item));
      return {
        background: await place(value["background"]),
        layers: await Promise.all(layers.map((layer) => file(layer))),
        composite: await place(value["composite"] ?? value["background"]),
      };
    }
    const image = await file(value);
    if (!isFileRef(value) || value.drawing === undefined)
      return { background: image, layers: [], composite: image };
    const { background, layers } = value.drawing;
    return {
      background: background === null ? null : await file(background),
      layers: await Promise.all(layers.map((layer) => file(layer))),
      composite: image,
    };
  },
};

/** Two pictures. */
export const imageSlider: Codec = {
  decode(value) {
    return listOf(value, "two pictures").map((item) => remoteFile(item) ?? null);
  },
  encode(value, file) {
    const [left, right, ...more] = listOf(value, "two pictures");
    if (more.length > 0) throw new ShapeError("two pictures");
    return Promise.all(
      [left, right].map((item) => (item === null || item === undefined ? null : file(item))),
    );
  },
};
