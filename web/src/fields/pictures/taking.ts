import "./taking.css";
import { el, textual } from "../dom.ts";
import type { FieldOptions } from "../field.ts";
import { acceptFiles } from "../files.ts";
import { canReadClipboard, readPicture } from "./clipboard.ts";
import { wordTool } from "./tool.ts";

const SOURCES = ["upload", "webcam", "clipboard"] as const;
type Source = (typeof SOURCES)[number];

/** Where pictures may come from, as Gradio's `sources` says. */
export function sourcesOf(props: FieldOptions["props"]): ReadonlySet<Source> {
  const given = props["sources"];
  const list = typeof given === "string" ? [given] : Array.isArray(given) ? given.map(String) : SOURCES;
  return new Set(SOURCES.filter((source) => list.includes(source)));
}

export interface Taking {
  /** The ways to get a picture: an inviting place where there is none yet, else quiet buttons. */
  tools(hasPicture: boolean): HTMLElement[];
  /** Uploads files and hands their pictures over, in order. */
  take(files: readonly File[]): Promise<void>;
  /** Where to say what went wrong. */
  say(text: string): void;
  destroy(): void;
}

interface TakingOptions {
  readonly current: () => FieldOptions;
  readonly onpictures: (files: readonly File[]) => Promise<void>;
  /** Shown behind a live camera. */
  readonly place: HTMLElement;
  readonly isMultiple?: boolean;
  /** `an image`. */
  readonly noun: string;
}

/** Upload, drop, paste and camera of a field of pictures. */
export function takePictures(element: HTMLElement, options: TakingOptions): Taking {
  const { current, place, isMultiple = false, noun } = options;
  const alert = el("p", { class: "f-error", role: "alert" });
  let closeCamera: (() => void) | undefined;
  let isFromCamera = false;

  const say = (text: string) => {
    alert.textContent = text;
    if (!alert.isConnected) element.append(alert);
  };
  const take = async (files: readonly File[]) => {
    if (files.length === 0) return;
    say("");
    const pictures = files.filter((file) => file.type === "" || file.type.startsWith("image/"));
    const other = files.find((file) => !pictures.includes(file));
    if (other !== undefined) say(`${other.name} is no picture.`);
    if (pictures.length === 0) return;
    element.classList.add("is-uploading");
    try {
      await options.onpictures(isMultiple ? pictures : pictures.slice(0, 1));
    } catch (error) {
      say((error as Error).message);
    } finally {
      element.classList.remove("is-uploading");
    }
  };
  const input = el("input", {
    type: "file",
    accept: "image/*",
    multiple: isMultiple,
    class: "f-file-input",
    tabindex: -1,
    "aria-label": `${current().label}, file`,
  });
  input.addEventListener("change", () => {
    isFromCamera = false;
    void take([...(input.files ?? [])]);
    input.value = "";
  });
  const paste = async () => {
    try {
      isFromCamera = false;
      await take([await readPicture()]);
    } catch (error) {
      say((error as Error).message);
    }
  };
  const camera = async () => {
    const { openCamera } = await import("./camera.ts");
    if (closeCamera !== undefined || !element.isConnected) return;
    say("");
    element.classList.add("is-at-camera");
    const leave = () => {
      closeCamera = undefined;
      element.classList.remove("is-at-camera");
      const buttons = [...element.querySelectorAll<HTMLElement>("button[data-source='webcam']")];
      buttons[0]?.focus({ preventScroll: true });
    };
    closeCamera = openCamera(place, {
      label: current().label,
      onshot(file) {
        isFromCamera = true;
        leave();
        void take([file]).then(() =>
          element.querySelector<HTMLElement>("button[data-source='webcam']")?.focus({ preventScroll: true }),
        );
      },
      onleave(why) {
        leave();
        if (why !== undefined) say(why);
      },
    });
  };

  const allowed = sourcesOf(current().props);
  const stop = acceptFiles(
    element,
    (_first, files) => {
      isFromCamera = false;
      void take(files);
    },
    { drop: allowed.has("upload"), paste: allowed.has("clipboard") },
  );

  return {
    say,
    take,
    tools(hasPicture) {
      const { label, props } = current();
      const sources = sourcesOf(props);
      const made: HTMLElement[] = [];
      if (sources.has("upload")) {
        if (hasPicture && !isMultiple)
          made.push(wordTool("Replace", `Replace ${label}`, () => input.click()));
        else if (hasPicture) made.push(wordTool("Add", `Add to ${label}`, () => input.click()));
        else {
          const usual = `Drop ${noun} here${sources.has("clipboard") ? ", paste," : ""} or choose`;
          const words = textual(props["placeholder"]) ?? usual;
          const drop = el(
            "button",
            { type: "button", class: "f-drop", "aria-label": `${words}: ${label}` },
            words,
          );
          drop.addEventListener("click", () => input.click());
          made.push(drop);
        }
        made.push(input);
      }
      const beside: HTMLElement[] = [];
      if (sources.has("clipboard") && canReadClipboard())
        beside.push(wordTool("Paste", `Paste into ${label}`, () => void paste()));
      if (sources.has("webcam")) {
        const word = hasPicture && isFromCamera ? "Retake" : "Camera";
        const button = wordTool(
          word,
          `${word === "Retake" ? "Retake" : "Camera for"} ${label}`,
          () => void camera(),
        );
        button.dataset["source"] = "webcam";
        beside.push(button);
      }
      // Ctrl+V needs somewhere to be pressed.
      if (made.length === 0 && beside.length === 0)
        made.push(
          el(
            "div",
            { class: "f-drop", tabindex: 0, role: "group", "aria-label": label },
            "Press Ctrl+V here",
          ),
        );
      if (hasPicture) return [...made, ...beside];
      return [...made, ...(beside.length > 0 ? [el("div", { class: "f-ways" }, ...beside)] : [])];
    },
    destroy() {
      stop();
      closeCamera?.();
    },
  };
}
