import type { App } from "../state/app.svelte.ts";
import { overlay } from "../state/overlay.svelte.ts";
import { askServer } from "./requests.ts";

/** On a Space: Hugging Face's own page, in this tab, or in a window of its own where this page is only a frame of another. */
export function logInOnSpace(app: App): void {
  const to = location.pathname.endsWith("/app") ? "/app" : "/";
  if (window.top === window) {
    location.assign(`/login?to=${to}`);
    return;
  }
  const popup = window.open(`/login?popup&to=${to}`, "daggr-login", "popup,width=560,height=760");
  if (popup === null) {
    app.toast(
      "The browser keeps the window to log in closed. Allow it, or open this page in a tab of its own.",
      "bad",
      {
        title: "Open in a tab",
        act: openOwnTab,
      },
    );
    return;
  }
  const onMessage = async (event: MessageEvent) => {
    // Only the window that this server has sent back, of this very origin.
    if (event.origin !== location.origin || event.source !== popup || event.data?.type !== "daggr-login")
      return;
    removeEventListener("message", onMessage);
    try {
      await askServer("/claim", "POST", { ticket: String(event.data.ticket) });
      popup.postMessage({ type: "daggr-login-taken" }, location.origin);
      await app.reload();
    } catch (error) {
      app.toast((error as Error).message);
    }
  };
  addEventListener("message", onMessage);
}

export function openOwnTab(): void {
  window.open(location.href, "_blank");
}

/** The way to log in that is offered here first. */
export function logIn(app: App): void {
  const [way] = app.visit.account?.login ?? [];
  if (way === "oauth") logInOnSpace(app);
  else if (way !== undefined) overlay.login = way;
}

export async function logOut(app: App): Promise<void> {
  const isSpace = app.visit.account?.at === "space";
  try {
    // The page loads anew by itself when it hears that it is somebody else's.
    await app.flush();
    await askServer("/logout", "POST");
    if (isSpace) {
      app.visit.forget();
      location.reload();
    } else app.toast("Logged out.", "plain");
  } catch (error) {
    app.toast((error as Error).message);
  }
}
