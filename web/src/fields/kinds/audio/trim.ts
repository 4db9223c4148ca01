import { type FileRef, fileUrl } from "../../../../../src/protocol/values.ts";
import { el } from "../../dom.ts";
import type { MediaHost } from "../../media/media-field.ts";
import type { Player } from "./player.ts";
import { decode, encodeWav, wavFile } from "./wav.ts";

/** What a trimmed sound was before, as long as the page is open. */
const originals = new Map<string, FileRef>();
const least = 0.05;

/** Adds "Trim" to a player, and "Undo trim" where the sound is a part of an earlier one. */
export function addTrim(player: Player, file: FileRef, host: MediaHost): void {
  const { label } = host.options;
  const trim = el("button", { type: "button", class: "f-quiet", "aria-label": `Trim ${label}` }, "Trim");
  trim.addEventListener("click", () => open(player, file, host, trim));
  const original = originals.get(file.id);
  if (original !== undefined) {
    const undo = el(
      "button",
      { type: "button", class: "f-quiet", "aria-label": `Undo trim of ${label}` },
      "Undo trim",
    );
    undo.addEventListener("click", () => host.set(original));
    player.tools.append(undo);
  }
  player.tools.append(trim);
}

function open(player: Player, file: FileRef, host: MediaHost, trim: HTMLElement): void {
  const whole = player.duration();
  const part = { from: 0, to: whole };
  const handle = (name: string) =>
    el("div", {
      class: "f-trim-handle",
      role: "slider",
      tabindex: 0,
      "aria-label": `${name} of the part of ${host.options.label}`,
      "aria-valuemin": 0,
    });
  const left = handle("Start");
  const right = handle("End");
  const before = el("i", { class: "f-trim-out" });
  const after = el("i", { class: "f-trim-out" });
  const layer = el("div", { class: "f-trim" }, before, after, left, right);
  const length = el("span", { class: "f-wave-time", role: "status" });
  const button = (word: string, name: string, look: string) =>
    el("button", { type: "button", class: look, "aria-label": `${name} ${host.options.label}` }, word);
  const keep = button("Keep", "Keep the part of", "button small primary");
  const listen = button("Play part", "Play the part of", "button small");
  const cancel = button("Cancel", "Cancel trimming", "button small");
  const bar = el("div", { class: "f-trim-bar" }, keep, listen, cancel, length);

  const draw = () => {
    const share = (seconds: number) => `${((seconds / whole) * 100).toFixed(3)}%`;
    before.style.width = left.style.left = share(part.from);
    after.style.left = right.style.left = share(part.to);
    for (const [handle, value, max] of [
      [left, part.from, part.to],
      [right, part.to, whole],
    ] as const) {
      handle.setAttribute("aria-valuenow", value.toFixed(2));
      handle.setAttribute("aria-valuemax", max.toFixed(2));
      handle.setAttribute("aria-valuetext", `${value.toFixed(2)} seconds`);
    }
    length.textContent = `${(part.to - part.from).toFixed(1)} s`;
  };
  const move = (side: "from" | "to", seconds: number) => {
    if (side === "from") part.from = Math.max(0, Math.min(seconds, part.to - least));
    else part.to = Math.min(whole, Math.max(seconds, part.from + least));
    draw();
  };
  const at = (event: PointerEvent) => {
    const { left: start, width } = layer.getBoundingClientRect();
    return ((event.clientX - start) / width) * whole;
  };
  /** Grips the nearer end; on the waveform too, so that nobody has to hit a thin line. */
  layer.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const seconds = at(event);
    const side = Math.abs(seconds - part.from) < Math.abs(seconds - part.to) ? "from" : "to";
    (side === "from" ? left : right).focus({ preventScroll: true });
    layer.setPointerCapture(event.pointerId);
    move(side, seconds);
    const drag = (next: PointerEvent) => move(side, at(next));
    layer.addEventListener("pointermove", drag);
    layer.addEventListener("lostpointercapture", () => layer.removeEventListener("pointermove", drag), {
      once: true,
    });
  });
  layer.addEventListener("keydown", (event) => {
    const side = event.target === left ? "from" : "to";
    const step = event.shiftKey ? 1 : 0.1;
    const places: Record<string, number> = {
      ArrowLeft: part[side] - step,
      ArrowDown: part[side] - step,
      ArrowRight: part[side] + step,
      ArrowUp: part[side] + step,
      Home: 0,
      End: whole,
    };
    const to = places[event.key];
    if (to !== undefined) move(side, to);
    else if (event.key === " ") player.playPart(part.from, part.to);
    else if (event.key === "Enter") void take();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const close = () => {
    layer.remove();
    bar.remove();
    player.tools.hidden = false;
    player.setSeeking(true);
    trim.focus({ preventScroll: true });
  };
  const take = async () => {
    keep.disabled = true;
    try {
      const answer = await fetch(fileUrl(file));
      const sound = await decode(await answer.arrayBuffer());
      const name = `${file.name.replace(/\.[^.]*$/, "").replace(/-part$/, "")}-part.wav`;
      const cut = wavFile(encodeWav(sound, part.from, part.to), name);
      close();
      await host.keep(cut, (kept) => originals.set(kept.id, originals.get(file.id) ?? file));
    } catch {
      host.say("This sound cannot be cut: the browser does not decode it. Nothing was changed.");
      keep.disabled = false;
    }
  };
  keep.addEventListener("click", () => void take());
  listen.addEventListener("click", () => player.playPart(part.from, part.to));
  cancel.addEventListener("click", close);

  player.setSeeking(false);
  player.tools.hidden = true;
  player.wave.append(layer);
  player.box.append(bar);
  draw();
  left.focus({ preventScroll: true });
}
