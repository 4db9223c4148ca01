import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { itemsGraph, storyGraph } from "./graphs.ts";
import { card, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

/** Runs the story once for each topic. */
async function tell(page: Page, topics: readonly string[]): Promise<void> {
  for (const topic of topics) {
    await page.getByRole("textbox", { name: "Topic" }).fill(topic);
    await page.getByRole("button", { name: /^Run (all|\d stale)$/ }).click();
    await cardSays(page, "shout", `ABOUT ${topic.toUpperCase()}.`);
  }
}

test("a result is found by a text and chosen by keyboard; what came back is said, and undone", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  const topics = Array.from({ length: 8 }, (_, number) => `topic ${number + 1}`);
  await tell(page, topics);
  const foot = card(page, "write").getByRole("button", { name: /^Result 8 of 8/ });
  await foot.focus();
  await page.keyboard.press("Enter");
  const history = page.getByRole("dialog", { name: "Results of write" });
  const shown = history.getByRole("button", { name: /Result 8 just now/ });
  await expect.poll(() => shown.evaluate((row) => row === document.activeElement)).toBe(true);
  expect(await shown.getAttribute("aria-current")).toBe("true");
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect.poll(() => foot.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  await history.getByRole("searchbox", { name: "Filter the results of write" }).fill("TOPIC 3");
  await expect.poll(() => history.getByRole("listitem").count()).toBe(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await cardSays(page, "shout", "ABOUT TOPIC 3.");
  const topic = page.getByRole("textbox", { name: "Topic" });
  expect(await topic.inputValue()).toBe("topic 3");
  const said = page
    .getByRole("status")
    .filter({ hasText: "Result 3 of 8 of write: Topic restored, 1 step follows." });
  await said.getByRole("button", { name: "Undo" }).click();
  await cardSays(page, "shout", "ABOUT TOPIC 8.");
  await expect.poll(() => topic.inputValue()).toBe("topic 8");
});

test("looking closer goes through the results, says what made each, and changes nothing until asked", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await tell(page, ["ants", "bees", "crows"]);
  const opener = page.getByRole("button", { name: "Look closer at Text of write" });
  await opener.click();
  const closer = page.getByRole("dialog", { name: "Text of write" });
  await closer.getByText("About crows.").waitFor();
  await closer.getByText("Result 3 of 3").waitFor();
  await page.keyboard.press("ArrowLeft");
  await closer.getByText("About bees.").waitFor();
  const inputs = closer.getByRole("complementary", { name: "Inputs that made it" });
  await inputs.getByText("bees", { exact: true }).waitFor();
  await inputs.getByText("changed", { exact: true }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press("ArrowLeft");
  await closer.getByText("About ants.").waitFor();
  await cardSays(page, "shout", "ABOUT CROWS.");
  await closer.getByRole("button", { name: "Go back to this result" }).click();
  await cardSays(page, "shout", "ABOUT ANTS.");
  await page.keyboard.press("Escape");
  await closer.waitFor({ state: "detached" });
  expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
});

test("a link shows its result in another tab without touching the sheet; one that leads nowhere says so", async () => {
  await using canvas = await openCanvas(storyGraph, clipboard);
  const { page, browser } = canvas;
  await tell(page, ["ants", "bees"]);
  await page.getByRole("button", { name: "Previous result of write" }).click();
  await cardSays(page, "write", /^Result 1 of 2/);
  await chooseFromMenu(page, "Run options of write", "Copy link to this result");
  await page.getByText("Link copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(
    new RegExp(`^${canvas.url.replace(/\/$/, "")}/#sheet=[\\w-]+&node=write&result=[\\w-]+$`),
  );
  await page.getByRole("button", { name: "Next result of write" }).click();
  await cardSays(page, "shout", "ABOUT BEES.");
  const other = await browser.newPage();
  await other.goto(link);
  const closer = other.getByRole("dialog", { name: "Text of write" });
  await closer.getByText("About ants.").waitFor();
  await cardSays(other, "shout", "ABOUT BEES.");
  await cardSays(page, "write", /^Result 2 of 2/);
  await closer.getByRole("button", { name: "Go back to this result" }).click();
  await cardSays(page, "shout", "ABOUT ANTS.");
  await other.keyboard.press("Escape");
  const focused = () => card(other, "write").evaluate((element) => element === document.activeElement);
  await expect.poll(focused).toBe(true);
  await other.goto(link.replace(/result=.*/, "result=gone"));
  await closer.getByText("Node 'write' has no such result.").waitFor();
  await other.goto(link.replace(/sheet=[^&]*/, "sheet=gone").replace("/#", "/app#"));
  await other.getByText("The sheet of this link is not here").waitFor();
});

test("a sheet that starts with a result has what made it", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await tell(page, ["ants", "bees"]);
  await page.getByRole("button", { name: "Previous result of write" }).click();
  await cardSays(page, "shout", "ABOUT ANTS.");
  const before = await page.getByRole("button", { name: /^Sheet / }).getAttribute("aria-label");
  await chooseFromMenu(page, "Run options of write", "New sheet from here");
  await page.getByText("starts with this result of write").waitFor();
  expect(await page.getByRole("button", { name: /^Sheet / }).getAttribute("aria-label")).not.toBe(before);
  await cardSays(page, "write", "About ants.");
  await cardSays(page, "write", /^Result 1 of 1/);
  expect(await page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("ants");
});

test("an edited value is marked, kept when the step runs anew, and discarded", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await tell(page, ["ants"]);
  await page.getByRole("button", { name: "Edit Text of write" }).click();
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("About aunts.");
  await page.keyboard.press("Control+Enter");
  await cardSays(page, "write", "Edited by hand");
  await cardSays(page, "shout", "Stale");
  await page.getByRole("button", { name: "Run 1 stale", exact: true }).click();
  await cardSays(page, "shout", "ABOUT AUNTS.");
  await page.getByRole("button", { name: "Run options of write" }).click();
  await page.getByRole("menuitem", { name: "Run this step" }).hover();
  await page.getByText("the edited value stays in the history").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Discard the edit of write" }).click();
  await cardSays(page, "shout", "ABOUT ANTS.");
  await card(page, "write").getByText("Edited by hand").waitFor({ state: "detached" });
  await card(page, "write")
    .getByRole("button", { name: /^Result 1 of 2/ })
    .click();
  const edited = page
    .getByRole("dialog", { name: "Results of write" })
    .getByRole("button", { name: /Edited by hand/ });
  await edited.click();
  await cardSays(page, "shout", "ABOUT AUNTS.");
});

test("items that failed are found, filtered and looked at by keyboard, and one is edited alone", async () => {
  const state = { mended: false };
  await using canvas = await openCanvas(() => itemsGraph(state));
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "spell", "1 of 3 failed");
  // What did work is there, though the step as a whole has no result yet.
  await card(page, "spell").getByRole("group", { name: "Spelled" }).getByText("o-n-e").waitFor();
  await page.getByRole("button", { name: "Next failed item of spell" }).click();
  const items = page.getByRole("list", { name: "Items of spell" });
  const row = (text: string) => items.getByRole("button", { name: text, exact: true });
  const failed = row("cannot spell it, item 2 of spell");
  await expect.poll(() => failed.evaluate((button) => button === document.activeElement)).toBe(true);
  await card(page, "spell").getByText("Item 2 failed: cannot spell it").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await card(page, "spell").getByRole("group", { name: "Spelled" }).getByText("a-p-p-l-e").waitFor();
  await page.getByRole("button", { name: "Only failed items of spell" }).click();
  await expect.poll(() => items.getByRole("listitem").count()).toBe(1);
  state.mended = true;
  await page.getByRole("button", { name: "Retry item 2 of spell" }).click();
  await items.getByText("b-a-d").waitFor();
  await row("b-a-d, item 2 of spell").click();
  await items.getByRole("button", { name: "Look closer at item 2 of spell" }).click();
  const closer = page.getByRole("dialog", { name: "Spelled of spell" });
  await closer.getByText("b-a-d").waitFor();
  await closer
    .getByRole("complementary", { name: "Inputs that made it" })
    .getByText("bad", { exact: true })
    .waitFor();
  await page.keyboard.press("ArrowDown");
  await closer.getByText("a-p-p-l-e").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Edit Spelled of spell" }).click();
  await page.getByRole("textbox", { name: "Spelled" }).fill("B.A.D.");
  await page.keyboard.press("Control+Enter");
  await cardSays(page, "spell", "Edited by hand");
  await page.getByRole("button", { name: /^Run \d stale$/ }).click();
  await cardSays(page, "together", "o-n-e B.A.D. a-p-p-l-e");
});
