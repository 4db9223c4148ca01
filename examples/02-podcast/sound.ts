import { spawn } from "node:child_process";

/** Runs a program; a cancelled step ends it at once. */
export function runProgram(command: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { signal, stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (data) => (complaint += data));
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new Error(`${command} is not installed. On Debian: apt install ${command}`)
          : error,
      ),
    );
    child.once("close", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${command} ended with ${code}: ${complaint.trim().slice(-300)}`)),
    );
  });
}

/** A spoken text as a WAV file. */
export async function speak(text: string, voice: string, path: string, signal: AbortSignal): Promise<string> {
  // "en-gb+f3:40:170" is espeak's voice, pitch and words a minute.
  const [name = "en", pitch = "50", speed = "165"] = voice.split(":");
  await runProgram("espeak-ng", ["-v", name, "-p", pitch, "-s", speed, "-w", path, text], signal);
  return path;
}

/** The recordings one after the other, with a breath after each. */
export async function join(
  recordings: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const padded = recordings.map((_, index) => `[${index}]apad=pad_dur=0.35[a${index}]`);
  const all = recordings.map((_, index) => `[a${index}]`).join("");
  const filter = `${padded.join(";")};${all}concat=n=${recordings.length}:v=0:a=1,loudnorm=I=-18,aresample=24000`;
  const inputs = recordings.flatMap((recording) => ["-i", recording]);
  await runProgram(
    "ffmpeg",
    ["-v", "error", "-y", ...inputs, "-filter_complex", filter, "-b:a", "64k", path],
    signal,
  );
  return path;
}
