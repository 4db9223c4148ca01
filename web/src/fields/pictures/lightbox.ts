import "./lightbox.css";
import { fileUrl } from "../../../../src/protocol/values.ts";
import { el } from "../dom.ts";
import type { MountField } from "../field.ts";
import { type Entry, entriesOf, isVideo, nameOf, tileOf } from "./entries.ts";
import { createStage } from "./stage.ts";
import { tool } from "./tool.ts";

/** One picture of many as large as the page, the others below it. */
export const lightbox: MountField = (element, options) => {
  let entries = entriesOf(options.value);
  let at = Math.min(options.at ?? 0, Math.max(0, entries.length - 1));
  const stage = createStage(options.label);
  const place = el("div", { class: "f-lightbox-view" });
  const caption = el("p");
  const count = el("span", { class: "f-lightbox-count", role: "status" });
  const strip = el("div", { class: "f-filmstrip", role: "group", "aria-label": `All of ${options.label}` });
  const before = tool("left", "Previous picture", () => show(at - 1), "ArrowLeft");
  const after = tool("right", "Next picture", () => show(at + 1), "ArrowRight");
  const box = el(
    "div",
    { class: "f-lightbox" },
    place,
    el("div", { class: "f-lightbox-line" }, before, count, after, caption),
    strip,
  );

  const draw = () => {
    const entry = entries[at];
    if (entry === undefined) return;
    if (isVideo(entry)) {
      const video = el("video", {
        src: fileUrl(entry.image),
        controls: true,
        preload: "metadata",
        "aria-label": nameOf(entry, at),
      });
      place.replaceChildren(video);
    } else {
      place.replaceChildren(stage.element);
      stage.show(entry.image, nameOf(entry, at));
    }
    caption.textContent = entry.caption ?? "";
    count.textContent = `${at + 1} of ${entries.length}`;
    before.disabled = at === 0;
    after.disabled = at === entries.length - 1;
    for (const [index, button] of [...strip.children].entries()) {
      if (index === at) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    strip.children[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const show = (next: number) => {
    if (next < 0 || next >= entries.length || next === at) return;
    at = next;
    draw();
  };
  const fill = () => {
    strip.replaceChildren(
      ...entries.map((entry: Entry, index) => {
        const button = el(
          "button",
          { type: "button", "aria-label": nameOf(entry, index) },
          tileOf(entry, 96),
        );
        button.addEventListener("click", () => show(index));
        return button;
      }),
    );
    strip.hidden = entries.length < 2;
  };
  const keydown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLVideoElement) return;
    if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(entries.length - 1);
    else return;
    event.preventDefault();
  };
  box.addEventListener("keydown", keydown);
  element.append(box);
  fill();
  draw();
  box.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  return {
    update(next) {
      if (JSON.stringify(entriesOf(next.value)) === JSON.stringify(entries)) return;
      entries = entriesOf(next.value);
      at = Math.min(at, Math.max(0, entries.length - 1));
      fill();
      draw();
    },
    destroy: () => element.replaceChildren(),
  };
};
