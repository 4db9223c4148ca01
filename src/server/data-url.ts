/** File name extensions of what browsers record and people drop; anything else is `bin`. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/avif": "avif",
  "image/bmp": "bmp",
  "image/svg+xml": "svg",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/webm": "webm",
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/ogg": "ogg",
  "audio/flac": "flac",
  "audio/mp4": "m4a",
  "video/mp4": "mp4",
  "video/webm": "webm",
  "video/ogg": "ogv",
  "video/quicktime": "mov",
  "application/pdf": "pdf",
  "application/json": "json",
  "application/zip": "zip",
  "text/plain": "txt",
  "text/csv": "csv",
  "text/markdown": "md",
  "text/html": "html",
  "model/gltf-binary": "glb",
  "model/gltf+json": "gltf",
  "model/obj": "obj",
  "model/stl": "stl",
};

const HEAD = /^data:([a-z0-9][a-z0-9.+-]*\/[a-z0-9.+-]+)?((?:;[a-z0-9-]+=[^;,]{0,100})*)(;base64)?,/i;

/** The content of a data URL, or `undefined` for any other text. */
export function decodeDataUrl(
  url: string,
): { readonly bytes: Uint8Array; readonly extension: string } | undefined {
  if (!url.startsWith("data:")) return undefined;
  const head = HEAD.exec(url.slice(0, 1000));
  if (head === null) return undefined;
  const type = (head[1] ?? "text/plain").toLowerCase();
  const content = url.slice(head[0].length);
  const bytes = head[3] === undefined ? decodePercent(content) : decodeBase64(content);
  return bytes === undefined ? undefined : { bytes, extension: EXTENSIONS[type] ?? "bin" };
}

function decodeBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/\-_\s]*={0,2}\s*$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

function decodePercent(text: string): Uint8Array | undefined {
  try {
    return Buffer.from(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
