import { fileUrl } from "../../../../src/protocol/values.ts";
import { el } from "../dom.ts";
import { mediaField } from "../media/media-field.ts";
import { playsAlone } from "../media/one-playing.ts";
import { waveform } from "./audio/player.ts";
import { recordSound } from "./audio/recorder.ts";
import { addTrim } from "./audio/trim.ts";
import "./audio.css";

/** Larger sounds would take the page's memory to draw; they get the platform's own player. */
const drawnUpToBytes = 30_000_000;

export const mount = mediaField({
  accept: "audio/*",
  noun: "a sound",
  record: { source: "microphone", begin: recordSound },
  show(place, file, host) {
    const { label, large, props, readonly } = host.options;
    const isLooping = props["loop"] === true;
    const autoplay = props["autoplay"] === true && host.isNews;
    if (file.size > drawnUpToBytes) {
      const audio = el("audio", {
        src: fileUrl(file),
        controls: true,
        preload: "metadata",
        loop: isLooping,
        autoplay,
        class: "f-audio",
        "aria-label": label,
      });
      playsAlone(audio);
      place.append(audio);
      return { destroy: () => audio.pause() };
    }
    const player = waveform(place, {
      file,
      label,
      large,
      isLooping,
      ready: () => autoplay && player.play(),
    });
    if (!readonly && props["editable"] !== false) addTrim(player, file, host);
    return { destroy: player.destroy };
  },
});
