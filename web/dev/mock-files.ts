/** A picture and a sound made on the spot. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import type { FileRef } from "../../src/protocol/values.ts";
import type { SampleFiles } from "./samples.ts";
import { wav } from "./wav.ts";

export const files = new Map<string, { ref: FileRef; bytes: Uint8Array }>();

export function keep(bytes: Uint8Array, name: string, mime: string): FileRef {
  const id = createHash("sha256").update(bytes).digest("hex");
  const ref: FileRef = { $daggr: "file", id, name, mime, size: bytes.byteLength };
  files.set(id, { ref, bytes });
  return ref;
}

export async function picture(hue: number): Promise<FileRef> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="768" height="512"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(${hue},60%,32%)"/><stop offset=".55" stop-color="hsl(${hue + 40},70%,60%)"/><stop offset="1" stop-color="hsl(${hue + 120},90%,66%)"/></linearGradient></defs><rect width="768" height="512" fill="url(#g)"/><circle cx="560" cy="160" r="86" fill="#ffe8cc"/><path d="M0 420 Q190 340 380 410 T768 390 V512 H0z" fill="hsl(${hue},50%,18%)" opacity=".75"/></svg>`;
  return keep(await sharp(Buffer.from(svg)).png().toBuffer(), `cover-${hue}.png`, "image/png");
}

export function sound(seconds: number, seed: number): FileRef {
  const rate = 8000;
  const bytes = wav(seconds, rate, (at) => {
    const t = at / rate;
    const loud = Math.abs(Math.sin(t * (2.1 + seed * 0.37)) * Math.sin(t * 7.3 + seed)) ** 0.7;
    return Math.sin(t * 2 * Math.PI * (140 + 30 * Math.sin(t * 3))) * loud * 0.8;
  });
  return keep(bytes, `voice-${seed}.wav`, "audio/wav");
}

const cube = `o cube
v -1 -1 -1
v 1 -1 -1
v 1 1 -1
v -1 1 -1
v -1 -1 1
v 1 -1 1
v 1 1 1
v -1 1 1
f 4 3 2 1
f 5 6 7 8
f 1 2 6 5
f 2 3 7 6
f 3 4 8 7
f 4 1 5 8
`;

export async function sampleFiles(): Promise<SampleFiles> {
  const video = readFileSync(new URL("./sample.webm", import.meta.url));
  return {
    image: await picture(230),
    other: await picture(20),
    sound: sound(3.2, 2),
    video: keep(video, "test-card.webm", "video/webm"),
    model: keep(Buffer.from(cube), "cube.obj", "model/obj"),
    text: keep(Buffer.from("Three hearts.\n"), "notes.txt", "text/plain"),
  };
}
