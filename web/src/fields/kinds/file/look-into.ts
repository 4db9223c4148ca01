import { type FileRef, fileUrl } from "../../../../../src/protocol/values.ts";
import { overlay } from "../../../state/overlay.svelte.ts";
import { endingOf, sortOf } from "../../media/file-kinds.ts";

const kinds: Readonly<Record<string, string>> = {
  image: "image",
  audio: "audio",
  video: "video",
  model: "model3d",
};
const languages: Readonly<Record<string, string>> = {
  js: "javascript",
  ts: "typescript",
  py: "python",
  md: "markdown",
  yml: "yaml",
};
/** More text than this is downloaded rather than read on a page. */
const readUpToBytes = 1_000_000;

export function canLookInto(file: FileRef): boolean {
  const sort = sortOf(file);
  return sort in kinds || (sort === "text" && file.size <= readUpToBytes);
}

/** Opens a file in the view of its kind, on the whole screen. */
export async function lookInto(file: FileRef): Promise<void> {
  const sort = sortOf(file);
  const kind = kinds[sort];
  if (kind !== undefined) {
    overlay.closer = { kind, label: file.name, value: file, props: {} };
    return;
  }
  const answer = await fetch(fileUrl(file));
  const text = answer.ok ? await answer.text() : `The server does not have ${file.name} any more.`;
  const ending = endingOf(file.name);
  overlay.closer = {
    kind: "code",
    label: file.name,
    value: text,
    props: { language: languages[ending] ?? ending },
  };
}
