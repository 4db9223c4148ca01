import { el } from "../../dom.ts";
import { recordedType } from "../../media/capture.ts";
import type { MediaHost } from "../../media/media-field.ts";
import { recording } from "../../media/recording.ts";

/** Records from the camera, with sound unless `includeAudio: false`; kept as the browser writes it (WebM or MP4). */
export function recordVideo(place: HTMLElement, host: MediaHost, over: () => void): () => void {
  const { props, label } = host.options;
  const withSound = props["includeAudio"] !== false;
  return recording(place, {
    label,
    kind: "videoinput",
    constraints: (deviceId) => ({ video: deviceId === undefined ? true : { deviceId }, audio: withSound }),
    type: recordedType([
      "video/mp4;codecs=avc1,mp4a.40.2",
      "video/webm;codecs=vp9,opus",
      "video/webm;codecs=vp8,opus",
      "video/webm",
    ]),
    watch(view, stream) {
      const video = el("video", {
        muted: true,
        autoplay: true,
        playsinline: true,
        "aria-label": `What the camera sees for ${label}`,
      });
      video.muted = true;
      video.srcObject = stream;
      view.replaceChildren(video);
      return () => {
        video.srcObject = null;
      };
    },
    done(recorded) {
      over();
      if (recorded.size === 0) return host.say("The recording is empty: nothing was kept. Record again.");
      const ending = recorded.type.startsWith("video/mp4") ? "mp4" : "webm";
      void host.keep(
        new File([recorded], `recording.${ending}`, { type: recorded.type.split(";")[0] ?? recorded.type }),
      );
    },
    discarded: over,
    failed(reason) {
      over();
      host.say(reason);
    },
  });
}
