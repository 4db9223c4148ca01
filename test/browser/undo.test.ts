import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, cardsAreStill, openCanvas } from "./open-canvas.ts";

const topic = (page: Page) => page.getByRole("textbox", { name: "Topic" });
const inBar = (page: Page) => page.getByRole("group", { name: "Undo and redo" });
const undo = (page: Page) => inBar(page).getByRole("button", { name: /^Undo/ });
const redo = (page: Page) => inBar(page).getByRole("button", { name: /^Redo/ });
const said = (page: Page, text: string | RegExp) =>
  page.getByRole("status").filter({ hasText: text }).waitFor();

/** Nothing that is typed has the focus. */
async function leaveFields(page: Page): Promise<void> {
  await card(page, "write").focus();
}

test("values typed and cards moved are undone and redone by key and button, which say what", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await topic(page).fill("octopuses");
  // What follows within a second would be the same step.
  await page.waitForTimeout(1100);
  await topic(page).fill("crabs");
  await leaveFields(page);
  for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: "Undo: move write" }).waitFor();
  const left = () =>
    card(page, "write").evaluate((element) => Math.round(element.getBoundingClientRect().left));
  await cardsAreStill(page);
  const moved = await left();

  await page.keyboard.press("Control+z");
  await said(page, "Undone: move write");
  await expect.poll(left).toBeLessThan(moved);
  await page.keyboard.press("Control+z");
  await expect.poll(() => topic(page).inputValue()).toBe("octopuses");
  await undo(page).click();
  await expect.poll(() => topic(page).inputValue()).toBe("squid");
  await expect.poll(() => undo(page).getAttribute("aria-disabled")).toBe("true");

  await page.getByRole("button", { name: "Redo: Topic" }).click();
  await said(page, "Redone: Topic");
  await expect.poll(() => topic(page).inputValue()).toBe("octopuses");
  await leaveFields(page);
  await page.keyboard.press("Control+Shift+Z");
  await expect.poll(() => topic(page).inputValue()).toBe("crabs");
  await page.keyboard.press("Control+y");
  await expect.poll(left).toBe(moved);
  // The server has what the page shows.
  await page.reload();
  await canvasIsReady(page);
  await expect.poll(() => topic(page).inputValue()).toBe("crabs");
});

test("in a text field what was typed goes first, then what was done before; nothing comes back twice", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await leaveFields(page);
  await page.keyboard.press("ArrowDown");
  await page.getByRole("button", { name: "Undo: move write" }).waitFor();
  await topic(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("eels");
  await page.getByRole("button", { name: "Undo: Topic" }).waitFor();
  for (let press = 0; press < 8 && (await topic(page).inputValue()) !== "squid"; press++)
    await page.keyboard.press("Control+z");
  await expect.poll(() => topic(page).inputValue()).toBe("squid");
  // The browser did that: the page knows, and has only the move left.
  await page.getByRole("button", { name: "Undo: move write" }).waitFor();
  await page.getByRole("button", { name: "Redo: Topic" }).waitFor();
  await page.keyboard.press("Control+z");
  await said(page, "Undone: move write");
  expect(await topic(page).evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await topic(page).inputValue()).toBe("squid");
});

test("a chosen result is undone in one step, with the inputs and the results that came with it; a run is not undone", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  const runAll = page.getByRole("button", { name: "Run all", exact: true });
  await runAll.click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await topic(page).fill("crabs");
  await page.getByRole("button", { name: "Run 2 stale", exact: true }).click();
  await cardSays(page, "shout", "ABOUT CRABS.");
  await page.getByRole("button", { name: "Previous result of write" }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await expect.poll(() => topic(page).inputValue()).toBe("squid");
  await page.getByRole("button", { name: "Undo: result of write" }).click();
  await cardSays(page, "shout", "ABOUT CRABS.");
  await cardSays(page, "write", "About crabs.");
  await expect.poll(() => topic(page).inputValue()).toBe("crabs");
  await redo(page).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await expect.poll(() => topic(page).inputValue()).toBe("squid");
  await undo(page).click();
  await cardSays(page, "shout", "ABOUT CRABS.");
  // The step before the chosen result is the typing, not the runs.
  await page.getByRole("button", { name: "Undo: Topic" }).click();
  await cardSays(page, "shout", "Stale");
  await cardSays(page, "shout", "ABOUT CRABS.");
  await expect.poll(() => undo(page).getAttribute("aria-disabled")).toBe("true");
});

test("an edited output goes back to what the step made", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.getByRole("button", { name: "Edit Text of write" }).press("Enter");
  await card(page, "write").getByRole("textbox", { name: "Text" }).fill("By hand.");
  await page.keyboard.press("Control+Enter");
  await cardSays(page, "shout", "Stale");
  await page.getByRole("button", { name: "Undo: edit of write" }).click();
  await cardSays(page, "write", "About squid.");
  await page.getByRole("button", { name: "Run all", exact: true }).waitFor();
  await redo(page).click();
  await cardSays(page, "write", "By hand.");
  await cardSays(page, "shout", "Stale");
});

test("what another tab has changed since is left alone, and said", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await topic(page).fill("mine");
  const other = await canvas.browser.newPage();
  await other.goto(canvas.url);
  await canvasIsReady(other);
  await expect.poll(() => topic(other).inputValue()).toBe("mine");
  await topic(other).fill("theirs");
  await expect.poll(() => topic(page).inputValue()).toBe("theirs");
  await undo(page).click();
  await said(page, "Topic was changed elsewhere since");
  expect(await topic(page).inputValue()).toBe("theirs");
  await expect.poll(() => undo(page).getAttribute("aria-disabled")).toBe("true");
});

test("Tidy is undone: cards go back to where they were put", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await card(page, "shout").focus();
  for (let press = 0; press < 6; press++) await page.keyboard.press("Shift+ArrowDown");
  await page.getByRole("button", { name: "Undo: move shout" }).waitFor();
  /** How much lower it stands, whatever the zoom. */
  const lower = () =>
    page.evaluate(() => {
      const top = (name: string) => document.querySelector(`[data-node="${name}"]`)!.getBoundingClientRect();
      const { top: from, width } = top("write");
      const scale = (document.querySelector('[data-node="write"]') as HTMLElement).offsetWidth / width;
      return Math.round((top("shout").top - from) * scale);
    });
  await cardsAreStill(page);
  const before = await lower();
  await page.getByRole("button", { name: "Tidy", exact: true }).click();
  await expect.poll(lower).toBeLessThan(before - 40);
  await page.getByRole("button", { name: "Undo: tidy" }).click();
  await expect.poll(async () => Math.abs((await lower()) - before)).toBeLessThan(3);
  await page.getByRole("button", { name: "Undo: move shout" }).waitFor();
});
