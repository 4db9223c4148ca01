import { el } from "../dom.ts";

/** Any picture that the browser can show, as PNG: the one kind that clipboards take. */
export async function pngOf(url: string): Promise<Blob> {
  const image = new Image();
  image.src = url;
  await image.decode();
  // An SVG may have no size of its own.
  const canvas = el("canvas", { width: image.naturalWidth || 1024, height: image.naturalHeight || 1024 });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return toBlob(canvas);
}

export function toBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("The picture is too large for this browser."));
      else resolve(blob);
    }, "image/png"),
  );
}
