/**
 * What daggr's own canvas offers, one interaction after another, on this one: 39 of them, counted as in
 * docs/beside-daggr.md. On a real Gradio server, found by role and name as a person would find them.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp } from "../gradio/support/app.ts";
import type { PythonServer } from "../support/python.ts";
import { everythingGraph } from "./everything.ts";
import {
  canvasIsReady,
  card,
  cardSays,
  cardsAreStill,
  chooseFromMenu,
  type OpenCanvas,
  openCanvas,
} from "./open-canvas.ts";

let server: PythonServer;
let canvas: OpenCanvas;
let page: Page;

beforeAll(async () => {
  server = await startApp();
  canvas = await openCanvas(() => everythingGraph(server.url), { colorScheme: "light" });
  ({ page } = canvas);
});
afterAll(async () => {
  await canvas?.[Symbol.asyncDispose]();
  await server?.close();
});

describe("the surface", () => {
  test("1 a drag on bare canvas pans", async () => {
    await fit();
    const before = await placeOf("write");
    const bare = await bareSpot();
    await page.mouse.move(bare.x, bare.y);
    await page.mouse.down();
    await page.mouse.move(bare.x + 60, bare.y + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => moved(before, await placeOf("write"))).toEqual([60, 40]);
  });

  test("2 the wheel pans", async () => {
    const before = await placeOf("write");
    const bare = await bareSpot();
    await page.mouse.move(bare.x, bare.y);
    await page.mouse.wheel(0, -50);
    await expect.poll(async () => Math.sign(moved(before, await placeOf("write"))[1])).toBe(1);
  });

  test("3 Ctrl and wheel zooms about the pointer", async () => {
    const bare = await bareSpot();
    const before = await placeOf("write");
    await page.mouse.move(bare.x, bare.y);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, 120);
    await page.keyboard.up("Control");
    await expect.poll(async () => (await placeOf("write")).width).toBeLessThan(before.width);
    const after = await placeOf("write");
    const scale = after.width / before.width;
    expect(Math.abs(after.x - (bare.x + (before.x - bare.x) * scale))).toBeLessThan(3);
  });

  test("4 the wheel inside a part that scrolls scrolls it first, and zooms with Ctrl", async () => {
    await fit();
    const text = page.getByRole("textbox", { name: "Words" });
    await text.fill(Array.from({ length: 60 }, (_, line) => `line ${line}`).join("\n"));
    await text.hover();
    const before = await placeOf("write");
    await page.mouse.wheel(0, 40);
    await expect.poll(() => text.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
    expect(moved(before, await placeOf("write"))).toEqual([0, 0]);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, 60);
    await page.keyboard.up("Control");
    await expect.poll(async () => (await placeOf("write")).width).not.toBe(before.width);
    await text.fill("one two");
  });

  test("5 zoom in, zoom out, percent and fit, about the middle of the view", async () => {
    const zoom = page.getByRole("button", { name: /^Zoom \d+ %/ });
    await zoom.click();
    await expect.poll(() => zoom.innerText()).toBe("100 %");
    await page.getByRole("button", { name: "Zoom in", exact: true }).click();
    await expect.poll(async () => Number.parseInt(await zoom.innerText(), 10)).toBeGreaterThan(100);
    await page.getByRole("button", { name: "Zoom out", exact: true }).click();
    await expect.poll(() => zoom.innerText()).toBe("100 %");
    await fit();
    const view = page.viewportSize()!;
    for (const name of ["write", "together", "picture"]) {
      const isInside = async () => {
        const { x, y, width, height } = await placeOf(name);
        return x >= 0 && y >= 0 && x + width <= view.width && y + height <= view.height;
      };
      await expect.poll(isInside, { message: name }).toBe(true);
    }
  });

  test("6 the dotted grid moves with what stands on it", async () => {
    const dots = page.locator(".ground");
    const place = () => dots.evaluate((element) => getComputedStyle(element).backgroundPosition);
    const before = await place();
    const bare = await bareSpot();
    await page.mouse.move(bare.x, bare.y);
    await page.mouse.wheel(7, 5);
    await expect.poll(place).not.toBe(before);
  });

  test("7 the view is kept with the sheet", async () => {
    await fit();
    const bare = await bareSpot();
    await page.mouse.move(bare.x, bare.y);
    await page.mouse.wheel(33, 21);
    await page.waitForTimeout(800);
    const before = await placeOf("write");
    await page.reload();
    await canvasIsReady(page);
    await expect.poll(async () => moved(before, await placeOf("write")).map(Math.abs)).toEqual([0, 0]);
  });

  test("8 a click elsewhere closes what is open", async () => {
    await page.getByRole("button", { name: "Run options of write" }).click();
    await page.getByRole("menuitem", { name: "Run to here" }).waitFor();
    const bare = await bareSpot();
    await page.mouse.click(bare.x, bare.y);
    await page.getByRole("menuitem", { name: "Run to here" }).waitFor({ state: "detached" });
  });
});

describe("a card", () => {
  test("9 tells the running time, then how long it took, and that it failed", async () => {
    await page.getByRole("button", { name: "Run write", exact: true }).click();
    await card(page, "write")
      .getByText(/^Thinking$|^Running$/)
      .first()
      .waitFor();
    await card(page, "write")
      .getByText(/\d\.\d s/)
      .first()
      .waitFor();
    await cardSays(page, "write", /^0\.\d s$|^1\.\d s$/);
    await page.getByRole("button", { name: "Run broken", exact: true }).click();
    await cardSays(page, "broken", "Failed");
  });

  test("10 tells what kind it is", async () => {
    for (const [name, kind] of [
      ["write", "Function"],
      ["picture", "Gradio"],
      ["voice", "Choice"],
      ["hero", "Input"],
    ] as const)
      expect(await card(page, name).getByTitle(new RegExp(kind, "i")).count(), name).toBeGreaterThan(0);
  });

  test("11 its name is whole in the tooltip, and its source a link to the app", async () => {
    const link = card(page, "picture").getByRole("link");
    expect(await link.getAttribute("href")).toContain(new URL(server.url).host);
    expect(await link.getAttribute("rel")).toContain("noopener");
    expect(
      await card(page, "write")
        .getByTitle(/everything\.ts:\d+/)
        .count(),
    ).toBeGreaterThan(0);
  });

  test("12 has a run button, which inputs have not; by mouse and by keyboard", async () => {
    expect(await page.getByRole("button", { name: "Run hero", exact: true }).count()).toBe(0);
    const run = page.getByRole("button", { name: "Run picture", exact: true });
    await run.focus();
    await page.keyboard.press("Enter");
    await card(page, "picture").getByRole("img").first().waitFor();
  });

  test("13, 27 resting on a run button marks what would run, and says why", async () => {
    await page.getByRole("textbox", { name: "Words" }).fill("three four five");
    await cardSays(page, "write", "Stale");
    await page.getByRole("button", { name: "Run together", exact: true }).hover();
    const plan = page.getByRole("status").filter({ hasText: "Run to here" });
    await plan.getByText(/\d run, \d reused/).waitFor();
    await plan.getByText(/words changed/i).waitFor();
    for (const name of ["write", "spell", "together"])
      await expect.poll(() => card(page, name).locator(".will-run").count(), { message: name }).toBe(1);
    expect(await card(page, "picture").locator(".will-run").count()).toBe(0);
    await expect.poll(() => page.locator(".edge.is-planned").count()).toBeGreaterThanOrEqual(2);
    await page.mouse.move(5, 300);
    await expect.poll(() => page.locator(".card.will-run").count()).toBe(0);
  });

  test("14 stop stands where run stood, and ends that step", async () => {
    await page.getByRole("button", { name: "Run wait", exact: true }).click();
    const stop = page.getByRole("button", { name: "Stop wait", exact: true });
    await stop.click();
    await page.getByRole("button", { name: "Run wait", exact: true }).waitFor();
  });

  test("15 its menu runs this step, to here, or from here, with a preview of each", async () => {
    await page.getByRole("button", { name: "Run options of spell" }).click();
    await page.getByRole("menuitem", { name: "Run to here" }).hover();
    await page
      .getByRole("status")
      .filter({ hasText: "Run to here" })
      .getByText(/\d run/)
      .waitFor();
    await page.keyboard.press("Escape");
    await chooseFromMenu(page, "Run options of spell", "Run to here");
    await cardSays(page, "spell", "t-h-r-e-e");
  });

  test("16 its ports stand on the line of what they carry, with their type", async () => {
    const row = card(page, "spell").getByText("each of Words").first();
    await row.waitFor();
    expect(
      await card(page, "spell")
        .getByTitle(/^list of |^text$|^json$/)
        .count(),
    ).toBeGreaterThan(0);
  });

  test("17 what went wrong stands on the card with its place, and leaves the rest in sight", async () => {
    const broken = card(page, "broken");
    await page.getByRole("button", { name: "Run broken", exact: true }).click();
    await cardSays(page, "broken", "Failed");
    await broken
      .getByText(/It is Monday/)
      .first()
      .waitFor();
    await broken.getByText("Never", { exact: true }).waitFor();
  });

  test("18 variants are chosen on the card, keep their inputs, and are kept", async () => {
    const voice = card(page, "voice");
    const high = voice.getByRole("radio", { name: /high/ });
    await high.check();
    await page.getByRole("spinbutton", { name: "Pitch, high" }).fill("7");
    await voice.getByRole("radio", { name: /low/ }).check();
    await page.getByRole("spinbutton", { name: "Pitch, low" }).fill("3");
    await high.check();
    await page.reload();
    await canvasIsReady(page);
    expect(await high.isChecked()).toBe(true);
    expect(await page.getByRole("spinbutton", { name: "Pitch, high" }).inputValue()).toBe("7");
    await page.getByRole("button", { name: "Run voice", exact: true }).click();
    await cardSays(page, "voice", "squid at 7");
  });

  test("19 inputs are filled in on their card, outputs are shown on theirs", async () => {
    expect(await card(page, "hero").getByRole("textbox", { name: "Hero" }).isEditable()).toBe(true);
    expect(await card(page, "write").getByRole("textbox").count()).toBe(0);
  });

  test("20, 21 a new result is shown; an earlier one brings its inputs back, and what was made of it", async () => {
    const words = page.getByRole("textbox", { name: "Words" });
    const runAll = page.getByRole("button", { name: "Run together", exact: true });
    await words.fill("sun");
    await runAll.click();
    await cardSays(page, "together", "s-u-n");
    await words.fill("moon");
    await runAll.click();
    await cardSays(page, "together", "m-o-o-n");
    const before = await card(page, "write")
      .getByText(/^Result \d+ of \d+/)
      .innerText();
    const [, shown, total] = /Result (\d+) of (\d+)/.exec(before)!;
    expect(shown).toBe(total);
    await page.getByRole("button", { name: "Previous result of write" }).click();
    await expect.poll(() => words.inputValue()).toBe("sun");
    await cardSays(page, "together", "s-u-n");
    await page.getByRole("button", { name: "Next result of write" }).click();
    await cardSays(page, "together", "m-o-o-n");
  });

  test("22 items are listed with what they gave, and each is run again by itself", async () => {
    await page.getByRole("textbox", { name: "Words" }).fill("red green");
    await page.getByRole("button", { name: "Run spell", exact: true }).click();
    await cardSays(page, "spell", "g-r-e-e-n");
    const rows = card(page, "spell").getByRole("list", { name: "Items of spell" }).getByRole("listitem");
    await expect.poll(() => rows.count()).toBe(2);
    await rows.nth(1).hover();
    await rows
      .nth(1)
      .getByRole("button", { name: /^(Run|Retry) / })
      .click();
    await cardSays(page, "spell", /^Result \d+ of \d+/);
    await cardSays(page, "spell", "g-r-e-e-n");
  });

  test("23 the rows of a list are edited, added and removed, and that is kept at once", async () => {
    const scenes = page.getByRole("textbox", { name: /Scene/ });
    await scenes.first().fill("a harbour");
    await page.getByRole("button", { name: /^Add/ }).first().click();
    await expect.poll(() => scenes.count()).toBe(3);
    await page.reload();
    await canvasIsReady(page);
    expect(await scenes.first().inputValue()).toBe("a harbour");
    expect(await scenes.count()).toBe(3);
    await page
      .getByRole("button", { name: /^Remove/ })
      .last()
      .click();
    await expect.poll(() => scenes.count()).toBe(2);
  });
});

describe("edges", () => {
  test("24, 26 each joins the two ports, scattered and gathered ones tell how many values run along them", async () => {
    await fit();
    const write = await placeOf("write");
    const spell = await placeOf("spell");
    const edge = page.locator('[data-edge*="spell"] path').first();
    const drawn = (await edge.boundingBox())!;
    expect(Math.abs(drawn.x - (write.x + write.width))).toBeLessThan(8);
    expect(Math.abs(drawn.x + drawn.width - spell.x)).toBeLessThan(8);
    const badge = page.locator(".edge-badge");
    await expect.poll(() => badge.allInnerTexts()).toEqual(["2", "2"]);
  });

  test("25 grey and whole where what flows is what is shown, dotted where it is out of date", async () => {
    const stale = () => page.locator("[data-edge].is-stale").count();
    await page.getByRole("button", { name: "Run together", exact: true }).click();
    await cardSays(page, "together", "r-e-d g-r-e-e-n");
    const before = await stale();
    await page.getByRole("textbox", { name: "Words" }).fill("blue");
    await expect.poll(stale).toBeGreaterThan(before);
  });
});

describe("the bar", () => {
  test("28 names the graph", async () => {
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Everything");
  });

  test("29, 30, 32 sheets are made, renamed, switched and deleted", async () => {
    const sheet = () => page.getByRole("button", { name: /^Sheet / });
    const first = (await sheet().getAttribute("aria-label"))!.slice("Sheet ".length);
    const words = page.getByRole("textbox", { name: "Words" });
    await words.fill("kept here");
    await sheet().click();
    await page.getByRole("menuitem", { name: "New sheet" }).click();
    await expect.poll(() => words.inputValue()).toBe("one two");
    await chooseFromMenu(page, (await sheet().getAttribute("aria-label"))!, first);
    await expect.poll(() => words.inputValue()).toBe("kept here");
  });

  test("33 says when it is not connected", async () => {
    await canvas.stop();
    await page.getByText("Connection lost.", { exact: true }).waitFor();
    await canvas.start();
    await page.getByText("Connection lost.", { exact: true }).waitFor({ state: "detached", timeout: 20_000 });
  });

  test("36 light and dark: the system's, until somebody chooses", async () => {
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains("dark"));
    expect(await isDark()).toBe(false);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(isDark).toBe(true);
    await page.getByRole("button", { name: "Light theme" }).click();
    await expect.poll(isDark).toBe(false);
    await page.emulateMedia({ colorScheme: "light" });
  });

  test("37 comes back by itself, with what was typed meanwhile", async () => {
    await canvas.stop();
    await page.getByText("Connection lost.", { exact: true }).waitFor();
    await page.getByRole("textbox", { name: "Hero" }).fill("typed while away");
    await canvas.start();
    await page.getByText("Connection lost.", { exact: true }).waitFor({ state: "detached", timeout: 20_000 });
    await page.waitForTimeout(600);
    await page.reload();
    await canvasIsReady(page);
    expect(await page.getByRole("textbox", { name: "Hero" }).inputValue()).toBe("typed while away");
  });

  test("38 two fields that are edited within half a second are both kept", async () => {
    await page.getByRole("textbox", { name: "Hero" }).fill("both");
    await page.getByRole("textbox", { name: "Words" }).fill("of them");
    await page.reload();
    await canvasIsReady(page);
    expect(await page.getByRole("textbox", { name: "Hero" }).inputValue()).toBe("both");
    expect(await page.getByRole("textbox", { name: "Words" }).inputValue()).toBe("of them");
  });

  test("39 a file goes up beside the messages, and is there after a reload", async () => {
    const folder = mkdtempSync(join(tmpdir(), "daggr-walk-"));
    const file = join(folder, "notes.txt");
    writeFileSync(file, "some notes");
    const frames: number[] = [];
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => frames.push(payload.length)));
    await page
      .getByLabel(/Notes/)
      .locator("input[type=file]")
      .or(page.locator("input[type=file][aria-label*='Notes']"))
      .first()
      .setInputFiles(file);
    await page.getByText("notes.txt").first().waitFor();
    await page.waitForTimeout(500);
    await page.reload();
    await canvasIsReady(page);
    await page.getByText("notes.txt").first().waitFor();
    expect(Math.max(0, ...frames)).toBeLessThan(2_000);
  });
});

async function placeOf(name: string) {
  return (await card(page, name).boundingBox())!;
}

function moved(before: { x: number; y: number }, after: { x: number; y: number }): [number, number] {
  return [Math.round(after.x - before.x), Math.round(after.y - before.y)];
}

async function fit(): Promise<void> {
  await cardsAreStill(page);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await cardsAreStill(page);
}

/** A place in the middle part of the canvas where no card and no button is. */
async function bareSpot(): Promise<{ x: number; y: number }> {
  const spot = await page.evaluate(() => {
    for (let y = 120; y < innerHeight - 120; y += 20)
      for (let x = 120; x < innerWidth - 240; x += 20) {
        const around = [-12, 0, 12].flatMap((dx) =>
          [-12, 0, 12].map((dy) => document.elementFromPoint(x + dx, y + dy)),
        );
        if (around.every((element) => element?.classList.contains("svelte-flow__pane"))) return { x, y };
      }
    return null;
  });
  if (spot === null) throw new Error("There is no bare spot on the canvas.");
  return spot;
}
