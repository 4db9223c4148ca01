import "./files.css";
import { type FileRef, fileUrl, isFileRef } from "../../../src/protocol/values.ts";
import { bytes } from "../cards/time.ts";
import { el } from "./dom.ts";
import type { Field, FieldOptions, MountField } from "./field.ts";

interface FileKind {
  /** What may be chosen: `image/*`. */
  readonly accept: string;
  /** `an image`. */
  readonly noun: string;
  /** Shows a file; may give back how to take the view down. */
  show(element: HTMLElement, file: FileRef, options: FieldOptions): (() => void) | void;
}

/** A field that holds one file: a place to drop it, then the file itself and a way to replace it. */
export function fileField(kind: FileKind): MountField {
  return (element, options) => {
    let current = options;
    let takeDown: (() => void) | void;
    let shown: unknown = Symbol("nothing");

    const choose = async (file: File | undefined) => {
      if (file === undefined) return;
      element.classList.add("is-uploading");
      try {
        current.onchange(await current.upload(file));
      } catch (error) {
        say((error as Error).message);
      } finally {
        element.classList.remove("is-uploading");
      }
    };
    const say = (text: string) => element.append(el("p", { class: "f-error", role: "alert" }, text));

    const draw = () => {
      const { value } = current;
      const id = isFileRef(value) ? value.id + value.name : null;
      if (id === shown) return;
      shown = id;
      takeDown?.();
      takeDown = undefined;
      element.replaceChildren();
      if (isFileRef(value)) takeDown = kind.show(element, value, current);
      if (current.readonly) {
        if (!isFileRef(value)) element.append(el("div", { class: "f-empty f-media-empty" }, "No value yet"));
        return;
      }
      element.append(dropPlace(kind, current.label, isFileRef(value), choose, () => current.onchange(null)));
    };
    const stopListening = options.readonly ? () => {} : acceptFiles(element, choose);
    draw();
    const field: Field = {
      update(next) {
        current = next;
        draw();
      },
      destroy() {
        stopListening();
        takeDown?.();
        element.replaceChildren();
      },
    };
    return field;
  };
}

/** The button that opens the file dialog; beside it, where there is a file, one that takes it away. */
export function dropPlace(
  kind: Pick<FileKind, "accept" | "noun">,
  label: string,
  hasFile: boolean,
  choose: (file: File | undefined) => void,
  clear: () => void,
  /** Where the file itself is not shown above. */
  name?: string,
): HTMLElement {
  const input = el("input", {
    type: "file",
    accept: kind.accept,
    class: "f-file-input",
    tabindex: -1,
    "aria-label": `${label}, file`,
  });
  input.addEventListener("change", () => {
    choose(input.files?.[0]);
    input.value = "";
  });
  const button = el("button", {
    type: "button",
    class: hasFile ? "f-replace" : "f-drop",
    "aria-label": hasFile ? `Replace ${label}` : `Drop ${kind.noun} here, paste, or choose: ${label}`,
  });
  button.append(hasFile ? "Replace" : `Drop ${kind.noun} here, paste, or choose`);
  button.addEventListener("click", () => input.click());
  const row = el("div", { class: hasFile ? "f-file-row" : "" });
  if (name !== undefined) row.append(el("span", { class: "f-file-name", title: name }, name));
  row.append(button, input);
  if (hasFile) {
    const remove = el(
      "button",
      { type: "button", class: "f-replace", "aria-label": `Remove ${label}` },
      "Remove",
    );
    remove.addEventListener("click", clear);
    row.append(remove);
  }
  return row;
}

/** Takes files that are dropped on the element or pasted while the focus is inside it. */
export function acceptFiles(
  element: HTMLElement,
  choose: (file: File | undefined, all: readonly File[]) => void,
  { drop = true, paste = true } = {},
): () => void {
  const over = (event: DragEvent) => {
    event.preventDefault();
    element.classList.add("is-over");
  };
  const leave = () => element.classList.remove("is-over");
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    leave();
    const files = [...(event.dataTransfer?.files ?? [])];
    choose(files[0], files);
  };
  const pasted = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    choose(files[0], files);
  };
  const stop = new AbortController();
  const { signal } = stop;
  if (drop) {
    element.addEventListener("dragover", over, { signal });
    element.addEventListener("dragleave", leave, { signal });
    element.addEventListener("drop", dropped, { signal });
  }
  if (paste) element.addEventListener("paste", pasted, { signal });
  return () => stop.abort();
}

/** Name, size and a link to the file. */
export function fileLine(file: FileRef): HTMLElement {
  return el(
    "a",
    { class: "f-file", href: fileUrl(file), download: file.name },
    el("span", { class: "f-file-name" }, file.name),
    el("span", { class: "f-file-size" }, bytes(file.size)),
  );
}
