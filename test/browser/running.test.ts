import { expect, test } from "vitest";
import { slowGraph, storyGraph } from "./graphs.ts";
import { card, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

test("an input is edited, a step is run to here, and its result is shown", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await cardSays(page, "shout", "not run yet");
  await page.getByRole("textbox", { name: "Topic" }).fill("octopuses");
  await page.getByRole("button", { name: "Run shout", exact: true }).click();
  await cardSays(page, "shout", "ABOUT OCTOPUSES.");
  await cardSays(page, "write", "About octopuses.");
  await cardSays(page, "shout", "Result 1 of 1, just now");
});

test("an edit makes what depends on it stale, with the reason, and only that is run", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.getByRole("textbox", { name: "Topic" }).fill("crabs");
  await cardSays(page, "write", /topic changed/i);
  await cardSays(page, "shout", "Stale");
  const run = page.getByRole("button", { name: "Run 2 stale", exact: true });
  await page.mouse.move(640, 300);
  await run.hover();
  await page.getByText(/1 run|2 run/).waitFor();
  await run.click();
  await cardSays(page, "shout", "ABOUT CRABS.");
  await page.getByRole("button", { name: "Run all", exact: true }).waitFor();
});

test("a run from here goes on with what becomes stale", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("textbox", { name: "Topic" }).fill("eels");
  await chooseFromMenu(page, "Run options of write", "Run from here");
  await cardSays(page, "shout", "ABOUT EELS.");
});

test("a running step shows its progress and stops when asked", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run wait", exact: true }).click();
  await cardSays(page, "wait", "Waiting");
  await page.getByRole("progressbar", { name: "Progress of wait" }).waitFor();
  expect(await page.title()).toContain("Running 1 of 1");
  await page.getByRole("group", { name: "Run", exact: true }).getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Run wait", exact: true }).waitFor();
  await expect.poll(() => page.title()).not.toContain("Running");
});

test("two fields edited within the pause before saving both reach the run", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("textbox", { name: "Topic" }).fill("a");
  await page.getByRole("textbox", { name: "Topic" }).fill("ab");
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT AB.");
});

test("an output is corrected by hand, marked, and the run goes on from it", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  const edit = page.getByRole("button", { name: "Edit Text of write" });
  await edit.press("Enter");
  const field = card(page, "write").getByRole("textbox", { name: "Text" });
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("By hand.");
  await page.keyboard.press("Control+Enter");
  await card(page, "write").getByText("Edited by hand", { exact: true }).waitFor();
  await expect.poll(() => edit.evaluate((element) => element === document.activeElement)).toBe(true);
  await cardSays(page, "shout", "Stale");
  await page.getByRole("button", { name: "Run 1 stale", exact: true }).click();
  await cardSays(page, "shout", "BY HAND.");
});
