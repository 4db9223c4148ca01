import { recordedType } from "../../media/capture.ts";
import type { MediaHost } from "../../media/media-field.ts";
import { recording } from "../../media/recording.ts";
import { decode, encodeWav, wavFile } from "./wav.ts";

/** Records from the microphone; what reaches the server is a WAV, whatever the browser itself records. */
export function recordSound(place: HTMLElement, host: MediaHost, over: () => void): () => void {
  return recording(place, {
    label: host.options.label,
    kind: "audioinput",
    constraints: (deviceId) => ({ audio: deviceId === undefined ? true : { deviceId } }),
    type: recordedType(["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"]),
    watch: drawLevels,
    done(recorded) {
      over();
      void toWav(recorded).then(
        (file) => host.keep(file),
        () => host.say("The recording is empty: nothing was kept. Record again."),
      );
    },
    discarded: over,
    failed(reason) {
      over();
      host.say(reason);
    },
  });
}

async function toWav(recorded: Blob): Promise<File> {
  const sound = await decode(await recorded.arrayBuffer());
  return wavFile(encodeWav(sound), "recording.wav");
}

/** The last seconds of what is heard, as bars that move from right to left. */
function drawLevels(place: HTMLElement, stream: MediaStream): () => void {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  place.replaceChildren(canvas);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let levels: number[] = [];
  const colour = getComputedStyle(place).getPropertyValue("--accent").trim() || "#e8590c";
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const { clientWidth: width, clientHeight: height } = canvas;
    const most = Math.floor(width / 4);
    levels = [...levels, samples.reduce((loud, sample) => Math.max(loud, Math.abs(sample)), 0)].slice(-most);
    canvas.width = width * 2;
    canvas.height = height * 2;
    const brush = canvas.getContext("2d")!;
    brush.fillStyle = colour;
    for (const [index, level] of levels.entries()) {
      const tall = Math.max(2, Math.min(1, level * 1.4) * height * 2);
      brush.fillRect((most - levels.length + index) * 8, height - tall / 2, 4, tall);
    }
  }, 60);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
