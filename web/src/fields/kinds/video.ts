import { fileUrl } from "../../../../src/protocol/values.ts";
import { el, isRecord } from "../dom.ts";
import { fileLine } from "../files.ts";
import { mediaField } from "../media/media-field.ts";
import { playsAlone } from "../media/one-playing.ts";
import { recordVideo } from "./video/recorder.ts";
import "./video.css";

export const mount = mediaField({
  accept: "video/*",
  noun: "a video",
  record: { source: "webcam", begin: recordVideo },
  show(place, file, host) {
    const { label, large, props } = host.options;
    const video = el("video", {
      // The fragment makes the browser show the first picture as soon as it has it.
      src: `${fileUrl(file)}#t=0.001`,
      controls: true,
      preload: "metadata",
      playsinline: true,
      loop: props["loop"] === true,
      autoplay: props["autoplay"] === true && host.isNews,
      class: large ? "f-video is-large" : "f-video",
      "aria-label": `${label}: ${file.name}`,
    });
    playsAlone(video);
    addSubtitles(video, props["subtitles"]);
    video.addEventListener("error", () =>
      video.replaceWith(
        el(
          "p",
          { class: "f-note", role: "note" },
          "The browser cannot play this video. It is whole: download it to watch it.",
        ),
        fileLine(file),
      ),
    );
    // The player has arrow keys and Space of its own; the card must not move or pan with them.
    video.addEventListener("keydown", (event) => {
      if (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", " ", "Enter"].includes(event.key))
        event.stopPropagation();
    });
    place.append(video);
    return {
      destroy() {
        video.pause();
        video.removeAttribute("src");
        video.load();
      },
    };
  },
});

/** Gradio's subtitles as a list: `{ text, timestamp: [from, to] }`. Drawn by the browser as text. */
function addSubtitles(video: HTMLVideoElement, subtitles: unknown): void {
  if (!Array.isArray(subtitles) || subtitles.length === 0) return;
  const track = video.addTextTrack("subtitles", "Subtitles");
  track.mode = "showing";
  for (const line of subtitles) {
    if (!isRecord(line) || !Array.isArray(line["timestamp"])) continue;
    const [from, to] = line["timestamp"].map(Number);
    if (!Number.isFinite(from) || !Number.isFinite(to)) continue;
    // A cue reads a little markup: without its signs it is the text and nothing else.
    const text = String(line["text"] ?? "").replace(
      /[<>&]/g,
      (sign) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;" })[sign]!,
    );
    track.addCue(new VTTCue(from!, to!, text));
  }
}
