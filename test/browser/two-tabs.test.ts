/** Two tabs on one sheet: what one does the other shows, and neither takes away what the other did. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { slowGraph, storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, chooseFromMenu, type OpenCanvas, openCanvas } from "./open-canvas.ts";

const topic = (page: Page) => page.getByRole("textbox", { name: "Topic" });
const sheet = (page: Page) => page.getByRole("button", { name: /^Sheet / });
const sheetMenu = async (page: Page, item: string) =>
  chooseFromMenu(page, (await sheet(page).getAttribute("aria-label"))!, item);
const undo = (page: Page) => page.getByRole("button", { name: /^Undo/ });
const redo = (page: Page) => page.getByRole("button", { name: /^Redo/ });

async function another({ browser, url }: OpenCanvas): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await canvasIsReady(page);
  return page;
}

test("undo and redo of one tab leave what the other has changed since", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  const second = await another(canvas);
  await topic(page).fill("mine");
  await expect.poll(() => topic(second).inputValue()).toBe("mine");
  await topic(page).blur();
  await undo(page).click();
  await expect.poll(() => topic(second).inputValue()).toBe("squid");
  await redo(page).click();
  await expect.poll(() => topic(second).inputValue()).toBe("mine");
  await topic(second).fill("yours");
  await expect.poll(() => topic(page).inputValue()).toBe("yours");
  await undo(page).click();
  await page
    .getByRole("status")
    .filter({ hasText: /changed|elsewhere|another/ })
    .first()
    .waitFor();
  await expect.poll(() => topic(second).inputValue()).toBe("yours");
  expect(await topic(page).inputValue()).toBe("yours");
});

test("a run in each is shown in both, and stops from either", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page } = canvas;
  const second = await another(canvas);
  await page.getByRole("spinbutton", { name: "Milliseconds" }).fill("30000");
  await expect
    .poll(() => second.getByRole("spinbutton", { name: "Milliseconds" }).inputValue())
    .toBe("30000");
  await page.getByRole("button", { name: "Run wait", exact: true }).click();
  await cardSays(second, "wait", "Waiting");
  await card(second, "wait").getByRole("button", { name: /^Stop/ }).first().click();
  await expect.poll(() => card(page, "wait").getByRole("button", { name: /^Stop/ }).count()).toBe(0);
  await second.getByRole("spinbutton", { name: "Milliseconds" }).fill("100");
  await expect.poll(() => page.getByRole("spinbutton", { name: "Milliseconds" }).inputValue()).toBe("100");
  for (const one of [page, second]) {
    await one.getByRole("button", { name: "Run wait", exact: true }).click();
    for (const each of [page, second]) await cardSays(each, "wait", "waited");
  }
});

test("a sheet that one tab renames or deletes while the other works on it", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await sheetMenu(page, "New sheet");
  await page.getByRole("button", { name: "Sheet Sheet 2" }).waitFor();
  const second = await another(canvas);
  await second.getByRole("button", { name: "Sheet Sheet 2" }).waitFor();
  await sheetMenu(page, "Rename sheet");
  await second.getByRole("textbox", { name: "Topic" }).fill("typed while it is renamed");
  await page.getByRole("textbox", { name: "Name" }).fill("Renamed");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await second.getByRole("button", { name: "Sheet Renamed" }).waitFor();

  // The other one has a dialog about it open, and something typed that is not sent yet.
  await topic(second).fill("on a sheet that goes");
  await expect.poll(() => topic(page).inputValue()).toBe("on a sheet that goes");
  await sheetMenu(second, "Rename sheet");
  await sheetMenu(page, "Delete sheet");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await second.getByRole("button", { name: "Sheet Sheet 1" }).waitFor();
  await second
    .getByText(/Renamed.*deleted|deleted.*Renamed/)
    .first()
    .waitFor();
  await expect.poll(() => second.getByRole("dialog").count()).toBe(0);
  expect(await topic(second).inputValue()).toBe("squid");
  await topic(second).fill("on the other");
  await expect.poll(() => topic(page).inputValue()).toBe("on the other");
});
