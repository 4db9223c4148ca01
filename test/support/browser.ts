/** A real Chromium for tests, which watches what the page says and where it wants to go. */
import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { browserPath } from "../../scripts/system.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--disable-domain-reliability",
  "--metrics-recording-only",
  "--mute-audio",
  "--autoplay-policy=no-user-gesture-required",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

export interface TestBrowserOptions extends BrowserContextOptions {
  /** A Chromium that runs already, to open a fresh profile in; it goes on when the profile is closed. */
  readonly chromium?: Browser;
  /** More flags for Chromium itself. */
  readonly args?: readonly string[];
  /** Errors that the test provokes: those that match are not held against the page. */
  readonly expectedErrors?: readonly RegExp[];
  /** For tests of strangers' content, which names other hosts on purpose. They are still not reached. */
  readonly allowForeignRequests?: boolean;
}

export interface TestBrowser extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console errors, uncaught exceptions and unhandled rejections of all pages, in order. */
  readonly errors: readonly string[];
  /** What a page asked of another machine. */
  readonly foreignRequests: readonly string[];
  /** Another tab, watched like the first. */
  newPage(): Promise<Page>;
  /** Closes the browser; throws when a page had an error or asked another machine for something. */
  close(): Promise<void>;
}

function launchOptions(args: readonly string[]) {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error("No Chromium found. Run: npm run setup:system");
  return { executablePath, headless: true, args: [...flags, ...args] };
}

/** A Chromium for several tests, each with a profile of its own. */
export function startChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch(launchOptions(args));
}

const viewport = { width: 1280, height: 800 };

/** Opens an empty profile with one page, in a Chromium of its own where none is given. */
export async function launchBrowser(options: TestBrowserOptions = {}): Promise<TestBrowser> {
  const {
    args = [],
    expectedErrors = [],
    allowForeignRequests = false,
    chromium: running,
    ...contextOptions
  } = options;
  let profile: string | undefined;
  let context: BrowserContext;
  if (running === undefined) {
    profile = await mkdtemp(join(tmpdir(), "daggr-chromium-"));
    const wanted = { ...launchOptions(args), viewport, ...contextOptions };
    context = await chromium.launchPersistentContext(profile, wanted);
  } else context = await running.newContext({ viewport, ...contextOptions });
  const errors: string[] = [];
  const foreignRequests: string[] = [];
  const isExpected = (text: string) => expectedErrors.some((pattern) => pattern.test(text));
  const watch = (page: Page) => {
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  };
  context.pages().forEach(watch);
  context.on("page", watch);
  context.on("request", (request) => {
    if (!isForeign(request.url())) return;
    foreignRequests.push(request.url());
    const record = process.env.DAGGR_NETWORK_RECORD;
    if (allowForeignRequests || record === undefined) return;
    appendFileSync(record, `${JSON.stringify({ what: "page", host: request.url(), argv: [], stack: [] })}\n`);
  });

  const close = async () => {
    await context.close();
    if (profile !== undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    const unexpected = errors.filter((error) => !isExpected(error));
    if (!allowForeignRequests && foreignRequests.length > 0) {
      throw new Error(`The page asked other machines for:\n${foreignRequests.join("\n")}`);
    }
    if (unexpected.length > 0) throw new Error(`The page had errors:\n${unexpected.join("\n")}`);
  };
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    errors,
    foreignRequests,
    newPage: () => context.newPage(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function isForeign(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  if (!["http:", "https:", "ws:", "wss:"].includes(protocol)) return false;
  return hostname !== "localhost" && hostname !== "[::1]" && !/^127\.\d+\.\d+\.\d+$/.test(hostname);
}
