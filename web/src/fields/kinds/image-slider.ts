import "./image-slider.css";
import { type FileRef, fileUrl, isFileRef, thumbnailUrl } from "../../../../src/protocol/values.ts";
import { el, emptyNote } from "../dom.ts";
import type { MountField } from "../field.ts";
import { acceptFiles, dropPlace } from "../files.ts";

const sides = ["first", "second"] as const;

/** Two images on top of each other; a handle uncovers as much of the second as one likes. */
export const mount: MountField = (element, options) => {
  let current = options;
  let position = 50;
  /** While only one image is there, the field has no value yet. */
  let pending: (FileRef | null)[] = [null, null];

  const files = (): (FileRef | null)[] => {
    const { value } = current;
    return Array.isArray(value)
      ? sides.map((_, side) => (isFileRef(value[side]) ? value[side] : null))
      : pending;
  };
  const put = (side: number, file: FileRef | null) => {
    pending = files().map((other, index) => (index === side ? file : other));
    const isWhole = pending.every((each) => each !== null);
    if (isWhole || (current.value !== null && current.value !== undefined))
      current.onchange(isWhole ? pending : null);
    draw();
  };
  const choose = async (side: number, file: File | undefined) => {
    if (file === undefined) return;
    element.classList.add("is-uploading");
    try {
      put(side, await current.upload(file));
    } catch (error) {
      element.append(el("p", { class: "f-error", role: "alert" }, (error as Error).message));
    } finally {
      element.classList.remove("is-uploading");
    }
  };

  function draw(): void {
    const [first, second] = files();
    element.replaceChildren();
    if (first && second) element.append(compare(first, second));
    else if (current.readonly) return element.append(emptyNote());
    if (current.readonly) return;
    for (const [side, file] of files().entries())
      element.append(
        dropPlace(
          { accept: "image/*", noun: `the ${sides[side]} image` },
          `${current.label}, ${sides[side]} image`,
          file !== null,
          (chosen) => void choose(side, chosen),
          () => put(side, null),
          file?.name,
        ),
      );
  }

  function compare(first: FileRef, second: FileRef): HTMLElement {
    const box = el("div", { class: current.large ? "f-compare is-large" : "f-compare" });
    const picture = (file: FileRef, side: string) =>
      el("img", {
        src: current.large ? fileUrl(file) : thumbnailUrl(file, 640),
        alt: `${current.label}, ${side} image: ${file.name}`,
        draggable: "false",
      });
    const range = el("input", {
      type: "range",
      min: 0,
      max: 100,
      value: position,
      "aria-label": `${current.label}: how much of the first image`,
    });
    const move = () => {
      position = Number(range.value);
      box.style.setProperty("--at", `${position}%`);
    };
    range.addEventListener("input", move);
    const top = picture(first, sides[0]);
    top.classList.add("is-top");
    box.append(picture(second, sides[1]), top, el("i", { "aria-hidden": "true" }), range);
    move();
    return box;
  }

  const stop = options.readonly
    ? () => {}
    : acceptFiles(element, (file) => void choose(files()[0] === null ? 0 : 1, file));
  draw();
  return {
    update(next) {
      const isSame =
        JSON.stringify(next.value) === JSON.stringify(current.value) && next.large === current.large;
      current = next;
      if (!isSame) draw();
    },
    destroy() {
      stop();
      element.replaceChildren();
    },
  };
};
