import sharp from "sharp";
import { HEIGHT, WIDTH } from "./scenery.ts";

const escapeXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Breaks a text into lines of at most `width` characters. */
export function wrap(text: string, width: number, most: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]} …`];
}

/** An SVG drawing as a PNG file. */
export async function rasterise(svg: string, path: string): Promise<string> {
  await sharp(Buffer.from(svg)).png({ compressionLevel: 6 }).toFile(path);
  return path;
}

/** A picture on a card with its number and its caption. */
export async function mount(image: string, number: number, caption: string, path: string): Promise<string> {
  const strip = 118;
  const lines = wrap(caption, 62, 2);
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH + 48}" height="${HEIGHT + strip + 24}">
    <rect width="100%" height="100%" rx="18" fill="#fffdf8"/>
    <circle cx="60" cy="${HEIGHT + 24 + strip / 2}" r="28" fill="#e8590c"/>
    <text x="60" y="${HEIGHT + 34 + strip / 2}" font-family="Inter, DejaVu Sans, sans-serif" font-size="28" font-weight="700" fill="#fff" text-anchor="middle">${number}</text>
    ${lines.map((line, index) => `<text x="112" y="${HEIGHT + 34 + strip / 2 + (index - (lines.length - 1) / 2) * 34}" font-family="Inter, DejaVu Sans, sans-serif" font-size="26" fill="#2b2b28">${escapeXml(line)}</text>`).join("")}
  </svg>`;
  await sharp(Buffer.from(frame))
    .composite([{ input: image, left: 24, top: 24 }])
    .png({ compressionLevel: 6 })
    .toFile(path);
  return path;
}

/** All panels on one sheet, three in a row, under the title. */
export async function contactSheet(panels: readonly string[], title: string, path: string): Promise<string> {
  const columns = Math.min(3, panels.length);
  const [width, height, gap, head] = [480, 326, 28, 104];
  const rows = Math.ceil(panels.length / columns);
  const sheet = {
    width: columns * (width + gap) + gap,
    height: head + rows * (height + gap) + 4,
  };
  const heading = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${head}">
    <text x="${gap}" y="66" font-family="Inter, DejaVu Sans, sans-serif" font-size="40" font-weight="700" fill="#1d1d1a">${escapeXml(title)}</text>
    <text x="${sheet.width - gap}" y="64" font-family="Inter, DejaVu Sans, sans-serif" font-size="22" fill="#8a8a82" text-anchor="end">${panels.length} shots</text>
  </svg>`;
  const small = await Promise.all(
    panels.map((panel) => sharp(panel).resize(width, height, { fit: "inside" }).toBuffer()),
  );
  await sharp({ create: { ...sheet, channels: 3, background: "#ecebe5" } })
    .composite([
      { input: Buffer.from(heading), left: 0, top: 0 },
      ...small.map((input, index) => ({
        input,
        left: gap + (index % columns) * (width + gap),
        top: head + Math.floor(index / columns) * (height + gap),
      })),
    ])
    .png()
    .toFile(path);
  return path;
}

/** The pictures one after the other as a moving one. */
export async function animatic(
  images: readonly string[],
  secondsPerShot: number,
  path: string,
): Promise<string> {
  const frames = await Promise.all(images.map((image) => sharp(image).resize(640).png().toBuffer()));
  await sharp(frames, { join: { animated: true } })
    .webp({ delay: frames.map(() => Math.round(secondsPerShot * 1000)), loop: 0, quality: 82, effort: 2 })
    .toFile(path);
  return path;
}
