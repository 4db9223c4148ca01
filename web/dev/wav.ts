/** A WAV of one channel; `at` says for every moment, in samples, how loud it is: -1 to 1. */
export function wav(seconds: number, rate: number, at: (sample: number) => number): Buffer {
  const count = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + count * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + count * 2, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(count * 2, 40);
  for (let sample = 0; sample < count; sample++)
    bytes.writeInt16LE(Math.round(at(sample) * 32_767), 44 + sample * 2);
  return bytes;
}
