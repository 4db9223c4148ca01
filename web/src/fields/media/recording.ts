import { el } from "../dom.ts";
import { clock, closeDevice, devices, openDevice } from "./capture.ts";

export interface RecordingOptions {
  readonly label: string;
  readonly kind: "audioinput" | "videoinput";
  /** What is asked of the browser, with the device that was chosen. */
  constraints(deviceId: string | undefined): MediaStreamConstraints;
  /** What the browser shall write, of those types that it knows. */
  readonly type: string | undefined;
  /** Shows what comes in; gives back how to stop that. */
  watch(place: HTMLElement, stream: MediaStream): () => void;
  done(recorded: Blob): void;
  discarded(): void;
  failed(reason: string): void;
}

const remembered: Partial<Record<RecordingOptions["kind"], string>> = {};

/** Records at once, with pause, stop and discard; another device can be chosen, which begins anew. */
export function recording(place: HTMLElement, options: RecordingOptions): () => void {
  const { label } = options;
  const button = (word: string, name: string, primary = false) =>
    el(
      "button",
      { type: "button", class: primary ? "button small primary" : "button small", "aria-label": name },
      word,
    );
  const view = el("div", { class: "f-recording-view" });
  const time = el("span", { class: "f-recording-time", role: "timer", "aria-label": "Recorded" }, "0:00");
  const state = el("span", { class: "f-recording-state", role: "status" }, "Asks for the device");
  const pause = button("Pause", `Pause recording ${label}`);
  const stop = button("Stop", `Stop recording ${label}`, true);
  const discard = button("Discard", `Discard the recording of ${label}`);
  const choice = el("select", {
    class: "f-input f-select f-device",
    "aria-label": options.kind === "audioinput" ? "Microphone" : "Camera",
    hidden: true,
  });
  pause.disabled = stop.disabled = true;
  place.append(
    el(
      "div",
      { class: "f-recording" },
      view,
      el("div", { class: "f-recording-line" }, state, time),
      el("div", { class: "f-recording-line is-tools" }, stop, pause, discard),
      choice,
    ),
  );

  let stream: MediaStream | undefined;
  let recorder: MediaRecorder | undefined;
  let unwatch: (() => void) | undefined;
  let spent = 0;
  let since: number | undefined;
  let isOver = false;
  const seconds = () => (spent + (since === undefined ? 0 : performance.now() - since)) / 1000;
  const tick = setInterval(() => (time.textContent = clock(seconds())), 200);

  const begin = async () => {
    unwatch?.();
    closeDevice(stream);
    const opened = await openDevice(options.constraints(remembered[options.kind]));
    if (isOver) return closeDevice(opened);
    stream = opened;
    unwatch = options.watch(view, opened);
    spent = 0;
    const parts: Blob[] = [];
    const mine = new MediaRecorder(opened, options.type === undefined ? {} : { mimeType: options.type });
    recorder = mine;
    mine.addEventListener("dataavailable", ({ data }) => parts.push(data));
    mine.addEventListener("stop", () => {
      if (recorder !== mine || isOver) return;
      end();
      options.done(new Blob(parts, { type: mine.mimeType }));
    });
    mine.start(1000);
    since = performance.now();
    state.textContent = "Recording";
    pause.disabled = stop.disabled = false;
    if (place.contains(document.activeElement) || document.activeElement === document.body)
      stop.focus({ preventScroll: true });
    await offer();
  };

  const offer = async () => {
    const all = await devices(options.kind);
    choice.hidden = all.length < 2;
    const used = stream
      ?.getTracks()
      .find((track) => track.kind === options.kind.slice(0, 5))
      ?.getSettings().deviceId;
    choice.replaceChildren(
      ...all.map(({ deviceId, label: name }) =>
        el("option", { value: deviceId, selected: deviceId === used }, name || "Device"),
      ),
    );
  };

  const end = () => {
    isOver = true;
    clearInterval(tick);
    unwatch?.();
    closeDevice(stream);
    place.replaceChildren();
  };
  const start = () =>
    begin().catch((error: Error) => {
      if (isOver) return;
      end();
      options.failed(error.message);
    });

  choice.addEventListener("change", () => {
    remembered[options.kind] = choice.value;
    recorder = undefined;
    void start();
  });
  pause.addEventListener("click", () => {
    if (recorder?.state === "recording") {
      recorder.pause();
      spent += performance.now() - since!;
      since = undefined;
      pause.textContent = "Resume";
      pause.setAttribute("aria-label", `Resume recording ${label}`);
      state.textContent = "Paused";
    } else {
      recorder?.resume();
      since = performance.now();
      pause.textContent = "Pause";
      pause.setAttribute("aria-label", `Pause recording ${label}`);
      state.textContent = "Recording";
    }
  });
  stop.addEventListener("click", () => recorder?.stop());
  discard.addEventListener("click", () => {
    end();
    options.discarded();
  });
  void start();
  return () => {
    if (!isOver) end();
  };
}
