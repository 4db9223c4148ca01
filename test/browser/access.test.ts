import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { itemsGraph, storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, openCanvas } from "./open-canvas.ts";

test("the keyboard alone edits, runs a card, runs to here and finds a step", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("textbox", { name: "Topic" }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("keys");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: /^Search/ }).waitFor();
  await page.keyboard.type("shout");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-node")))
    .toBe("shout");
  await page.keyboard.press("Shift+Enter");
  await cardSays(page, "shout", "ABOUT KEYS.");
  await page.keyboard.press("Enter");
  await cardSays(page, "shout", /Result 2 of 2/);
});

test("Tab walks from the bar through the cards in the order of the graph", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  const seen: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement!;
      return (
        element.getAttribute("data-node") ?? element.getAttribute("aria-label") ?? element.textContent!.trim()
      );
    });
    if (seen.includes(name)) break;
    seen.push(name);
  }
  const order = ["Search", "Topic", "write", "Run write", "shout", "Run shout"].map((name) =>
    seen.indexOf(name),
  );
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test.each(["light", "dark"] as const)(
  "axe finds nothing on the canvas and its menus, %s",
  async (colorScheme) => {
    await using canvas = await openCanvas(() => itemsGraph({ mended: false }), { colorScheme });
    const { page } = canvas;
    expect(await axeFinds(page)).toEqual([]);
    await page.getByRole("button", { name: "Run all", exact: true }).click();
    await cardSays(page, "together", "Blocked");
    await page.waitForTimeout(400);
    expect(await axeFinds(page)).toEqual([]);
    await page.getByRole("button", { name: "Run options of spell" }).click();
    await page.getByRole("menuitem", { name: "Run this step" }).waitFor();
    await page.waitForTimeout(200);
    expect(await axeFinds(page)).toEqual([]);
  },
);

test("dark and light follow the system, and the toggle, and are remembered", async () => {
  await using canvas = await openCanvas(storyGraph, { colorScheme: "dark" });
  const { page } = canvas;
  const isDark = () => page.evaluate(() => document.documentElement.classList.contains("dark"));
  expect(await isDark()).toBe(true);
  await page.getByRole("button", { name: "Light theme" }).click();
  expect(await isDark()).toBe(false);
  await page.reload();
  await canvasIsReady(page);
  expect(await isDark()).toBe(false);
});

test("at 320 px the steps are a list that runs the same way", async () => {
  await using canvas = await openCanvas(storyGraph, { viewport: { width: 320, height: 700 } });
  const { page } = canvas;
  const names = await page
    .locator("[data-node]")
    .evaluateAll((cards) => cards.map((card) => card.getAttribute("aria-label")));
  expect(names).toEqual(["Topic", "write", "shout"]);
  await page.getByRole("textbox", { name: "Topic" }).fill("small screens");
  await page.getByRole("button", { name: "Run shout", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SMALL SCREENS.");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  expect(await axeFinds(page)).toEqual([]);
});

test("no edge runs under a card", async () => {
  await using canvas = await openCanvas(() => itemsGraph({ mended: true }));
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "together", /Result 1 of 1/);
  await page.waitForTimeout(600);
  const under = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll(".card")].map((element) => element.getBoundingClientRect());
    return [...document.querySelectorAll<SVGPathElement>("path.hit")].filter((path) => {
      const matrix = path.getScreenCTM()!;
      const length = path.getTotalLength();
      return Array.from({ length: 80 }, (_, step) =>
        path.getPointAtLength((length * step) / 79).matrixTransform(matrix),
      ).some((point) =>
        boxes.some(
          (box) =>
            point.x > box.left + 2 &&
            point.x < box.right - 2 &&
            point.y > box.top + 2 &&
            point.y < box.bottom - 2,
        ),
      );
    }).length;
  });
  expect(await page.locator("path.hit").count()).toBe(3);
  expect(under).toBe(0);
  await card(page, "spell").waitFor();
});
