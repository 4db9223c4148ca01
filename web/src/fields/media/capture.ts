/** A microphone or camera, or a sentence that says why there is none. */
export async function openDevice(constraints: MediaStreamConstraints): Promise<MediaStream> {
  const what = constraints.video ? "camera" : "microphone";
  // Browsers hide devices from pages that are not on this machine and not on https.
  if (navigator.mediaDevices === undefined)
    throw new Error(
      `The browser gives the ${what} to pages of this machine or over https only. Upload a file instead.`,
    );
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    throw new Error(reason((error as DOMException).name, what));
  }
}

function reason(name: string, what: string): string {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return `The ${what} was refused. Allow it for this page in the browser's address bar, then try again.`;
    case "NotFoundError":
    case "OverconstrainedError":
      return `No ${what} was found. Connect one, or upload a file instead.`;
    case "NotReadableError":
    case "AbortError":
      return `The ${what} is used by another program. Close that one, then try again.`;
    default:
      return `The ${what} cannot be used (${name}). Upload a file instead.`;
  }
}

export function closeDevice(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** The devices of a kind; their names are known once one of them was allowed. */
export async function devices(kind: "audioinput" | "videoinput"): Promise<MediaDeviceInfo[]> {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return all.filter((device) => device.kind === kind && device.deviceId !== "");
}

/** The first of these types that the browser records. */
export function recordedType(types: readonly string[]): string | undefined {
  return types.find((type) => MediaRecorder.isTypeSupported(type));
}

/** Minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds + 0.001)) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
