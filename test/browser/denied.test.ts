/** A browser that forbids what a page usually has, and one whose clock is wrong. */
import { expect, test } from "vitest";
import { slowGraph, storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

test("a page works where storage, the clipboard and notifications throw", async () => {
  await using canvas = await openCanvas(storyGraph, { permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = canvas;
  await page.addInitScript(() => {
    const forbid = (): never => {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { get: forbid });
    Object.assign(navigator.clipboard, { writeText: async () => forbid(), write: async () => forbid() });
    class Forbidden {
      static permission = "granted";
      static requestPermission = async () => forbid();
      constructor() {
        forbid();
      }
    }
    Object.assign(window, { Notification: Forbidden });
  });
  await page.reload();
  await canvasIsReady(page);
  await page.getByRole("textbox", { name: "Topic" }).fill("a page without a memory");
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT A PAGE WITHOUT A MEMORY.");

  await card(page, "shout").getByRole("button", { name: "Copy Loud of shout" }).click();
  await page.getByText("Copied", { exact: true }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("ABOUT A PAGE WITHOUT A MEMORY.");

  const wasDark = await page.evaluate(() => document.documentElement.classList.contains("dark"));
  await page.getByRole("button", { name: wasDark ? "Light theme" : "Dark theme" }).click();
  expect(await page.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(!wasDark);

  await chooseFromMenu(page, "Run options", "Notify me when a long run ends");
  await page.getByText("The browser does not let this page notify you.", { exact: false }).waitFor();

  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("shout");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("how long a step runs is told by the server's clock, not by one that is an hour wrong", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page } = canvas;
  await page.addInitScript(() => {
    const real = Date.now.bind(Date);
    Date.now = () => real() + 3_600_000;
  });
  await page.reload();
  await canvasIsReady(page);
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "wait", /\b[12]\.\d s/);
  expect(await card(page, "wait").textContent()).not.toContain(" h ");
  await page.getByRole("button", { name: "Stop wait" }).click();
  await cardSays(page, "wait", /Stopped|Interrupted|not run yet|stopped/);
});
