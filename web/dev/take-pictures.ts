/**
 * Takes the pictures of `docs/pictures` of the storyboard, served with nothing run yet:
 * `node web/dev/take-pictures.ts http://127.0.0.1:7860`. It runs the workflow first, twice.
 * With `parts` behind it: the small ones, of a workflow that is shared and that has a step `translate` whose first
 * variant fails, where one can log in by a code.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import sharp from "sharp";

const [url = "http://127.0.0.1:7860", what] = process.argv.slice(2);
const folder = join(import.meta.dirname, "../../docs/pictures");
mkdirSync(folder, { recursive: true });
const phone = { width: 320, height: 720 };
const tablet = { width: 800, height: 900 };
const desk = { width: 1600, height: 900 };
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

if (what === "parts") {
  await takeParts();
  await browser.close();
  process.exit();
}

const first = await browser.newPage({ viewport: desk });
await first.goto(url);
await run(first);
await first.getByRole("radio", { name: "Watercolour" }).check();
await run(first);
await first.getByRole("textbox", { name: "Title" }).fill("The red boat comes home");
await first.waitForTimeout(1500);
await first.close();

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [phone, tablet, desk]) {
    await take(`canvas-${colorScheme}-${viewport.width}`, colorScheme, viewport, url);
    await take(`app-${colorScheme}-${viewport.width}`, colorScheme, viewport, new URL("/app", url).href);
  }
}
await take("search", "dark", desk, url, async (page) => {
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("run");
});
await take("compare", "light", desk, url, async (page) => {
  await page.getByRole("button", { name: "Run options of contact sheet" }).click();
  await page.getByRole("menuitem", { name: /^Compare/ }).click();
  await page.waitForTimeout(1000);
});
await browser.close();

async function run(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Run (all|\d+ stale)$/ }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Run all", exact: true }).waitFor({ timeout: 120_000 });
  await page.waitForTimeout(1500);
}

async function takeParts(): Promise<void> {
  const page = await browser.newPage({ viewport: desk, colorScheme: "light", deviceScaleFactor: 2 });
  await page.goto(url);
  await run(page);
  await takePart(page, "fallback", '[data-node="translate"]', 16);
  await page.getByRole("button", { name: "Shared", exact: true }).click();
  await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
  await takePart(page, "share", "[role=dialog]");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Log in…" }).click();
  await page.getByText("Waiting for you there").waitFor();
  await takePart(page, "account", "[role=dialog]");
}

/** A part of the page, with a little around it. */
async function takePart(page: Page, name: string, selector: string, around = 24): Promise<void> {
  await page.waitForTimeout(500);
  const { x, y, width, height } = (await page.locator(selector).boundingBox())!;
  const clip = { x: x - around, y: y - around, width: width + 2 * around, height: height + 2 * around };
  await keep(name, await page.screenshot({ clip }));
}

async function keep(name: string, picture: Buffer): Promise<void> {
  await sharp(picture)
    .png({ palette: true, colours: 256, quality: 90, effort: 10 })
    .toFile(join(folder, `${name}.png`));
}

async function take(
  name: string,
  colorScheme: "light" | "dark",
  viewport: { width: number; height: number },
  address: string,
  act?: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 2 });
  await page.goto(address);
  await page.waitForTimeout(2500);
  await act?.(page);
  await page.waitForTimeout(500);
  await keep(name, await page.screenshot());
  await page.close();
}
