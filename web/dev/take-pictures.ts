/**
 * Takes the pictures of `docs/pictures` of a canvas that is served:
 * `node web/dev/take-pictures.ts http://127.0.0.1:7860`. It runs the workflow first.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import sharp from "sharp";

const [url = "http://127.0.0.1:7860"] = process.argv.slice(2);
const folder = join(import.meta.dirname, "../../docs/pictures");
mkdirSync(folder, { recursive: true });
const sizes = [
  { width: 320, height: 720 },
  { width: 800, height: 900 },
  { width: 1600, height: 900 },
];
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const first = await browser.newPage({ viewport: sizes[2]! });
await first.goto(url);
await first.getByRole("button", { name: /^Run (all|\d+ stale)$/ }).click();
await first.getByRole("group", { name: "Run", exact: true }).waitFor();
await first.getByRole("group", { name: "Run", exact: true }).waitFor({ state: "detached", timeout: 120_000 });
await first.getByRole("textbox", { name: "Title" }).fill("The red boat comes home");
await first.waitForTimeout(1500);
await first.close();
for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of sizes) {
    const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 2 });
    await page.goto(url);
    await page.waitForTimeout(2500);
    const shot = await page.screenshot();
    const name = `canvas-${colorScheme}-${viewport.width}.png`;
    await sharp(shot)
      .png({ palette: true, colours: 256, quality: 90, effort: 10 })
      .toFile(join(folder, name));
    await page.close();
  }
}
await browser.close();
