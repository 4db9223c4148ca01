import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { itemsGraph, slowGraph, storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, cardsAreStill, openCanvas } from "./open-canvas.ts";

const zoomOf = async (page: Page) =>
  Number.parseInt((await page.getByRole("button", { name: /^Zoom \d+ %/ }).textContent()) ?? "0", 10);

async function placeOf(
  page: Page,
  name: string,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await card(page, name).boundingBox();
  if (box === null) throw new Error(`${name} is not in sight`);
  return box;
}

/** The place of a card from another, whatever the view. */
async function from(page: Page, name: string, other: string): Promise<{ x: number; y: number }> {
  const [a, b, zoom] = [await placeOf(page, name), await placeOf(page, other), await zoomOf(page)];
  return { x: Math.round(((a.x - b.x) * 100) / zoom), y: Math.round(((a.y - b.y) * 100) / zoom) };
}

/** Edges that run under a card, of those that are drawn. */
async function edgesUnderCards(page: Page): Promise<{ all: number; under: number }> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll(".card")].map((element) => element.getBoundingClientRect());
    const paths = [...document.querySelectorAll<SVGPathElement>("path.hit")];
    const under = paths.filter((path) => {
      const matrix = path.getScreenCTM()!;
      const length = path.getTotalLength();
      return Array.from({ length: 80 }, (_, step) =>
        path.getPointAtLength((length * step) / 79).matrixTransform(matrix),
      ).some(({ x, y }) =>
        boxes.some((box) => x > box.left + 2 && x < box.right - 2 && y > box.top + 2 && y < box.bottom - 2),
      );
    });
    return { all: paths.length, under: under.length };
  });
}

test("a card is dragged by its head, its edges keep off the cards, and it stays there when the page is loaded anew", async () => {
  await using canvas = await openCanvas(() => itemsGraph({ mended: true }));
  const { page } = canvas;
  await cardsAreStill(page);
  const before = await from(page, "spell", "words");
  const box = await placeOf(page, "spell");
  await page.mouse.move(box.x + 100, box.y + 16);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 240, { steps: 8 });
  await page.mouse.up();
  await cardsAreStill(page);
  const after = await from(page, "spell", "words");
  expect(after.y).toBeGreaterThan(before.y + 150);
  await expect.poll(() => edgesUnderCards(page)).toEqual({ all: 3, under: 0 });
  await page.reload();
  await canvasIsReady(page);
  await expect.poll(() => from(page, "spell", "words")).toEqual(after);
  await page.getByRole("button", { name: "Run options of spell" }).click();
  await page.getByRole("menuitem", { name: "Put back in the layout" }).click();
  await expect.poll(async () => (await from(page, "spell", "words")).y).toBe(before.y);
});

test("several cards are selected with Shift and drag, Ctrl and click and Ctrl+A, moved and run together", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await cardsAreStill(page);
  const selection = page.getByRole("group", { name: "Selection" });
  await card(page, "write").getByText("write", { exact: true }).click();
  await card(page, "shout")
    .getByText("shout", { exact: true })
    .click({ modifiers: ["Control"] });
  await selection.getByText("2 selected", { exact: true }).waitFor();
  const before = await from(page, "shout", "Topic");
  const apart = await from(page, "shout", "write");
  await card(page, "shout").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(() => from(page, "shout", "Topic")).toEqual({ x: before.x + 20, y: before.y + 5 });
  expect(await from(page, "shout", "write")).toEqual(apart);
  await selection.getByRole("button", { name: "Run 2 selected" }).click();
  await page.getByRole("group", { name: "Last run" }).getByText("Done").waitFor();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.keyboard.press("Escape");
  await selection.waitFor({ state: "detached" });

  await page.keyboard.press("Control+a");
  await selection.getByText("3 selected", { exact: true }).waitFor();
  await selection.getByRole("button", { name: "More for the selection" }).click();
  await page.getByRole("menuitem", { name: "Align top edges of 3 selected" }).click();
  await expect.poll(async () => (await from(page, "shout", "write")).y).toBe(0);
  await page.getByRole("button", { name: "Undo: align 3 cards" }).click();
  await expect.poll(() => from(page, "shout", "Topic")).toEqual({ x: before.x + 20, y: before.y + 5 });
  await selection.getByRole("button", { name: "Select nothing" }).click();

  const [first, last] = [await placeOf(page, "write"), await placeOf(page, "shout")];
  await page.keyboard.down("Shift");
  await page.mouse.move(first.x - 12, Math.min(first.y, last.y) - 12);
  await page.mouse.down();
  await page.mouse.move(last.x + last.width + 8, Math.max(first.y + first.height, last.y + last.height) + 8, {
    steps: 6,
  });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await selection.getByText("2 selected", { exact: true }).waitFor();
});

test("the wheel pans, with Ctrl it zooms, keys zoom and fit, Space and drag pans over cards", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await cardsAreStill(page);
  const start = await placeOf(page, "write");
  await page.mouse.move(start.x + 40, start.y + start.height + 120);
  await page.mouse.wheel(0, 60);
  await expect.poll(async () => (await placeOf(page, "write")).y).toBeLessThan(start.y - 20);
  await cardsAreStill(page);
  const zoom = await zoomOf(page);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -120);
  await page.keyboard.up("Control");
  await expect.poll(() => zoomOf(page)).toBeGreaterThan(zoom);
  await page.mouse.move(start.x + 60, (await placeOf(page, "write")).y + 14);
  const before = await placeOf(page, "write");
  const apart = await from(page, "write", "Topic");
  await card(page, "write").focus();
  await page.keyboard.down(" ");
  await page.mouse.down();
  await page.mouse.move(before.x + 160, before.y + 94, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.up(" ");
  await cardsAreStill(page);
  expect((await placeOf(page, "write")).x).toBeGreaterThan(before.x + 50);
  expect(await from(page, "write", "Topic")).toEqual(apart);
  await card(page, "write").focus();
  await page.keyboard.press("0");
  await expect.poll(() => zoomOf(page)).toBe(100);
  await page.keyboard.press("-");
  await expect.poll(() => zoomOf(page)).toBeLessThan(100);
  await page.keyboard.press("1");
  await cardsAreStill(page);
  for (const name of ["Topic", "write", "shout"]) {
    const box = await placeOf(page, name);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(1280);
  }
  // Nothing surprising on a double click.
  const calm = await zoomOf(page);
  await page.mouse.dblclick(640, 700);
  await cardsAreStill(page);
  expect(await zoomOf(page)).toBe(calm);
});

test("a field that is tabbed to out of sight comes into view", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await card(page, "Topic").focus();
  await page.keyboard.press("0");
  await cardsAreStill(page);
  await page.mouse.move(900, 600);
  await page.mouse.wheel(3000, 0);
  await cardsAreStill(page);
  const topic = page.getByRole("textbox", { name: "Topic" });
  expect((await topic.boundingBox())!.x).toBeLessThan(0);
  await page.getByRole("button", { name: /^(Light|Dark) theme/ }).focus();
  for (let press = 0; press < 4; press++) {
    await page.keyboard.press("Tab");
    if (await topic.evaluate((element) => element === document.activeElement)) break;
  }
  await expect.poll(async () => (await topic.boundingBox())!.x).toBeGreaterThanOrEqual(0);
});

test("a connection tells its ends and value, and the keyboard goes along it from the card's menu", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  await cardsAreStill(page);
  const middle = await page
    .locator("g[data-edge] path.hit")
    .last()
    .evaluate((path: SVGPathElement) => {
      const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM()!);
      return { x: at.x, y: at.y };
    });
  await page.mouse.move(middle.x - 1, middle.y);
  await page.mouse.move(middle.x, middle.y);
  await page.getByText("write.Text").waitFor();
  await page.mouse.click(middle.x, middle.y, { button: "right" });
  await page
    .getByRole("menu", { name: "Connection" })
    .getByRole("menuitem", { name: /^Go to shout/ })
    .click();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-node"));
  await expect.poll(focused).toBe("shout");
  await page.keyboard.press("Shift+F10");
  const menu = page.getByRole("menu", { name: "Options of shout" });
  await menu.getByRole("menuitem", { name: "Connections" }).press("Enter");
  await page
    .getByRole("menu", { name: "Connections of shout" })
    .getByRole("menuitem", { name: /write\.Text/ })
    .press("Enter");
  await expect.poll(focused).toBe("write");
});

test("the right button opens the card's menu and the canvas's, with what would run and why", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await card(page, "shout").getByText("shout", { exact: true }).click({ button: "right" });
  const menu = page.getByRole("menu", { name: "Options of shout" });
  await menu.getByRole("menuitem", { name: "Run this step" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  // Which cards would run is told in words, also to who comes by the keyboard.
  await page.getByText("2 run, 0 reused").waitFor();
  await menu.getByRole("menuitem", { name: "Run to here" }).press("Enter");
  await cardSays(page, "shout", "ABOUT SQUID.");
  await page.mouse.click(640, 720, { button: "right" });
  const bare = page.getByRole("menu", { name: "Canvas" });
  await bare.getByRole("menuitem", { name: "Select all cards" }).click();
  await page.getByRole("group", { name: "Selection" }).getByText("3 selected").waitFor();
});

test("the bar tells what runs, then that it is done and how long it took; a failed step is found with F8", async () => {
  const state = { mended: false };
  await using canvas = await openCanvas(() => itemsGraph(state));
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  const last = page.getByRole("group", { name: "Last run" });
  await last.getByText("1 step failed").waitFor();
  await card(page, "words").focus();
  await page.keyboard.press("F8");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-node")))
    .toBe("spell");
  state.mended = true;
  await page.keyboard.press("Shift+Enter");
  await cardSays(page, "spell", /done|Result/);
  await last.getByText(/^Done/).waitFor();
  await last.getByText(/^in \d/).waitFor();
});

test("Escape stops the step that has the focus, and the focus stays", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page } = canvas;
  await card(page, "wait").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Run", exact: true }).getByText("wait", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Last run" }).getByText("Stopped").waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-node"))).toBe("wait");
});

test("on a tablet a finger pans, two fingers zoom, a card is dragged, and a long touch opens the menu", async () => {
  await using canvas = await openCanvas(storyGraph, {
    viewport: { width: 800, height: 1000 },
    hasTouch: true,
  });
  const { page } = canvas;
  const touch = await canvas.browser.context.newCDPSession(page);
  type Points = readonly { x: number; y: number }[];
  const send = (type: "touchStart" | "touchMove" | "touchEnd", points: Points) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id })),
    });
  const glide = async (from: Points, to: Points) => {
    await send("touchStart", from);
    for (let step = 1; step <= 6; step++)
      await send(
        "touchMove",
        from.map((point, at) => ({
          x: point.x + ((to[at]!.x - point.x) * step) / 6,
          y: point.y + ((to[at]!.y - point.y) * step) / 6,
        })),
      );
    await send("touchEnd", []);
    await cardsAreStill(page);
  };
  await cardsAreStill(page);
  const before = await placeOf(page, "write");
  await glide([{ x: 400, y: 700 }], [{ x: 460, y: 800 }]);
  const panned = await placeOf(page, "write");
  // The first few pixels only tell a glide from a tap.
  expect(Math.abs(panned.x - before.x - 60)).toBeLessThan(12);
  expect(Math.abs(panned.y - before.y - 100)).toBeLessThan(20);
  const zoom = await zoomOf(page);
  await glide(
    [
      { x: 350, y: 800 },
      { x: 450, y: 800 },
    ],
    [
      { x: 300, y: 800 },
      { x: 500, y: 800 },
    ],
  );
  expect(await zoomOf(page)).toBeGreaterThan(zoom);
  const apart = await from(page, "write", "Topic");
  const head = await placeOf(page, "write");
  await glide([{ x: head.x + 60, y: head.y + 16 }], [{ x: head.x + 60, y: head.y + 96 }]);
  expect((await from(page, "write", "Topic")).y).toBeGreaterThan(apart.y + 20);
  const held = await placeOf(page, "write");
  await send("touchStart", [{ x: held.x + 60, y: held.y + 16 }]);
  await page.getByRole("menu", { name: "Options of write" }).waitFor({ timeout: 4000 });
  await send("touchEnd", []);
  await page.getByRole("menuitem", { name: "Run this step" }).tap();
  await cardSays(page, "write", "About squid.");
});
