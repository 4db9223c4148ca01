import type { FileRef } from "../../../../src/protocol/values.ts";
import { bytes } from "../../cards/time.ts";
import { el } from "../dom.ts";
import type { FieldOptions } from "../field.ts";
import "./media.css";

/**
 * Uploads a file and shows how far it is, with a way to stop it. Gives the file, or `null` when it was cancelled;
 * throws what the server said.
 */
export async function uploadShown(
  place: HTMLElement,
  file: File,
  upload: FieldOptions["upload"],
): Promise<FileRef | null> {
  const stop = new AbortController();
  const bar = el("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
  const part = el("span", { class: "f-upload-part" }, bytes(file.size));
  const cancel = el(
    "button",
    { type: "button", class: "f-quiet", "aria-label": `Cancel the upload of ${file.name}` },
    "Cancel",
  );
  cancel.addEventListener("click", () => stop.abort());
  const line = el(
    "div",
    { class: "f-upload" },
    el("span", { class: "f-file-name", title: file.name }, file.name),
    part,
    cancel,
    bar,
  );
  place.append(line);
  try {
    return await upload(file, {
      signal: stop.signal,
      onprogress(done) {
        bar.value = done;
        part.textContent = done < 1 ? `${Math.round(done * 100)} % of ${bytes(file.size)}` : "Almost done";
      },
    });
  } catch (error) {
    if (stop.signal.aborted) return null;
    throw error;
  } finally {
    line.remove();
  }
}
