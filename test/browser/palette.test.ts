import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, openCanvas } from "./open-canvas.ts";

const box = (page: Page) => page.getByRole("combobox", { name: /^Search/ });
const focused = (page: Page) =>
  page.evaluate(
    () =>
      document.activeElement?.getAttribute("data-node") ?? document.activeElement?.getAttribute("aria-label"),
  );

test("what is typed before the search is there is not lost, nor written elsewhere", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  // The part of the page is slow to come.
  await page.route(/assets\/Search-.*\.js/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });
  const topic = page.getByRole("textbox", { name: "Topic" });
  await topic.click();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("shoutx");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("shout");
  expect(await topic.inputValue()).toBe("squid");
  await page.keyboard.press("Control+k");
  await box(page).waitFor();
  await page.keyboard.type("Topic");
  await expect.poll(() => box(page).inputValue()).toBe("Topic");
  await page.keyboard.press("Escape");
  await expect.poll(() => focused(page)).toBe("shout");
});

test("steps, inputs, values and commands are found; an input gets the focus, a step its card", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.keyboard.press("Control+k");
  await box(page).fill("ABOUT SQ");
  await page
    .getByRole("group", { name: "Values" })
    .getByRole("option", { name: /ABOUT SQUID/ })
    .click();
  await expect.poll(async () => ["shout", "write"].includes((await focused(page)) ?? "")).toBe(true);
  await page.keyboard.press("Control+k");
  await box(page).fill("topic");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Topic");
});

test("a command is run from the palette, > lists commands only, and what was used last comes first", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.keyboard.press("Control+k");
  await box(page).fill(">run to shout");
  await page.getByRole("group", { name: "Commands" }).waitFor();
  await expect.poll(() => page.getByRole("listbox").getByRole("group").count()).toBe(1);
  await page.keyboard.press("Enter");
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.keyboard.press("Control+k");
  await page.getByRole("group", { name: "Recent" }).getByRole("option", { name: "Run to shout" }).waitFor();
  const first = await box(page).getAttribute("aria-activedescendant");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => box(page).getAttribute("aria-activedescendant")).not.toBe(first);
  await box(page).fill("nothing like it");
  await page.getByRole("status").filter({ hasText: "Nothing fits" }).waitFor();
  await box(page).fill("dark");
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect
    .poll(() => page.evaluate(() => document.documentElement.classList.contains("dark")))
    .toBe(true);
});

test("another sheet is found and opened", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  const sheet = page.getByRole("button", { name: /^Sheet / });
  const first = await sheet.getAttribute("aria-label");
  await page.keyboard.press("Control+k");
  await box(page).fill("new sheet");
  await page.keyboard.press("Enter");
  await expect.poll(() => sheet.getAttribute("aria-label")).not.toBe(first);
  await page.keyboard.press("Control+k");
  await box(page).fill(first!.replace("Sheet ", ""));
  await page.getByRole("group", { name: "Sheets" }).getByRole("option").first().click();
  await expect.poll(() => sheet.getAttribute("aria-label")).toBe(first);
});

test("? tells the keys, and they do what it says", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await card(page, "write").focus();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys and signs" });
  await help.getByText("Undo", { exact: true }).waitFor();
  await help.getByText("Ctrl Shift Z").waitFor();
  await help.getByText("square: a list").waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect.poll(() => focused(page)).toBe("write");
  const zoom = page.getByRole("button", { name: /^Zoom \d+ %/ });
  const before = await zoom.textContent();
  await page.keyboard.press("-");
  await expect.poll(() => zoom.textContent()).not.toBe(before);
  await page.keyboard.press("0");
  await expect.poll(() => zoom.textContent()).toBe("100 %");
  // Typed into a field they are letters.
  const topic = page.getByRole("textbox", { name: "Topic" });
  await topic.fill("");
  await topic.pressSequentially("?+-0");
  expect(await topic.inputValue()).toBe("?+-0");
  expect(await zoom.textContent()).toBe("100 %");
  await page.keyboard.press("Control+Enter");
  await cardSays(page, "shout", "ABOUT ?+-0.");
});

test("on a phone the search goes to the step in the list", async () => {
  await using canvas = await openCanvas(storyGraph, { viewport: { width: 320, height: 600 } });
  const { page } = canvas;
  await canvasIsReady(page);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await box(page).fill("shout");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("shout");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
