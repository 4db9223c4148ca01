import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FolderFileStore } from "../store/files.ts";
import { createThumbnails } from "./thumbnails.ts";

let folder: string;
let files: FolderFileStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-thumbnails-test-"));
  files = new FolderFileStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const noise = (width: number, height = width) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "#888",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  });
const keep = (bytes: Uint8Array, name: string) => files.put({ bytes }, name);

it("a large picture gets a small WebP of the asked width, whatever its file is called", async () => {
  const thumbnails = createThumbnails(files);
  const ref = await keep(await noise(900, 600).png().toBuffer(), "picture.txt");
  for (const width of [96, 320, 640] as const) {
    const path = await thumbnails.find(ref, width);
    const { format, width: made, height } = await sharp(readFileSync(path!)).metadata();
    expect([format, made, height]).toEqual(["webp", width, Math.round((width * 2) / 3)]);
    expect(statSync(path!).size).toBeLessThan(ref.size / 2);
  }
});

it("stands upright as the camera meant it", async () => {
  const ref = await keep(await noise(900, 600).withMetadata({ orientation: 6 }).jpeg().toBuffer(), "a.jpg");
  const path = await createThumbnails(files).find(ref, 320);
  const { width, height } = await sharp(readFileSync(path!)).metadata();
  expect([width, height]).toEqual([320, 480]);
});

it("a hundred that ask at once get one that was made once, two at a time in all", async () => {
  let now = 0;
  let most = 0;
  const made = vi.fn();
  const counting = ((path: string, options: object) => {
    const picture = sharp(path, options);
    const write = picture.toFile.bind(picture);
    picture.toFile = (async (to: string) => {
      made(to);
      most = Math.max(most, ++now);
      try {
        return await write(to);
      } finally {
        now--;
      }
    }) as typeof picture.toFile;
    return picture;
  }) as unknown as typeof sharp;
  const thumbnails = createThumbnails(files, async () => counting);
  const refs = await Promise.all(
    [700, 710, 720, 730, 740].map(async (size) => keep(await noise(size).png().toBuffer(), `${size}.png`)),
  );
  const paths = await Promise.all(
    Array.from({ length: 100 }, (_, index) => thumbnails.find(refs[index % 5]!, 320)),
  );
  expect(new Set(paths).size).toBe(5);
  expect(made).toHaveBeenCalledTimes(5);
  expect(most).toBe(2);
  await createThumbnails(files, async () => counting).find(refs[0]!, 320);
  expect(made, "after a restart").toHaveBeenCalledTimes(5);
});

it.each([
  ["a text", () => Buffer.from("no picture at all")],
  ["an empty file", () => Buffer.alloc(0)],
  [
    "an SVG",
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="2000"><rect/></svg>'),
  ],
  ["a small picture", () => noise(60).webp().toBuffer()],
  ["an animated GIF", () => animation().gif().toBuffer()],
  ["an animated WebP", () => animation().webp().toBuffer()],
  ["an animated PNG", () => animatedPng()],
  ["a PNG that breaks off", async () => (await noise(900).png().toBuffer()).subarray(0, 300)],
  ["a PNG that claims to be gigantic", () => png(60_000, 60_000, Buffer.alloc(1000))],
])("%s is sent as it is", async (_name, make) => {
  const ref = await keep(await make(), "picture.png");
  const thumbnails = createThumbnails(files);
  expect(await thumbnails.find(ref, 96)).toBeUndefined();
  expect(await thumbnails.find(ref, 96)).toBeUndefined();
  expect(readdirSync(folder, { recursive: true }).filter((path) => /webp/.test(String(path)))).toEqual([]);
});

it("without the library pictures are sent as they are", async () => {
  const ref = await keep(await noise(900).png().toBuffer(), "a.png");
  expect(await createThumbnails(files, async () => undefined).find(ref, 320)).toBeUndefined();
});

it("goes with its file", async () => {
  const thumbnails = createThumbnails(files);
  const [kept, old] = [
    await keep(await noise(800).png().toBuffer(), "kept.png"),
    await keep(await noise(801).png().toBuffer(), "old.png"),
  ];
  const paths = [(await thumbnails.find(kept, 320))!, (await thumbnails.find(old, 320))!];
  const before = new Date(Date.now() - 10_000);
  for (const ref of [kept, old]) utimesSync(files.folderOf(ref.id), before, before);
  expect(await files.removeUnreferenced((id) => id === kept.id, 5_000)).toBe(1);
  expect(statSync(paths[0]!).size).toBeGreaterThan(0);
  expect(() => statSync(paths[1]!)).toThrow("ENOENT");
});

const animation = () =>
  sharp({
    create: {
      width: 200,
      height: 400,
      pageHeight: 200,
      channels: 3,
      background: "#888",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  } as never);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

function png(width: number, height: number, pixels: Buffer, ...more: Buffer[]): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    ...more,
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A first frame of 800 x 800 behind a chunk that says two frames come. */
function animatedPng(): Buffer {
  return png(
    800,
    800,
    Buffer.alloc(800 * (800 * 3 + 1)),
    chunk("acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])),
  );
}
