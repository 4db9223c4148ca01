import { type FileRef, isFileRef } from "../../../../src/protocol/values.ts";
import { el, textual } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { acceptFiles } from "../files.ts";
import { acceptedTypes, mismatch } from "./file-kinds.ts";
import { uploadShown } from "./upload-line.ts";
import "./media.css";

/** What a kind's view may ask of the field around it. */
export interface MediaHost {
  readonly options: FieldOptions;
  /** Uploads a file and makes it the value; `before` sees the file first. */
  keep(file: File, before?: (kept: FileRef) => void): Promise<void>;
  set(file: FileRef | null): void;
  say(text: string): void;
  /** Whether something else was shown before: a value that came while the page was open. */
  readonly isNews: boolean;
}

export interface MediaView {
  update?(options: FieldOptions): void;
  destroy(): void;
}

export interface MediaKind {
  readonly accept: string;
  /** `a sound`. */
  readonly noun: string;
  show(place: HTMLElement, file: FileRef, host: MediaHost): MediaView;
  readonly record?: {
    /** Gradio's name of the source. */
    readonly source: string;
    /** Begins to record in this place; gives back how to stop. `over` ends it without a file. */
    begin(place: HTMLElement, host: MediaHost, over: () => void): () => void;
  };
}

/** A field of one file that is shown, chosen, dropped, pasted or recorded. */
export function mediaField(kind: MediaKind): MountField {
  return (element, options) => {
    let current = options;
    let view: MediaView | undefined;
    let shown: string | null | undefined;
    let stopRecording: (() => void) | undefined;
    let isBusy = false;
    const types = acceptedTypes(kind.accept);
    const place = el("div", { class: "f-media" });
    const work = el("div", { class: "f-media-work" });
    const tools = el("div", { class: "f-media-tools" });
    const alert = el("p", { class: "f-error", role: "alert" });
    const input = el("input", {
      type: "file",
      accept: kind.accept,
      class: "f-file-input",
      tabindex: -1,
      "aria-label": `${options.label}, file`,
    });
    element.append(place, work, tools, alert);

    const sources = () => {
      const given = current.props["sources"];
      const list = (Array.isArray(given) ? given : typeof given === "string" ? [given] : []).map(String);
      return {
        upload: list.length === 0 || list.includes("upload"),
        record: kind.record !== undefined && (list.length === 0 || list.includes(kind.record.source)),
      };
    };
    const host: MediaHost = {
      get options() {
        return current;
      },
      get isNews() {
        return shown !== undefined;
      },
      set: (file) => current.onchange(file),
      say(text) {
        alert.textContent = text;
      },
      async keep(file, before) {
        if (isBusy) return;
        isBusy = true;
        alert.textContent = "";
        element.classList.add("is-busy");
        try {
          const ref = await uploadShown(work, file, current.upload);
          if (ref === null) return;
          before?.(ref);
          current.onchange(ref);
        } catch (error) {
          alert.textContent = (error as Error).message;
        } finally {
          isBusy = false;
          element.classList.remove("is-busy");
        }
      },
    };
    const choose = (file: File | undefined) => {
      if (file === undefined || stopRecording !== undefined) return;
      const why = sources().upload ? mismatch(file, types) : `${current.label} takes recordings only.`;
      if (why !== null) host.say(why);
      else void host.keep(file);
    };
    const record = () => {
      alert.textContent = "";
      place.hidden = tools.hidden = true;
      stopRecording = kind.record?.begin(work, host, () => {
        stopRecording = undefined;
        place.hidden = tools.hidden = false;
        if (document.activeElement === document.body)
          element.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
      });
    };

    const button = (word: string, name: string, act: () => void, look = "f-replace") => {
      const made = el("button", { type: "button", class: look, "aria-label": name }, word);
      made.addEventListener("click", act);
      return made;
    };
    const drawTools = (hasFile: boolean) => {
      tools.replaceChildren();
      tools.hidden = current.readonly;
      if (current.readonly) return;
      const { upload, record: canRecord } = sources();
      const { label } = current;
      tools.classList.toggle("is-empty", !hasFile);
      if (upload) {
        const words = textual(current.props["placeholder"]) ?? `Drop ${kind.noun} here, paste, or choose`;
        const choose = () => input.click();
        tools.append(
          hasFile
            ? button("Replace", `Replace ${label}`, choose)
            : button(words, `${words}: ${label}`, choose, "f-drop"),
          input,
        );
      }
      if (canRecord)
        tools.append(
          button("Record", `Record ${label}`, record, hasFile ? "f-replace" : "button small f-record"),
        );
      if (hasFile) tools.append(button("Remove", `Remove ${label}`, () => current.onchange(null)));
    };
    const draw = () => {
      const { value } = current;
      const file = isFileRef(value) ? value : null;
      const key = file === null ? null : `${file.id} ${file.name}`;
      if (key === shown) return view?.update?.(current);
      const hadFocus = element.contains(document.activeElement);
      view?.destroy();
      view = undefined;
      place.replaceChildren();
      alert.textContent = "";
      if (file !== null) view = kind.show(place, file, host);
      else if (current.readonly) place.append(el("div", { class: "f-empty f-media-empty" }, "No value yet"));
      shown = key;
      drawTools(file !== null);
      if (hadFocus && !element.contains(document.activeElement))
        element.querySelector<HTMLElement>("button:not([tabindex='-1'])")?.focus({ preventScroll: true });
    };
    input.addEventListener("change", () => {
      choose(input.files?.[0]);
      input.value = "";
    });
    const stopListening = options.readonly ? () => {} : acceptFiles(element, choose);
    draw();
    return {
      update(next) {
        current = next;
        draw();
      },
      destroy() {
        stopListening();
        stopRecording?.();
        view?.destroy();
        element.replaceChildren();
      },
    };
  };
}
