/**
 * Takes the pictures of `docs/pictures` of the storyboard, served with nothing run yet:
 * `node web/dev/take-pictures.ts http://127.0.0.1:7860`. It runs the workflow first, twice.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import sharp from "sharp";

const [url = "http://127.0.0.1:7860"] = process.argv.slice(2);
const folder = join(import.meta.dirname, "../../docs/pictures");
mkdirSync(folder, { recursive: true });
const phone = { width: 320, height: 720 };
const tablet = { width: 800, height: 900 };
const desk = { width: 1600, height: 900 };
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

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
  await sharp(await page.screenshot())
    .png({ palette: true, colours: 256, quality: 90, effort: 10 })
    .toFile(join(folder, `${name}.png`));
  await page.close();
}
