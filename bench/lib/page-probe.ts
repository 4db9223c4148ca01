/** A page under the eye: when it shows and answers, what its frames and messages cost. */
import type { CDPSession, Page } from "playwright-core";
import type { TestBrowser } from "../../test/support/browser.ts";

interface Watched {
  drawn?: number;
  busyUntil: number;
  ended: number;
  onEnd?: () => void;
  gaps: number[] | null;
}
declare global {
  interface Window {
    watched: Watched;
  }
}

export interface Metrics {
  readonly scriptMs: number;
  readonly taskMs: number;
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

export class PageProbe {
  readonly page: Page;
  /** Of every message of the socket. */
  received: number[] = [];
  readonly #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
    cdp.on("Network.webSocketFrameReceived", ({ response }) => {
      this.received.push(Buffer.byteLength(response.payloadData));
    });
  }

  /** A tab of its own that is not loaded yet; `card` finds the cards, `end` is in the message that tells a run's end. */
  static async make(browser: TestBrowser, { card, end }: { card: string; end: string }): Promise<PageProbe> {
    const page = await browser.newPage();
    await page.setViewportSize({ width: 1600, height: 900 });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    await cdp.send("Network.enable");
    await page.addInitScript(watch, { card, end });
    return new PageProbe(page, cdp);
  }

  /** From the navigation: until cards are seen, and until the page has been free to answer ever since. */
  async open(url: string): Promise<{ drawn: number; interactive: number }> {
    await this.page.goto(url, { waitUntil: "commit" });
    await this.page.waitForFunction(() => window.watched?.drawn !== undefined, undefined, {
      timeout: 60_000,
    });
    await this.page.waitForTimeout(1_500);
    return this.page.evaluate(() => {
      const { drawn = 0, busyUntil } = window.watched;
      return { drawn, interactive: Math.max(drawn, busyUntil) };
    });
  }

  /** Collects garbage first, so that `heapMb` is what is really in use. */
  async metrics(isCollected = false): Promise<Metrics> {
    if (isCollected) for (let turn = 0; turn < 2; turn++) await this.#cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await this.#cdp.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return {
      scriptMs: of("ScriptDuration") * 1_000,
      taskMs: of("TaskDuration") * 1_000,
      heapMb: of("JSHeapUsedSize") / 2 ** 20,
      nodes: of("Nodes"),
      listeners: of("JSEventListeners"),
    };
  }

  /** Turns the wheel over the ground with every frame for so long; gives the frames' lengths in milliseconds. */
  wheel(ground: string, seconds: number, isZoom: boolean): Promise<number[]> {
    return this.page.evaluate(
      ({ ground, ms, isZoom }) =>
        new Promise<number[]>((resolve) => {
          const target = document.querySelector(ground)!;
          const gaps: number[] = [];
          const begun = performance.now();
          let last = begun;
          const frame = (now: number) => {
            gaps.push(now - last);
            last = now;
            const part = (now - begun) / ms;
            if (part >= 1) return resolve(gaps.slice(2));
            const turn = part * 2 * Math.PI;
            const delta = isZoom
              ? { deltaY: Math.sin(turn) * 8, ctrlKey: true }
              : { deltaX: Math.cos(turn) * 25, deltaY: Math.sin(turn) * 25 };
            const place = { clientX: 800, clientY: 450, bubbles: true, cancelable: true };
            target.dispatchEvent(new WheelEvent("wheel", { ...delta, ...place }));
            requestAnimationFrame(frame);
          };
          requestAnimationFrame((now) => {
            last = now;
            frame(now);
          });
        }),
      { ground, ms: seconds * 1_000, isZoom },
    );
  }

  /** The lengths of the frames while something is done. */
  async frames(work: () => Promise<void>): Promise<number[]> {
    await this.page.evaluate(() => {
      window.watched.gaps = [];
    });
    await work();
    return this.page.evaluate(() => {
      const gaps = window.watched.gaps ?? [];
      window.watched.gaps = null;
      return gaps;
    });
  }

  /** From each key's press until the frame that shows its letter. */
  async typed(field: string, text: string): Promise<number[]> {
    await this.page.locator(field).first().click();
    await this.page.evaluate(() => {
      const answered: number[] = [];
      Object.assign(window, { answered });
      const answer = ({ timeStamp }: Event) =>
        requestAnimationFrame(() => setTimeout(() => answered.push(performance.now() - timeStamp)));
      window.addEventListener("keydown", answer, { capture: true });
    });
    for (const letter of text) {
      await this.page.keyboard.press(letter);
      await this.page.waitForTimeout(60);
    }
    return this.page.evaluate(() => (window as unknown as { answered: number[] }).answered);
  }

  /** Presses the run button so many times, each time when the run before has ended. */
  async rerun(button: string, times: number): Promise<void> {
    await this.page.evaluate(
      async ({ button, times }) => {
        const { watched } = window;
        for (let turn = 0; turn < times; turn++) {
          const isEnded = new Promise<void>((resolve) => {
            watched.onEnd = resolve;
          });
          while (document.querySelector(button) === null)
            await new Promise((resolve) => setTimeout(resolve, 5));
          document.querySelector(button)!.dispatchEvent(new MouseEvent("click", { bubbles: true }));
          await isEnded;
          // The page draws what it was told before the next press.
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        }
      },
      { button, times },
    );
  }
}

/** Runs in the page before anything of it. */
function watch({ card, end }: { card: string; end: string }): void {
  const watched: Watched = { busyUntil: 0, ended: 0, gaps: null };
  window.watched = watched;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watched.busyUntil = entry.startTime + entry.duration;
  }).observe({ type: "longtask", buffered: true });
  let last = performance.now();
  const look = (now: number) => {
    watched.gaps?.push(now - last);
    last = now;
    if (watched.drawn === undefined) {
      const isSeen = [...document.querySelectorAll(card)].some((element) => {
        const { left, top, right, bottom, width } = element.getBoundingClientRect();
        const isInside = width > 5 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
        return isInside && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      });
      if (isSeen) watched.drawn = performance.now();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args: ConstructorParameters<typeof Socket>) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (!String(data).includes(end)) return;
        watched.ended++;
        watched.onEnd?.();
      });
    }
  };
}

/** How many of 100 frames were not in time, at 60 a second. */
export function droppedShare(gaps: readonly number[]): number {
  const due = gaps.map((gap) => Math.max(1, Math.round(gap / (1_000 / 60))));
  const all = due.reduce((sum, count) => sum + count, 0);
  return (100 * (all - gaps.length)) / Math.max(1, all);
}
