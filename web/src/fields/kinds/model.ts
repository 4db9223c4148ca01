import { fileUrl } from "../../../../src/protocol/values.ts";
import { el, numeric } from "../dom.ts";
import { fileLine } from "../files.ts";
import { endingOf } from "../media/file-kinds.ts";
import { type MediaView, mediaField } from "../media/media-field.ts";
import { enter, hasRoom, hasWebGl, leave } from "./model/contexts.ts";
import { backgroundOf, type Stage } from "./model/view.ts";
import "./model.css";

/** Beyond this it is shown when somebody asks: it would be read and kept in memory as a whole. */
const shownUpToBytes = 40_000_000;

export const mount = mediaField({
  accept: ".glb,.gltf,.obj,.stl,.ply,.splat",
  noun: "a 3D model",
  show(place, file, host): MediaView {
    const { props, large, label } = host.options;
    const line = fileLine(file);
    if (!hasWebGl()) {
      place.append(
        line,
        el(
          "p",
          { class: "f-note" },
          "This browser has no WebGL, so the model is not drawn. It is whole: download it to look at it.",
        ),
      );
      return { destroy() {} };
    }
    const box = el("div", { class: large ? "f-model is-large" : "f-model" });
    const wanted = numeric(props["height"]);
    if (wanted !== undefined && !large) box.style.height = `${Math.max(80, Math.min(600, wanted))}px`;
    const ask = el(
      "button",
      { type: "button", class: "button small f-model-ask", "aria-label": `Show in 3D: ${label}` },
      "Show in 3D",
    );
    const reset = el(
      "button",
      { type: "button", class: "button small f-model-reset", "aria-label": `Reset the view of ${label}` },
      "Reset",
    );
    const note = el("p", { class: "f-note" });
    const background = backgroundOf(props);
    place.append(box, note);
    if (!large) place.append(line);
    let stage: Stage | undefined;
    let isGone = false;
    let isOpening = false;
    let isInSight = large;
    let isReleased = false;

    const holder = {
      isInSight: () => isInSight,
      /** The last picture stays; the model comes back when it is asked for. */
      release() {
        if (stage === undefined) return;
        const picture = el("img", {
          src: stage.canvas.toDataURL(),
          alt: "",
          class: "f-model-picture",
          draggable: "false",
        });
        stage.destroy();
        stage = undefined;
        isReleased = true;
        box.replaceChildren(picture, ask);
      },
    };
    const fail = (error: unknown) => {
      box.remove();
      note.textContent = `The model cannot be drawn: ${String((error as Error).message ?? error).split("\n")[0]}`;
      if (large) place.append(line);
    };
    const open = async (focus: boolean) => {
      if (isOpening || stage !== undefined || isGone) return;
      isOpening = true;
      box.classList.add("is-loading");
      try {
        enter(holder);
        const options = { address: fileUrl(file), name: file.name, props, background };
        const ending = endingOf(file.name);
        const { openSplat, plyIsSplat } =
          ending === "splat" || ending === "ply"
            ? await import("./model/splat.ts")
            : { openSplat: null, plyIsSplat: null };
        const isSplat = openSplat !== null && (ending === "splat" || (await plyIsSplat(options.address)));
        const opened = isSplat
          ? await openSplat(options)
          : await (await import("./model/scene.ts")).openScene(options);
        if (isGone) return opened.destroy();
        stage = opened;
        note.textContent = opened.notes.join(" ");
        box.replaceChildren(opened.canvas, reset);
        resize();
        opened.reset();
        if (focus) opened.canvas.focus({ preventScroll: true });
        opened.canvas.addEventListener("focus", () => box.classList.add("nowheel"));
        opened.canvas.addEventListener("blur", () => box.classList.remove("nowheel"));
        if (!large) opened.canvas.addEventListener("wheel", (event) => passOn(event, box), { capture: true });
        opened.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
      } catch (error) {
        leave(holder);
        if (!isGone) fail(error);
      } finally {
        isOpening = false;
        box.classList.remove("is-loading");
      }
    };
    const resize = () => {
      if (stage !== undefined && box.clientWidth > 0) stage.resize(box.clientWidth, box.clientHeight);
    };
    ask.addEventListener("click", () => void open(true));
    reset.addEventListener("click", () => stage?.reset());
    const sized = new ResizeObserver(resize);
    sized.observe(box);
    box.append(ask);
    const isSmall = file.size <= shownUpToBytes;
    const watched = new IntersectionObserver((entries) => {
      isInSight = entries.at(-1)?.isIntersecting === true;
      if (isInSight && isSmall && !isReleased && hasRoom()) void open(false);
    });
    watched.observe(box);
    return {
      destroy() {
        isGone = true;
        watched.disconnect();
        sized.disconnect();
        leave(holder);
        stage?.destroy();
      },
    };
  },
});

/** The wheel moves the canvas of cards until somebody has taken hold of the model. */
function passOn(event: WheelEvent, box: HTMLElement): void {
  if (box.classList.contains("nowheel")) return;
  event.stopImmediatePropagation();
  const copy = new WheelEvent("wheel", event);
  box.dispatchEvent(copy);
  if (copy.defaultPrevented) event.preventDefault();
}
