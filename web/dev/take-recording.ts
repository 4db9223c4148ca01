/**
 * Takes the recording of the README of a canvas that is served, with the storyboard and nothing run yet:
 * `node web/dev/take-recording.ts http://127.0.0.1:7860`. Writes `docs/pictures/canvas.gif`.
 */
import { join } from "node:path";
import { type CDPSession, chromium, type Locator, type Page } from "playwright-core";
import sharp from "sharp";

const [url = "http://127.0.0.1:7860"] = process.argv.slice(2);
const file = join(import.meta.dirname, "../../docs/pictures/canvas.gif");
const size = { width: 1440, height: 860 };
const shownWidth = 1200;
/** The longest a picture stands still, so that waiting is not part of the show. */
const longestMs = 900;
const shortestMs = 90;

interface Frame {
  readonly picture: Buffer;
  readonly atMs: number;
}

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--hide-scrollbars"],
});
const page = await browser.newPage({ viewport: size, colorScheme: "light" });
await page.goto(url);
await page.getByRole("group", { name: "contact sheet", exact: true }).waitFor();
await page.waitForTimeout(1500);
await page.getByRole("button", { name: "Fit", exact: true }).click();
await page.waitForTimeout(1500);
await showPointer(page);
const { frames, stop } = await record(await page.context().newCDPSession(page));
await play(page);
await stop();
await browser.close();
await write(frames);

/** What is shown: a run, a change and what it makes stale, the run of just that, and the way back. */
async function play(page: Page): Promise<void> {
  await click(page, page.getByRole("button", { name: "Run all", exact: true }));
  await runEnds(page);
  await page.waitForTimeout(900);
  await click(page, page.getByRole("radio", { name: "Neon" }));
  await page.waitForTimeout(900);
  const runStale = page.getByRole("button", { name: /^Run \d+ stale$/ });
  await point(page, runStale);
  await page.waitForTimeout(1400);
  await click(page, runStale);
  await runEnds(page);
  await page.waitForTimeout(900);
  const sheet = page.getByRole("group", { name: "contact sheet", exact: true });
  await click(page, sheet.getByRole("button", { name: /^Previous result/ }));
  await page.waitForTimeout(1800);
}

async function runEnds(page: Page): Promise<void> {
  const bar = page.getByRole("group", { name: "Run", exact: true });
  await bar.waitFor();
  await bar.waitFor({ state: "detached", timeout: 120_000 });
}

/** A pointer that a recording can see. */
async function showPointer(page: Page): Promise<void> {
  await page.evaluate(() => {
    const pointer = document.createElement("div");
    pointer.id = "shown-pointer";
    pointer.innerHTML =
      '<svg width="22" height="22" viewBox="0 0 22 22"><path d="M3 2l15 8-7 2-3 7z" fill="#1d1d1a" stroke="#fff" stroke-width="1.5"/></svg>';
    pointer.style.cssText =
      "position:fixed;left:0;top:0;z-index:99999;pointer-events:none;translate:640px 420px";
    document.body.append(pointer);
    document.addEventListener("pointermove", (event) => {
      pointer.style.translate = `${event.clientX - 3}px ${event.clientY - 2}px`;
    });
  });
}

async function point(page: Page, target: Locator): Promise<void> {
  const box = await target.boundingBox();
  if (box === null) throw new Error(`${target} is not on the page.`);
  await page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height / 2, 16), { steps: 8 });
  await page.waitForTimeout(250);
}

async function click(page: Page, target: Locator): Promise<void> {
  await point(page, target);
  await page.mouse.down();
  await page.mouse.up();
}

async function record(session: CDPSession): Promise<{ frames: Frame[]; stop: () => Promise<void> }> {
  const frames: Frame[] = [];
  session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    frames.push({ picture: Buffer.from(data, "base64"), atMs: (metadata.timestamp ?? 0) * 1000 });
    session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "png", everyNthFrame: 1 });
  return { frames, stop: () => session.send("Page.stopScreencast").then(() => {}) };
}

async function write(all: readonly Frame[]): Promise<void> {
  const frames: Frame[] = [];
  for (const frame of all) {
    if (frames.length === 0 || frame.atMs - frames.at(-1)!.atMs >= shortestMs) frames.push(frame);
  }
  const delay = frames.map(({ atMs }, index) => {
    const next = frames[index + 1]?.atMs ?? atMs + 2_500;
    return Math.round(Math.min(longestMs, next - atMs));
  });
  delay[delay.length - 1] = 2_500;
  const pictures = await Promise.all(
    frames.map(({ picture }) => sharp(picture).resize({ width: shownWidth }).removeAlpha().png().toBuffer()),
  );
  const { size: bytes } = await sharp(pictures, { join: { animated: true } })
    .gif({ delay, loop: 0, colours: 128, interFrameMaxError: 6, effort: 10, dither: 0 })
    .toFile(file);
  const seconds = delay.reduce((sum, ms) => sum + ms, 0) / 1000;
  console.log(`${file}: ${frames.length} pictures, ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(2)} MB`);
}
