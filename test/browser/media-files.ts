/** Sounds and models made on the spot. */
import { wav } from "../../web/dev/wav.ts";

/** A WAV with a tone. */
export function tone(seconds: number, rate = 16_000): Buffer {
  return wav(seconds, rate, (at) => Math.sin(at / 12) * 0.3 * Math.abs(Math.sin(at / 4000)));
}

/** What a function sees of a WAV: how long it is, and how it is written. */
export function readWav(bytes: Buffer): { wav: boolean; rate: number; seconds: number } {
  const rate = bytes.readUInt32LE(24);
  return {
    wav: bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WAVE",
    rate,
    seconds: bytes.readUInt32LE(40) / bytes.readUInt32LE(28),
  };
}

/** A tetrahedron; `image` names a texture. */
export function glb(image?: string): Buffer {
  const points = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const faces = new Uint16Array([0, 1, 2, 0, 2, 3, 0, 3, 1, 1, 3, 2]);
  const data = Buffer.concat([Buffer.from(points.buffer), Buffer.from(faces.buffer)]);
  const texture = image === undefined ? {} : { textures: [{ source: 0 }], images: [{ uri: image }] };
  const colour = { baseColorFactor: [0.9, 0.35, 0.05, 1], metallicFactor: 0, roughnessFactor: 0.8 };
  const json = {
    asset: { version: "2.0" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, material: 0 }] }],
    materials: [
      {
        pbrMetallicRoughness: {
          ...colour,
          ...(image === undefined ? {} : { baseColorTexture: { index: 0 } }),
        },
      },
    ],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 4, type: "VEC3", min: [0, 0, 0], max: [1, 1, 1] },
      { bufferView: 1, componentType: 5123, count: 12, type: "SCALAR" },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: 48 },
      { buffer: 0, byteOffset: 48, byteLength: 24 },
    ],
    buffers: [{ byteLength: data.length }],
    ...texture,
  };
  const text = Buffer.from(JSON.stringify(json));
  return Buffer.concat([
    glbHead(12 + 8 + padded(text).length + 8 + data.length),
    chunk("JSON", padded(text)),
    chunk("BIN\0", data),
  ]);
}

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, 32)]);

function glbHead(length: number): Buffer {
  const head = Buffer.alloc(12);
  head.write("glTF");
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(length, 8);
  return head;
}

function chunk(name: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(bytes.length, 0);
  head.write(name, 4, "latin1");
  return Buffer.concat([head, bytes]);
}
