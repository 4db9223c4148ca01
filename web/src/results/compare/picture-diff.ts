/** The longest side at which pixels are compared: enough to say how much differs. */
const longestSide = 512;
/** Of 255: what compression alone changes is no difference. */
const tolerance = 12;

/** How much of two pictures differs, 0 to 1. The second is brought to the size of the first. */
export async function differingShare(first: string, second: string): Promise<number> {
  const [a, b] = await Promise.all([load(first), load(second)]);
  const scale = Math.min(1, longestSide / Math.max(a.naturalWidth, a.naturalHeight, 1));
  const width = Math.max(1, Math.round(a.naturalWidth * scale));
  const height = Math.max(1, Math.round(a.naturalHeight * scale));
  const [before, after] = [pixels(a, width, height), pixels(b, width, height)];
  let differing = 0;
  for (let at = 0; at < before.length; at += 4) {
    const most = Math.max(
      Math.abs(before[at]! - after[at]!),
      Math.abs(before[at + 1]! - after[at + 1]!),
      Math.abs(before[at + 2]! - after[at + 2]!),
      Math.abs(before[at + 3]! - after[at + 3]!),
    );
    if (most > tolerance) differing++;
  }
  return differing / (width * height);
}

async function load(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

function pixels(image: HTMLImageElement, width: number, height: number): Uint8ClampedArray {
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", {
    willReadFrequently: true,
  })!;
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
