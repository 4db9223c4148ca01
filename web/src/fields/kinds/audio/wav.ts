/** Sound as numbers, and back as a file that every function can read. */

/** Decodes at the file's own rate where it tells one (WAV), else at 48 kHz. */
export async function decode(bytes: ArrayBuffer): Promise<AudioBuffer> {
  const context = new OfflineAudioContext(1, 1, rateOf(bytes) ?? 48_000);
  return context.decodeAudioData(bytes.slice(0));
}

function rateOf(bytes: ArrayBuffer): number | undefined {
  if (bytes.byteLength < 44) return undefined;
  const view = new DataView(bytes);
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(12) !== 0x666d7420) return undefined;
  const rate = view.getUint32(24, true);
  return rate >= 8000 && rate <= 96_000 ? rate : undefined;
}

/** WAV, 16 bits, with the channels that the sound has; `from` and `to` in seconds. */
export function encodeWav(sound: AudioBuffer, from = 0, to = sound.duration): ArrayBuffer {
  const { numberOfChannels: channels, sampleRate: rate } = sound;
  const first = Math.max(0, Math.round(from * rate));
  const count = Math.max(0, Math.min(sound.length, Math.round(to * rate)) - first);
  const bytes = new ArrayBuffer(44 + count * channels * 2);
  const view = new DataView(bytes);
  const text = (at: number, word: string) => {
    for (const [index, letter] of [...word].entries()) view.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, "RIFF");
  view.setUint32(4, bytes.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, count * channels * 2, true);
  const data = Array.from({ length: channels }, (_, channel) => sound.getChannelData(channel));
  let at = 44;
  for (let sample = first; sample < first + count; sample++) {
    for (const channel of data) {
      const level = Math.max(-1, Math.min(1, channel[sample]!));
      view.setInt16(at, level < 0 ? level * 0x8000 : level * 0x7fff, true);
      at += 2;
    }
  }
  return bytes;
}

export function wavFile(bytes: ArrayBuffer, name: string): File {
  return new File([bytes], name, { type: "audio/wav" });
}
