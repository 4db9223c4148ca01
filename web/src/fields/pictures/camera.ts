import { el, uniqueId } from "../dom.ts";
import { closeDevice, devices, openDevice } from "../media/capture.ts";
import { wordTool } from "./tool.ts";

const WANTED = { width: { ideal: 1920 }, height: { ideal: 1440 } };

export interface CameraOptions {
  readonly label: string;
  readonly onshot: (file: File) => void;
  /** It was left without a picture; with a sentence where it could not be used. */
  readonly onleave: (why?: string) => void;
}

/** The camera's picture, live and as in a mirror, with a button that takes it. Off as soon as it is left. */
export function openCamera(place: HTMLElement, { label, onshot, onleave }: CameraOptions): () => void {
  let stream: MediaStream | undefined;
  let isOver = false;
  let asked = 0;
  const video = el("video", { class: "f-camera-view", "aria-label": `${label}, camera`, playsinline: true });
  video.muted = true;
  const take = el(
    "button",
    { type: "button", class: "button small primary", disabled: true },
    "Take picture",
  );
  const choice = el("select", {
    class: "f-input f-select",
    id: uniqueId("camera"),
    "aria-label": `Camera for ${label}`,
  });
  choice.hidden = true;
  const box = el(
    "div",
    { class: "f-camera" },
    video,
    el(
      "div",
      { class: "f-camera-tools" },
      take,
      choice,
      wordTool("Cancel", `Cancel the camera of ${label}`, () => leave()),
    ),
  );

  const stop = () => {
    closeDevice(stream);
    stream = undefined;
    video.srcObject = null;
  };
  const close = () => {
    isOver = true;
    stop();
    document.removeEventListener("visibilitychange", hidden);
    box.remove();
  };
  const leave = (why?: string) => {
    if (isOver) return;
    close();
    onleave(why);
  };
  const hidden = () => document.hidden && leave();
  document.addEventListener("visibilitychange", hidden);

  async function start(deviceId?: string): Promise<void> {
    const mine = ++asked;
    stop();
    take.disabled = true;
    try {
      const device = deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
      const opened = await openDevice({ video: { ...WANTED, ...device } });
      if (isOver || mine !== asked) return closeDevice(opened);
      stream = opened;
      opened.getVideoTracks()[0]?.addEventListener("ended", () => leave("The camera was disconnected."));
      video.srcObject = opened;
      await video.play();
      if (isOver) return;
      take.disabled = false;
      if (document.activeElement === document.body || box.contains(document.activeElement))
        take.focus({ preventScroll: true });
      await listCameras(opened);
    } catch (error) {
      if (mine === asked) leave((error as Error).message);
    }
  }

  async function listCameras(opened: MediaStream): Promise<void> {
    const cameras = await devices("videoinput");
    const used = opened.getVideoTracks()[0]?.getSettings().deviceId;
    choice.replaceChildren(
      ...cameras.map((camera, index) =>
        el(
          "option",
          { value: camera.deviceId, selected: camera.deviceId === used },
          camera.label || `Camera ${index + 1}`,
        ),
      ),
    );
    choice.hidden = cameras.length < 2;
  }

  choice.addEventListener("change", () => void start(choice.value));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  });
  take.addEventListener("click", () => {
    const canvas = el("canvas", { width: video.videoWidth, height: video.videoHeight });
    const context = canvas.getContext("2d");
    if (context === null || video.videoWidth === 0) return;
    // As it was seen: in a mirror.
    context.translate(canvas.width, 0);
    context.scale(-1, 1);
    context.drawImage(video, 0, 0);
    canvas.toBlob(
      (blob) => {
        if (isOver || blob === null) return;
        close();
        onshot(new File([blob], "camera.jpg", { type: blob.type }));
      },
      "image/jpeg",
      0.92,
    );
  });
  place.append(box);
  void start();
  return close;
}
