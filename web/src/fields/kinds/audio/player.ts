import WaveSurfer from "wavesurfer.js";
import { type FileRef, fileUrl } from "../../../../../src/protocol/values.ts";
import { el } from "../../dom.ts";
import { fileLine } from "../../files.ts";
import { clock } from "../../media/capture.ts";
import { icon } from "../../media/icons.ts";
import { playsAlone } from "../../media/one-playing.ts";

export interface Player {
  readonly box: HTMLElement;
  /** Where the waveform is drawn; what selects a part of it is laid over it. */
  readonly wave: HTMLElement;
  /** Beside the time: room for what an editor adds. */
  readonly tools: HTMLElement;
  readonly duration: () => number;
  playPart(from: number, to: number): void;
  /** While something else takes the pointer and the keys of the waveform. */
  setSeeking(isOn: boolean): void;
  play(): void;
  destroy(): void;
}

export interface PlayerOptions {
  readonly file: FileRef;
  readonly label: string;
  readonly large: boolean;
  readonly isLooping: boolean;
  readonly ready: () => void;
}

const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2];
/** As somebody set them last, on whichever player. */
const kept = { volume: 1, speed: 1 };

/** A waveform to look at and to seek in, with time, speed and volume. */
export function waveform(
  place: HTMLElement,
  { file, label, large, isLooping, ready }: PlayerOptions,
): Player {
  const button = el("button", { type: "button", class: "f-play", "aria-label": `Play ${label}` });
  const lines = el("div", {
    class: "f-wave-lines",
    role: "slider",
    tabindex: 0,
    "aria-label": `Position in ${label}`,
    "aria-valuemin": 0,
    "aria-valuemax": 0,
    "aria-valuenow": 0,
  });
  const time = el("span", { class: "f-wave-time" });
  const tools = el("span", { class: "f-wave-extra" });
  const speed = el(
    "select",
    { class: "f-wave-speed", "aria-label": `Speed of ${label}` },
    ...speeds.map((rate) => el("option", { value: rate, selected: rate === kept.speed }, `${rate}×`)),
  );
  const mute = el(
    "button",
    { type: "button", class: "f-quiet f-wave-mute", "aria-pressed": "false", "aria-label": `Mute ${label}` },
    icon("loud"),
  );
  const volume = el("input", {
    type: "range",
    class: "f-wave-volume",
    min: 0,
    max: 1,
    step: 0.05,
    value: kept.volume,
    "aria-label": `Volume of ${label}`,
  });
  const bar = el("div", { class: "f-wave-bar" }, time, tools, speed, mute, volume);
  const box = el("div", { class: "f-wave-box" }, el("div", { class: "f-wave" }, button, lines), bar);
  place.append(box);

  const style = getComputedStyle(place);
  const media = el("audio", { preload: "metadata" });
  const surfer = WaveSurfer.create({
    container: lines,
    media,
    url: fileUrl(file),
    height: large ? 120 : 40,
    barWidth: 2,
    barGap: 2,
    barRadius: 1,
    barMinHeight: 2,
    cursorWidth: 0,
    normalize: true,
    dragToSeek: true,
    waveColor: style.getPropertyValue("--wave").trim() || "#999",
    progressColor: style.getPropertyValue("--accent").trim() || "#e8590c",
    audioRate: kept.speed,
  });
  playsAlone(media);
  media.loop = isLooping;
  media.volume = kept.volume;
  let until: number | undefined;
  let isSeeking = true;

  const show = () => {
    const isPlaying = surfer.isPlaying();
    const now = surfer.getCurrentTime();
    const whole = surfer.getDuration();
    button.classList.toggle("is-playing", isPlaying);
    button.setAttribute("aria-label", `${isPlaying ? "Pause" : "Play"} ${label}`);
    time.textContent = `${clock(now)} / ${clock(whole)}`;
    lines.setAttribute("aria-valuemax", whole.toFixed(1));
    lines.setAttribute("aria-valuenow", now.toFixed(1));
    lines.setAttribute("aria-valuetext", `${clock(now)} of ${clock(whole)}`);
    if (until !== undefined && now >= until) {
      until = undefined;
      surfer.pause();
    }
  };
  const toggle = () => {
    until = undefined;
    void surfer.playPause().catch(() => {});
  };
  button.addEventListener("click", toggle);
  lines.addEventListener("keydown", (event) => {
    const whole = surfer.getDuration();
    const step = event.shiftKey ? 10 : Math.min(5, Math.max(0.1, whole / 50));
    const places: Record<string, number> = {
      ArrowLeft: surfer.getCurrentTime() - step,
      ArrowDown: surfer.getCurrentTime() - step,
      ArrowRight: surfer.getCurrentTime() + step,
      ArrowUp: surfer.getCurrentTime() + step,
      Home: 0,
      End: whole,
    };
    const to = places[event.key];
    if (!isSeeking || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") toggle();
    else if (to === undefined) return;
    else surfer.setTime(Math.max(0, Math.min(whole, to)));
    event.preventDefault();
    event.stopPropagation();
    show();
  });
  speed.addEventListener("change", () => {
    kept.speed = Number(speed.value);
    surfer.setPlaybackRate(kept.speed, true);
  });
  const showVolume = () => {
    const isOff = media.muted || media.volume === 0;
    mute.setAttribute("aria-pressed", String(isOff));
    mute.replaceChildren(icon(isOff ? "muted" : "loud"));
  };
  mute.addEventListener("click", () => surfer.setMuted(!media.muted));
  volume.addEventListener("input", () => {
    kept.volume = Number(volume.value);
    surfer.setVolume(kept.volume);
    if (media.muted && kept.volume > 0) surfer.setMuted(false);
  });
  media.addEventListener("volumechange", showVolume);
  for (const event of ["play", "pause", "timeupdate", "seeking"] as const) surfer.on(event, show);
  surfer.on("ready", () => {
    show();
    ready();
  });
  surfer.on("error", () =>
    box.replaceWith(
      el("div", {}, el("p", { class: "f-note" }, "The browser cannot play this sound."), fileLine(file)),
    ),
  );
  showVolume();
  return {
    box,
    wave: lines,
    tools,
    duration: () => surfer.getDuration(),
    playPart(from, to) {
      surfer.setTime(from);
      until = to;
      void surfer.play().catch(() => {});
    },
    setSeeking(isOn) {
      isSeeking = isOn;
      surfer.setOptions({ interact: isOn, dragToSeek: isOn });
      lines.setAttribute("tabindex", isOn ? "0" : "-1");
    },
    play: () => void surfer.play().catch(() => {}),
    destroy() {
      // The library takes its blob URL back but leaves an element that it was given reading from it.
      media.removeAttribute("src");
      media.load();
      surfer.destroy();
    },
  };
}
