import "./stage.css";
import type { FileRef } from "../../../../src/protocol/values.ts";
import { bytes } from "../../cards/time.ts";
import { el } from "../dom.ts";
import { brokenPicture, picture } from "./picture.ts";
import { tool } from "./tool.ts";

const MOST = 32;
const STEP = 1.25;
const ARROW_PX = 60;
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export interface Stage {
  readonly element: HTMLElement;
  show(file: FileRef, alt: string): void;
}

/** One picture as large as its place; wheel, keys and buttons zoom, dragging and arrow keys move. */
export function createStage(label: string): Stage {
  const view = el("div", {
    class: "f-stage-view",
    tabindex: 0,
    role: "group",
    "aria-label": `${label}: + and - zoom, 0 fits, 1 shows every pixel, arrow keys move`,
  });
  const words = el("span", { class: "f-stage-words" });
  const percent = el("span", { class: "f-stage-zoom", role: "status", "aria-label": "Zoom" });
  let image: HTMLImageElement | undefined;
  /** 1 is as large as the place. */
  let scale = 1;
  let x = 0;
  let y = 0;

  /** How large the picture is shown at scale 1, of its own pixels. */
  const fitted = () =>
    image === undefined || image.naturalWidth === 0
      ? 1
      : Math.min(view.clientWidth / image.naturalWidth, view.clientHeight / image.naturalHeight, 1);
  const draw = () => {
    if (image === undefined) return;
    const mostX = (view.clientWidth * Math.max(0, scale - 1)) / 2;
    const mostY = (view.clientHeight * Math.max(0, scale - 1)) / 2;
    x = Math.max(-mostX, Math.min(mostX, x));
    y = Math.max(-mostY, Math.min(mostY, y));
    image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    percent.textContent = `${Math.round(fitted() * scale * 100)} %`;
    view.classList.toggle("is-zoomed", scale > 1);
    view.classList.toggle("is-pixels", fitted() * scale >= 3);
  };
  /** The point stays where it is; without one the middle does. */
  const zoomTo = (next: number, point?: { clientX: number; clientY: number }) => {
    const clamped = Math.max(1, Math.min(Math.max(MOST, 4 / fitted()), next));
    const box = view.getBoundingClientRect();
    const fromX = point === undefined ? 0 : point.clientX - box.left - box.width / 2;
    const fromY = point === undefined ? 0 : point.clientY - box.top - box.height / 2;
    x = fromX - ((fromX - x) * clamped) / scale;
    y = fromY - ((fromY - y) * clamped) / scale;
    scale = clamped;
    draw();
  };
  const fit = () => zoomTo(1);
  const everyPixel = (point?: MouseEvent) => zoomTo(1 / fitted(), point);

  view.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoomTo(scale * Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), event);
    },
    { passive: false },
  );
  view.addEventListener("dblclick", (event) =>
    Math.abs(scale - 1) < 0.01 ? zoomTo(Math.max(2, 1 / fitted()), event) : fit(),
  );
  const held = new Map<number, { clientX: number; clientY: number }>();
  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    view.setPointerCapture(event.pointerId);
    held.set(event.pointerId, event);
    view.classList.add("is-held");
  });
  view.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (before === undefined) return;
    const [other] = [...held].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    held.set(event.pointerId, event);
    if (other === undefined) {
      x += event.clientX - before.clientX;
      y += event.clientY - before.clientY;
      draw();
      return;
    }
    // Two fingers: as far apart as they are, so large.
    const apart = (point: { clientX: number; clientY: number }) =>
      Math.max(1, Math.hypot(point.clientX - other.clientX, point.clientY - other.clientY));
    zoomTo((scale * apart(event)) / apart(before), {
      clientX: (event.clientX + other.clientX) / 2,
      clientY: (event.clientY + other.clientY) / 2,
    });
  });
  const release = (event: PointerEvent) => {
    held.delete(event.pointerId);
    view.classList.toggle("is-held", held.size > 0);
  };
  view.addEventListener("pointerup", release);
  view.addEventListener("pointercancel", release);
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    if (event.key === "+" || event.key === "=") zoomTo(scale * STEP);
    else if (event.key === "-") zoomTo(scale / STEP);
    else if (event.key === "0") fit();
    else if (event.key === "1") everyPixel();
    else if (arrow !== undefined && scale > 1) {
      x += arrow[0] * ARROW_PX;
      y += arrow[1] * ARROW_PX;
      draw();
    } else return;
    event.preventDefault();
  });

  const bar = el(
    "div",
    { class: "f-stage-bar" },
    words,
    tool("minus", "Zoom out", () => zoomTo(scale / STEP), "-"),
    percent,
    tool("plus", "Zoom in", () => zoomTo(scale * STEP), "+"),
    tool("fit", "Fit", fit, "0"),
  );
  new ResizeObserver(draw).observe(view);
  return {
    element: el("div", { class: "f-stage" }, view, bar),
    show(file, alt) {
      scale = 1;
      x = 0;
      y = 0;
      words.textContent = `${file.name}, ${bytes(file.size)}`;
      const next = picture(file, {
        alt,
        broken: (broken) => {
          bar.hidden = true;
          return brokenPicture(broken);
        },
      });
      next.addEventListener("load", () => {
        words.textContent = `${next.naturalWidth} × ${next.naturalHeight} pixels, ${bytes(file.size)}, ${file.name}`;
        draw();
      });
      bar.hidden = false;
      image = next;
      view.replaceChildren(next);
      draw();
    },
  };
}
