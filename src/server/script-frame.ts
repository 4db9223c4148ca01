/**
 * The document in which an HTML value with scripts stands, where its author asked for them (`gr.HTML({ scripts: true })`).
 * It has a policy of its own, because a document inside the page would have the page's, which lets no inline script run.
 * Nothing of a value is in it: the page hands the markup over once it is there.
 */

/** What runs in it has no origin, reaches no host and sees nothing of the page. */
export function scriptFramePolicy(frameAncestors: string): string {
  return [
    "default-src 'none'",
    "script-src 'unsafe-inline' 'unsafe-eval'",
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "media-src data: blob:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "sandbox allow-scripts",
    `frame-ancestors ${frameAncestors}`,
  ].join("; ");
}

/** Connections between browsers are no requests, and no browser's policy holds them back: they are taken away by hand. */
export const SCRIPT_FRAME = `<!doctype html><meta charset="utf-8"><title>HTML</title><script>
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"]) delete window[name];
addEventListener("message", function take(event) {
  if (event.source !== parent || typeof event.data !== "string") return;
  removeEventListener("message", take);
  document.open();
  document.write(event.data);
  document.close();
});
</script>`;
