import { expect, test } from "vitest";
import { slowGraph, storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, cardsAreStill, chooseFromMenu, openCanvas } from "./open-canvas.ts";

test("sheets are made, renamed, switched and deleted, each with its own values", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  const topic = page.getByRole("textbox", { name: "Topic" });
  const sheet = () => page.getByRole("button", { name: /^Sheet / });
  const first = (await sheet().getAttribute("aria-label"))!.slice("Sheet ".length);
  await topic.fill("first topic");
  await sheet().click();
  await page.getByRole("menuitem", { name: "New sheet" }).click();
  await expect.poll(() => topic.inputValue()).toBe("squid");
  await sheet().click();
  await page.getByRole("menuitem", { name: "Rename sheet" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Second try");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByRole("button", { name: "Sheet Second try" }).waitFor();
  await chooseFromMenu(page, "Sheet Second try", first);
  await expect.poll(() => topic.inputValue()).toBe("first topic");
  await chooseFromMenu(page, `Sheet ${first}`, "Second try");
  await page.getByRole("button", { name: "Sheet Second try" }).waitFor();
  await chooseFromMenu(page, "Sheet Second try", "Delete sheet");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: `Sheet ${first}` }).waitFor();
  await sheet().click();
  expect(await page.getByRole("menuitem", { name: "Second try" }).count()).toBe(0);
});

test("a second tab follows, and closing the first changes nothing", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page, browser, url } = canvas;
  await page.getByRole("spinbutton", { name: "Milliseconds" }).fill("3000");
  await page.getByRole("button", { name: "Run wait", exact: true }).click();
  await cardSays(page, "wait", "Waiting");
  const second = await browser.newPage();
  await second.goto(url);
  await canvasIsReady(second);
  await cardSays(second, "wait", "Waiting");
  expect(await second.getByRole("spinbutton", { name: "Milliseconds" }).inputValue()).toBe("3000");
  await page.close();
  await cardSays(second, "wait", "waited");
});

test("a change in one tab is shown in the other", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page, browser, url } = canvas;
  const second = await browser.newPage();
  await second.goto(url);
  await canvasIsReady(second);
  await page.getByRole("textbox", { name: "Topic" }).fill("shared");
  await expect.poll(() => second.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("shared");
});

test("a reload keeps positions and view", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await cardsAreStill(page);
  const head = card(page, "shout").getByText("shout", { exact: true });
  const from = (await head.boundingBox())!;
  await page.mouse.move(from.x + 5, from.y + 5);
  await page.mouse.down();
  await page.mouse.move(from.x + 85, from.y + 125, { steps: 8 });
  await page.mouse.up();
  await page.mouse.move(640, 700);
  await page.mouse.wheel(60, 40);
  await cardsAreStill(page);
  // The view is sent once it has rested.
  await page.waitForTimeout(500);
  const before = (await card(page, "shout").boundingBox())!;
  await page.reload();
  await canvasIsReady(page);
  await cardsAreStill(page);
  const after = (await card(page, "shout").boundingBox())!;
  expect(Math.abs(after.x - before.x)).toBeLessThan(2);
  expect(Math.abs(after.y - before.y)).toBeLessThan(2);
});

test("a lost server is told, with what to do; what is typed meanwhile is sent, and the page is in step again", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await canvas.stop();
  await page.getByText("Connection lost.", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Try now" }).click();
  await page.getByRole("textbox", { name: "Topic" }).fill("typed offline");
  await canvas.start();
  await page.getByText("Connection lost.", { exact: true }).waitFor({ state: "detached", timeout: 20_000 });
  await cardSays(page, "write", "Stale");
  await page.getByRole("button", { name: "Run 2 stale", exact: true }).click();
  await cardSays(page, "shout", "ABOUT TYPED OFFLINE.");
});
