import sharp from "sharp";
import { wrap } from "../03-storyboard/pictures.ts";

const [WIDTH, HEIGHT, SPINE] = [600, 900, 64];
const FONT = "Inter, DejaVu Sans, sans-serif";

const escapeXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const svg = (width: number, height: number, content: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`);

function lines(texts: readonly string[], x: number, y: number, size: number, look: string): string {
  return texts
    .map(
      (line, index) =>
        `<text x="${x}" y="${y + index * size * 1.3}" font-family="${FONT}" font-size="${size}" ${look}>${escapeXml(line)}</text>`,
    )
    .join("");
}

/** The front of a book: a picture, the title on it and the author below. */
export async function front(picture: string, title: string, author: string, path: string): Promise<string> {
  const words = wrap(title, 13, 3);
  const dark = `<linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0.55"/>
    <stop offset="0.45" stop-color="#000" stop-opacity="0"/><stop offset="0.8" stop-color="#000" stop-opacity="0"/>
    <stop offset="1" stop-color="#000" stop-opacity="0.6"/></linearGradient>`;
  const writing = `<defs>${dark}</defs><rect width="100%" height="100%" fill="url(#g)"/>
    ${lines(words, WIDTH / 2, 120, 72, 'font-weight="700" fill="#fffdf6" text-anchor="middle" letter-spacing="-1"')}
    ${lines([author.toUpperCase()], WIDTH / 2, HEIGHT - 56, 26, 'fill="#fffdf6" text-anchor="middle" letter-spacing="5"')}`;
  await sharp(picture)
    .resize(WIDTH, HEIGHT, { fit: "cover" })
    .composite([{ input: svg(WIDTH, HEIGHT, writing) }])
    .png({ compressionLevel: 6 })
    .toFile(path);
  return path;
}

interface Jacket {
  readonly front: string;
  readonly text: string;
  readonly title: string;
  readonly publisher: string;
  readonly price: number;
}

/** The whole jacket: back, spine and front. */
export async function jacket(book: Jacket, path: string): Promise<string> {
  const { dominant } = await sharp(book.front).stats();
  const paper = { r: dominant.r * 0.45, g: dominant.g * 0.45, b: dominant.b * 0.45 };
  const spine = { r: dominant.r * 0.3, g: dominant.g * 0.3, b: dominant.b * 0.3 };
  const paragraphs = book.text.split("\n").flatMap((line) => (line === "" ? [""] : wrap(line, 40, 12)));
  const back = `${lines(paragraphs, 64, 150, 25, 'fill="#fffdf6"')}
    ${lines([book.publisher], 64, HEIGHT - 64, 24, 'font-weight="700" fill="#fffdf6"')}
    ${lines([`€ ${book.price.toFixed(2)}`], WIDTH - 64, HEIGHT - 64, 24, 'fill="#fffdf6" text-anchor="end"')}`;
  const writing = `<g transform="translate(${SPINE / 2 + 9} 80) rotate(90)">
    <text font-family="${FONT}" font-size="28" font-weight="700" fill="#fffdf6">${escapeXml(book.title)}</text></g>`;
  await sharp({ create: { width: WIDTH * 2 + SPINE, height: HEIGHT, channels: 3, background: paper } })
    .composite([
      { input: svg(WIDTH, HEIGHT, back), left: 0, top: 0 },
      {
        input: { create: { width: SPINE, height: HEIGHT, channels: 3, background: spine } },
        left: WIDTH,
        top: 0,
      },
      { input: svg(SPINE, HEIGHT, writing), left: WIDTH, top: 0 },
      { input: book.front, left: WIDTH + SPINE, top: 0 },
    ])
    .png({ compressionLevel: 6 })
    .toFile(path);
  return path;
}
