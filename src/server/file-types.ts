/** How a file is sent: only what runs nothing in a browser is shown, everything else is saved. */
export interface SentType {
  readonly mime: string;
  readonly isShown: boolean;
}

const SHOWN: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  bmp: "image/bmp",
  ico: "image/x-icon",
  wav: "audio/wav",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  flac: "audio/flac",
  m4a: "audio/mp4",
  aac: "audio/aac",
  weba: "audio/webm",
  mp4: "video/mp4",
  m4v: "video/mp4",
  webm: "video/webm",
  ogv: "video/ogg",
  mov: "video/quicktime",
  txt: "text/plain; charset=utf-8",
  log: "text/plain; charset=utf-8",
  md: "text/plain; charset=utf-8",
  csv: "text/plain; charset=utf-8",
  json: "application/json",
  srt: "text/plain; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
};

/** Saved when opened, but of a type that the canvas can show inside an element. */
const SAVED: Readonly<Record<string, string>> = {
  svg: "image/svg+xml",
  pdf: "application/pdf",
  glb: "model/gltf-binary",
  gltf: "model/gltf+json",
};

/** By the name's ending alone: what a file claims about itself is a stranger's word. */
export function contentType(name: string): SentType {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (Object.hasOwn(SHOWN, ending)) return { mime: SHOWN[ending]!, isShown: true };
  return { mime: Object.hasOwn(SAVED, ending) ? SAVED[ending]! : "application/octet-stream", isShown: false };
}

export function dispositionOf(name: string, { isShown }: SentType): string {
  const plain = name.replace(/[^\w.() -]/g, "_").slice(-100);
  const encoded = encodeURIComponent(name.slice(-100).toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `${isShown ? "inline" : "attachment"}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** For a file that is opened on its own: it may show itself and do nothing else. */
export const FILE_POLICY =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
