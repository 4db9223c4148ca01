import { stat } from "node:fs/promises";
import type { FileRef, FileStore } from "../base/files.ts";
import type { ThumbnailWidth } from "../protocol/values.ts";
import { Limits } from "../run/limits.ts";
import { isStillPicture } from "./still-picture.ts";

const AT_ONCE = 2;
/** 8192 x 8192 passes. Whoever has larger pictures sees them, and waits for them. */
const MOST_PIXELS = 80_000_000;
const MOST_SECONDS = 20;
/** Of a long strip only so much is worth a thumbnail. */
const MOST_HEIGHTS = 4;
const MOST_REMEMBERED = 10_000;

type Sharp = typeof import("sharp").default;

/** Small pictures of images, made when they are first asked for. */
export interface Thumbnails {
  /** The path of a WebP picture; `undefined` where the file itself is what to send. */
  find(ref: FileRef, width: ThumbnailWidth): Promise<string | undefined>;
}

/** There is nothing to gain: no picture, small enough, animated, too large, broken. */
class NoThumbnail extends Error {}

/** `load` gives the library that makes them; where it cannot be loaded, files are sent as they are. */
export function createThumbnails(
  files: FileStore,
  load: () => Promise<Sharp | undefined> = loadSharp,
): Thumbnails {
  const limits = new Limits();
  const without = new Set<string>();

  async function make(from: string, to: string, width: number): Promise<void> {
    const sharp = await load();
    if (sharp === undefined || !(await isStillPicture(from))) throw new NoThumbnail();
    await limits.take("thumbnails", AT_ONCE)?.ready;
    try {
      await shrink(sharp, from, to, width);
    } catch (error) {
      // Whatever is wrong with the picture, the browser is told it by the picture itself.
      throw error instanceof NoThumbnail ? error : new NoThumbnail("unreadable", { cause: error });
    } finally {
      limits.free("thumbnails");
    }
  }

  return {
    async find(ref, width) {
      const key = `${ref.id}-${width}`;
      if (files.derive === undefined || without.has(key)) return undefined;
      try {
        return await files.derive(ref, `${width}.webp`, async (to) => make(await files.path(ref), to, width));
      } catch (error) {
        if (!(error instanceof NoThumbnail)) return undefined;
        if (without.size >= MOST_REMEMBERED) without.clear();
        without.add(key);
        return undefined;
      }
    },
  };
}

async function shrink(sharp: Sharp, from: string, to: string, width: number): Promise<void> {
  const picture = sharp(from, { limitInputPixels: MOST_PIXELS, sequentialRead: true });
  const { autoOrient, pages = 1 } = await picture.metadata();
  const { size } = await stat(from);
  if (pages > 1) throw new NoThumbnail();
  const made = await picture
    .autoOrient()
    .resize({ width, height: width * MOST_HEIGHTS, fit: "inside", withoutEnlargement: true })
    .webp({ quality: 82, smartSubsample: true })
    .timeout({ seconds: MOST_SECONDS })
    .toFile(to);
  const isWider = autoOrient.width > width || autoOrient.height > width * MOST_HEIGHTS;
  // The same picture once more pays only where it became much smaller.
  if (made.size > size * (isWider ? 1 : 0.5)) throw new NoThumbnail();
}

let loaded: Promise<Sharp | undefined> | undefined;

/** An optional dependency: there are systems without a build of it. */
function loadSharp(): Promise<Sharp | undefined> {
  loaded ??= import("sharp").then(
    (module) => module.default,
    () => undefined,
  );
  return loaded;
}
