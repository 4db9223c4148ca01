/** A graph that is too large to be in the page as a whole: nothing a person does is lost where cards come and go. */
import { FnNode, Graph, gr, type Node } from "daggr";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { canvasIsReady, card, cardSays, cardsAreStill, openCanvas } from "./open-canvas.ts";

/** Rows of ten steps, each after the one to its left; the first of each row has a field. */
function largeGraph(rows = 30): Graph {
  const nodes: Node<{ text: string }>[] = [];
  for (let index = 0; index < rows * 10; index++) {
    const row = Math.floor(index / 10);
    const text =
      index % 10 === 0 ? gr.Textbox({ label: `Text ${row}`, value: `row ${row}` }) : nodes.at(-1)!.text;
    nodes.push(
      new FnNode(({ text }: { text: string }) => (text === "long" ? "line\n".repeat(40_000) : text), {
        name: `step ${index}`,
        inputs: { text },
        outputs: { text: gr.Textbox({ label: "Text" }) },
      }),
    );
  }
  return new Graph({ name: "Large", nodes });
}

/** Several rows are in sight. */
const tall = { width: 1280, height: 3000 };

const cardsInPage = (page: Page) => page.locator(".svelte-flow__node").count();

async function pan(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.move(700, 60);
  for (let step = 0; step < 10; step++) await page.mouse.wheel(x / 10, y / 10);
  await page.waitForTimeout(300);
}

/** More rows come into sight; the cards are still there, not only drawn. */
async function seeMore(page: Page): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    await page.getByRole("button", { name: "Zoom out", exact: true }).click();
    await page.waitForTimeout(300);
  }
  await cardsAreStill(page);
}

/** Types into three other fields that are in sight, and leaves them; gives their names in that order. */
async function typeElsewhere(page: Page): Promise<string[]> {
  const names = await page.getByRole("textbox", { name: /^Text [1-9]\d*$/ }).evaluateAll((fields) =>
    fields.flatMap((field) => {
      const { top, bottom, left, right } = field.getBoundingClientRect();
      const isInSight = top > 60 && bottom < innerHeight && left > 0 && right < innerWidth;
      return isInSight ? [field.getAttribute("aria-label") ?? ""] : [];
    }),
  );
  const three = names.slice(0, 3);
  expect(three).toHaveLength(3);
  for (const name of three) await page.getByRole("textbox", { name, exact: true }).fill(`also ${name}`);
  await page.locator(".svelte-flow__pane").click({ position: { x: 5, y: 300 } });
  return three;
}

test("what was scrolled in a card is where it was when the card comes back", async () => {
  await using opened = await openCanvas(() => largeGraph(), { viewport: tall });
  const { page } = opened;
  await seeMore(page);
  await page.getByRole("textbox", { name: "Text 0", exact: true }).fill("long");
  await page.getByRole("button", { name: "Run step 0", exact: true }).click();
  const text = card(page, "step 0").getByRole("group", { name: "Text", exact: true });
  await text.getByText("line").waitFor();
  await text.evaluate((box) => {
    box.scrollTop = 1_234;
  });
  await typeElsewhere(page);
  await pan(page, 0, 12_000);
  await expect.poll(() => card(page, "step 0").count()).toBe(0);
  await pan(page, 0, -12_000);
  await text.waitFor();
  await expect.poll(() => text.evaluate((box) => box.scrollTop)).toBe(1_234);
});

test("cards out of sight leave the page; what was typed, scrolled and focused is there again", async () => {
  await using opened = await openCanvas(() => largeGraph(), { viewport: tall });
  const { page } = opened;
  await seeMore(page);
  expect(await cardsInPage(page)).toBeLessThan(90);
  await expect.poll(() => card(page, "step 299").count()).toBe(0);

  // Typed and left: the card goes, its value stays.
  const typed = page.getByRole("textbox", { name: "Text 0", exact: true });
  await typed.fill("typed here");
  await page.locator(".svelte-flow__pane").click({ position: { x: 5, y: 300 } });
  const lastNames = await typeElsewhere(page);
  await pan(page, 0, 12_000);
  expect(await typed.count()).toBe(0);
  // What was typed into last is still there, for its field may hold more than it has told.
  expect(await page.getByRole("textbox", { name: lastNames.at(-1)!, exact: true }).count()).toBe(1);
  await pan(page, 0, -12_000);
  expect(await typed.inputValue()).toBe("typed here");

  // The keyboard's place survives, and goes on from there.
  await typed.focus();
  await pan(page, 0, 12_000);
  expect(await typed.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type("!");
  await pan(page, 0, -12_000);
  expect(await typed.inputValue()).toContain("!");
});

test("the search brings a card that was never in the page, and the keyboard walks on from it", async () => {
  await using opened = await openCanvas(() => largeGraph());
  const { page } = opened;
  await page.keyboard.press("Control+k");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type("step 287");
  await page.keyboard.press("Enter");
  await card(page, "step 287").waitFor();
  await expect
    .poll(() => card(page, "step 287").evaluate((element) => element === document.activeElement))
    .toBe(true);
  await expect.poll(() => card(page, "step 288").count()).toBe(1);
  await page.getByRole("button", { name: "Fit" }).click();
  await page.waitForTimeout(600);
  const zoom = await page.getByRole("button", { name: /^Zoom \d+ %/ }).textContent();
  expect(Number.parseInt(zoom ?? "", 10)).toBeLessThan(40);
});

test("of a long text the card shows a part, also when the page is loaded anew", async () => {
  await using opened = await openCanvas(() => largeGraph());
  const { page } = opened;
  await page.getByRole("textbox", { name: "Text 0", exact: true }).fill("long");
  await page.getByRole("button", { name: "Run step 0", exact: true }).click();
  await cardSays(page, "step 0", /line/);
  const shown = () =>
    card(page, "step 0")
      .locator(".f-text")
      .evaluate((element) => element.textContent.length);
  await expect.poll(shown).toBe(50_000);
  await page.reload();
  await canvasIsReady(page);
  await expect.poll(shown).toBe(50_000);
});

test("a server that starts again leaves the reader where she was", async () => {
  await using opened = await openCanvas(() => largeGraph());
  const { page } = opened;
  await pan(page, 0, 3_000);
  const typed = page.getByRole("textbox", { name: /^Text \d+$/ }).first();
  await typed.fill("kept");
  const name = await typed.getAttribute("aria-label");
  const place = await typed.boundingBox();
  await opened.stop();
  await opened.start();
  await expect
    .poll(
      () =>
        page
          .getByRole("region", { name: "Connection" })
          .filter({ hasText: /lost|reconnect/i })
          .count(),
      { timeout: 15_000 },
    )
    .toBe(0);
  await page.waitForTimeout(500);
  expect(await typed.getAttribute("aria-label")).toBe(name);
  expect(await typed.boundingBox()).toEqual(place);
  expect(await typed.inputValue()).toBe("kept");
});
