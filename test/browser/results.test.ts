import { expect, test } from "vitest";
import { itemsGraph, storyGraph } from "./graphs.ts";
import { card, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

test("going back in the history restores the inputs and what was made from them", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  const topic = page.getByRole("textbox", { name: "Topic" });
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await topic.fill("whales");
  await page.getByRole("button", { name: "Run 2 stale", exact: true }).click();
  await cardSays(page, "shout", "ABOUT WHALES.");
  await page.getByRole("button", { name: "Previous result of write", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  expect(await topic.inputValue()).toBe("squid");
  await page.getByRole("button", { name: "Next result of shout", exact: true }).click();
  await expect.poll(() => topic.inputValue()).toBe("whales");
});

test("the history lists the results with the inputs that made them", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.getByRole("textbox", { name: "Topic" }).fill("newts");
  await page.getByRole("button", { name: "Run 2 stale", exact: true }).click();
  await cardSays(page, "shout", "ABOUT NEWTS.");
  await card(page, "write")
    .getByRole("button", { name: /^Result 2 of 2/ })
    .click();
  const history = page.getByRole("dialog", { name: "Results of write" });
  await history.getByText("topic: newts").waitFor();
  await history.getByText("topic: squid").click();
  await cardSays(page, "shout", "ABOUT SQUID.");
});

test("a failed item is shown with its message, blocks what gathers it, and is run again alone", async () => {
  const state = { mended: false };
  await using canvas = await openCanvas(() => itemsGraph(state));
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "spell", "1 of 3 failed");
  await cardSays(page, "together", "Blocked");
  expect(await page.title()).toContain("1 failed");
  const items = page.getByRole("list", { name: "Items of spell" });
  expect(await items.getByRole("listitem").count()).toBe(3);
  await items.getByText("o-n-e").waitFor();
  state.mended = true;
  await page.getByRole("button", { name: "Retry item 2 of spell" }).click();
  await items.getByText("b-a-d").waitFor();
  await page
    .getByRole("button", { name: /^Run (to here|1 stale|together)$/ })
    .first()
    .click();
  await cardSays(page, "together", "o-n-e b-a-d a-p-p-l-e");
});

test("items follow the result and the sheet that are shown", async () => {
  await using canvas = await openCanvas(() => itemsGraph({ mended: true }));
  const { page } = canvas;
  const items = page.getByRole("list", { name: "Items of spell" });
  const run = async () => page.getByRole("button", { name: /^Run (all|\d stale)$/ }).click();
  await run();
  await items.getByText("b-a-d").waitFor();
  await page.getByRole("textbox", { name: "Sentence" }).fill("one fine pear");
  await page.getByRole("button", { name: "Run 3 stale" }).waitFor();
  await run();
  await items.getByText("f-i-n-e").waitFor();
  await page.getByRole("button", { name: "Previous result of spell" }).click();
  await items.getByText("b-a-d").waitFor();
  await page.getByRole("button", { name: "Next result of spell" }).click();
  await items.getByText("f-i-n-e").waitFor();
  const first = (await page.getByRole("button", { name: /^Sheet / }).getAttribute("aria-label")) ?? "";
  await chooseFromMenu(page, first, "New sheet");
  await items.waitFor({ state: "detached" });
  const second = page.getByRole("button", { name: /^Sheet / });
  await chooseFromMenu(page, (await second.getAttribute("aria-label")) ?? "", first.slice("Sheet ".length));
  await items.getByText("f-i-n-e").waitFor();
});

test("a value is looked at closer", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.getByRole("button", { name: "Look closer at Loud of shout" }).click();
  const dialog = page.getByRole("dialog", { name: "Loud of shout" });
  await dialog.getByText("ABOUT SQUID.", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});
