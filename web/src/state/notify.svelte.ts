import type { RunInfo } from "../../../src/protocol/view.ts";
import { serverNow } from "./clock.svelte.ts";
import { browserStorage } from "./storage.ts";

const key = "daggr-notify";
/** Who waits for less has not gone to another tab. */
const longMs = 5_000;

/** Tells of the end of a long run, and of a step that asks, when nobody looks at the page. */
class Notifications {
  readonly isPossible = "Notification" in globalThis;
  isOn = $state(
    this.isPossible && Notification.permission === "granted" && browserStorage.getItem(key) === "on",
  );

  /** Asks for the permission where it is needed; resolves to a sentence when it was refused. */
  async toggle(): Promise<string | undefined> {
    if (this.isOn) {
      this.isOn = false;
      browserStorage.removeItem(key);
      return undefined;
    }
    const permission = await Notification.requestPermission().catch(() => "denied");
    if (permission !== "granted")
      return "The browser does not let this page notify you. Its settings for this site can change that.";
    this.isOn = true;
    browserStorage.setItem(key, "on");
    return undefined;
  }

  /** `run` has another status than before. */
  tell(graph: string, run: RunInfo): void {
    if (!this.isOn || !document.hidden || run.status === "running" || run.status === "cancelled") return;
    if (run.status !== "waiting" && serverNow() - run.startedAt < longMs) return;
    const notification = show(`${graph}: ${words[run.status]}`, {
      body: `${run.done} of ${run.total} steps`,
      icon: new URL(`favicon${run.status === "failed" ? "-failed" : ""}.svg`, location.href).href,
      tag: run.id,
    });
    notification?.addEventListener("click", () => {
      window.focus();
      notification.close();
    });
  }
}

/** Browsers of phones have notifications, and throw when a page shows one. */
function show(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch {
    return undefined;
  }
}

const words: Readonly<Record<Exclude<RunInfo["status"], "running" | "cancelled">, string>> = {
  waiting: "a step waits for you",
  done: "the run is done",
  failed: "the run failed",
  interrupted: "the run was interrupted",
};

export const notifications = new Notifications();
