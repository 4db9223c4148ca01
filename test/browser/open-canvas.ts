/** A graph on the real server, and a real browser that looks at it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll } from "vitest";
import type { Graph } from "../../src/app/graph.ts";
import type { LaunchOptions } from "../../src/app/launch-options.ts";
import {
  launchBrowser,
  startChromium,
  type TestBrowser,
  type TestBrowserOptions,
} from "../support/browser.ts";

export interface OpenCanvas extends AsyncDisposable {
  readonly page: Page;
  readonly browser: TestBrowser;
  readonly url: string;
  /** Stops the server; the page stays. */
  stop(): Promise<void>;
  /** Starts it again at the same address, on the same data. */
  start(): Promise<void>;
}

export interface OpenCanvasOptions extends TestBrowserOptions {
  /** What the graph is launched with besides. */
  readonly launch?: LaunchOptions;
}

/** One for each set of flags: to start one takes longer than most tests. */
const chromiums = new Map<string, Promise<Browser>>();

function chromiumWith(args: readonly string[] = []): Promise<Browser> {
  const key = args.join(" ");
  const running = chromiums.get(key) ?? startChromium(args);
  chromiums.set(key, running);
  return running;
}

afterAll(async () => {
  for (const running of chromiums.values()) await (await running).close();
  chromiums.clear();
});

/** Launches the graph on a folder of its own and opens its canvas. */
export async function openCanvas(
  makeGraph: () => Graph,
  { launch = {}, ...options }: OpenCanvasOptions = {},
): Promise<OpenCanvas> {
  const folder = await mkdtemp(join(tmpdir(), "daggr-canvas-"));
  process.env.DAGGR_DB_PATH = join(folder, "sessions.db");
  let server = await makeGraph().launch({ ...launch, port: 0, open: false });
  const { url } = server;
  const browser = await launchBrowser({
    ...options,
    chromium: await chromiumWith(options.args),
    expectedErrors: [/ERR_CONNECTION_REFUSED/, ...(options.expectedErrors ?? [])],
  });
  await browser.page.goto(url);
  await canvasIsReady(browser.page);
  return {
    page: browser.page,
    browser,
    url,
    stop: () => server.close(),
    async start() {
      process.env.DAGGR_DB_PATH = join(folder, "sessions.db");
      server = await makeGraph().launch({ ...launch, port: Number(new URL(url).port), open: false });
    },
    async [Symbol.asyncDispose]() {
      try {
        await browser.close();
      } finally {
        await server.close();
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

export async function canvasIsReady(page: Page): Promise<void> {
  await page.getByRole("main").locator("[data-node]").first().waitFor();
  await page.waitForFunction(() => document.querySelector("main.is-hidden, main[aria-busy='true']") === null);
}

/** Waits until no card has moved or grown for a moment, as a person would who reaches for one. */
export async function cardsAreStill(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let before = "";
        let since = 0;
        const look = () => {
          const now = [...document.querySelectorAll("[data-node]")]
            .map((element) => JSON.stringify(element.getBoundingClientRect()))
            .join();
          const isBusy =
            document.querySelector("main[aria-busy='true'], .field-slot[aria-busy='true']") !== null;
          if (now !== before || isBusy) since = performance.now();
          before = now;
          if (performance.now() - since > 250) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** A card by the name of its node. */
export function card(page: Page, name: string): Locator {
  return page.getByRole("group", { name, exact: true }).and(page.locator("[data-node]"));
}

/** Waits until the card says so. */
export async function cardSays(page: Page, name: string, text: string | RegExp): Promise<void> {
  await card(page, name).getByText(text).first().waitFor();
}

export async function chooseFromMenu(page: Page, button: string, item: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Zooms with the buttons of the view until it is about this. */
export async function zoomTo(page: Page, wanted: number): Promise<void> {
  const percent = page.getByRole("button", { name: /back to 100 %/ });
  const settled = async (): Promise<number> => {
    let before = Number.NaN;
    for (;;) {
      const now = Number(/\d+/.exec((await percent.textContent()) ?? "")?.[0]) / 100;
      if (now === before) return now;
      before = now;
      await page.waitForTimeout(250);
    }
  };
  await percent.click();
  const isThere = (now: number) => (wanted < 1 ? now <= wanted : now >= wanted - 0.01);
  for (let tries = 0; tries < 12 && !isThere(await settled()); tries++)
    await page.getByRole("button", { name: wanted < 1 ? "Zoom out" : "Zoom in", exact: true }).click();
}
