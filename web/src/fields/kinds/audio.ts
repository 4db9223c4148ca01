import "./audio.css";
import WaveSurfer from "wavesurfer.js";
import { type FileRef, fileUrl } from "../../../../src/protocol/values.ts";
import { el } from "../dom.ts";
import { fileField, fileLine } from "../files.ts";

/** Larger sounds would take the page's memory to draw; they get the platform's own player. */
const drawnUpToBytes = 30_000_000;

export const mount = fileField({
  accept: "audio/*",
  noun: "a sound",
  show(element, file, { label, large }) {
    if (file.size > drawnUpToBytes) {
      const audio = el("audio", {
        src: fileUrl(file),
        controls: true,
        preload: "metadata",
        class: "f-audio",
        "aria-label": label,
      });
      element.append(audio);
      return () => audio.pause();
    }
    return waveform(element, file, label, large ? 120 : 40);
  },
});

function waveform(element: HTMLElement, file: FileRef, label: string, height: number): () => void {
  const button = el("button", { type: "button", class: "f-play", "aria-label": `Play ${label}` });
  const wave = el("div", { class: "f-wave-lines" });
  const time = el("span", { class: "f-wave-time" });
  const box = el("div", { class: "f-wave" }, button, wave, time);
  element.append(box);
  const style = getComputedStyle(element);
  const surfer = WaveSurfer.create({
    container: wave,
    url: fileUrl(file),
    height,
    barWidth: 2,
    barGap: 2,
    barRadius: 1,
    barMinHeight: 2,
    cursorWidth: 0,
    normalize: true,
    waveColor: style.getPropertyValue("--wave").trim() || "#999",
    progressColor: style.getPropertyValue("--accent").trim() || "#e8590c",
  });
  const show = () => {
    const isPlaying = surfer.isPlaying();
    button.classList.toggle("is-playing", isPlaying);
    button.setAttribute("aria-label", `${isPlaying ? "Pause" : "Play"} ${label}`);
    time.textContent = clock(
      isPlaying || surfer.getCurrentTime() > 0 ? surfer.getCurrentTime() : surfer.getDuration(),
    );
  };
  button.addEventListener("click", () => void surfer.playPause());
  surfer.on("ready", show);
  surfer.on("play", show);
  surfer.on("pause", show);
  surfer.on("timeupdate", show);
  surfer.on("error", () => box.replaceWith(fileLine(file)));
  return () => surfer.destroy();
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
