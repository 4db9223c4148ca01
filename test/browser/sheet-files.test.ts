/** Sheets are duplicated, exported, imported, cleared and found again, by mouse and by keyboard. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FnNode, Graph, gr } from "daggr";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { card, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daggr-sheet-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A text and a picture of it. */
function pictureGraph(): Graph {
  const shout = new FnNode(({ topic }: { topic: string }) => topic.toUpperCase(), {
    name: "shout",
    inputs: { topic: gr.Textbox({ label: "Topic", value: "squid" }) },
    outputs: { text: gr.Textbox({ label: "Text" }) },
  });
  const draw = new FnNode(
    async ({ text }: { text: string }, { file }) => {
      const background = { r: text.length * 20, g: 80, b: 160 };
      await sharp({ create: { width: 40, height: 30, channels: 3, background } })
        .png()
        .toFile(file("drawn.png"));
      return file("drawn.png");
    },
    { name: "draw", inputs: { text: shout.text }, outputs: { picture: gr.Image({ label: "Picture" }) } },
  );
  return new Graph({ name: "Pictures", nodes: [draw] });
}

const sheetButton = (page: Page) => page.getByRole("button", { name: /^Sheet / });
const runAll = async (page: Page, topic: string) => {
  await page.getByRole("textbox", { name: "Topic" }).fill(topic);
  await page.getByRole("button", { name: /^Run (all|\d+ stale)$/ }).click();
  await cardSays(page, "shout", topic.toUpperCase());
  await hasPicture(page);
};
const hasPicture = async (page: Page) => {
  const width = () =>
    card(page, "draw")
      .locator("img")
      .first()
      .evaluate((image: HTMLImageElement) => image.naturalWidth)
      .catch(() => 0);
  await expect.poll(width).toBeGreaterThan(0);
  await expect.poll(() => page.getByRole("button", { name: "Stop" }).count()).toBe(0);
};
const saveDownload = async (page: Page, act: () => Promise<unknown>): Promise<string> => {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
};

test("a sheet is duplicated, exported, deleted and imported: results, picture and history are back", async () => {
  await using canvas = await openCanvas(pictureGraph);
  const { page } = canvas;
  await runAll(page, "one");
  await runAll(page, "two");
  await sheetButton(page).click();
  await page.getByRole("menuitem", { name: "Duplicate sheet" }).click();
  await page.getByRole("button", { name: "Sheet Sheet 1 copy" }).waitFor();
  await cardSays(page, "shout", "TWO");
  await hasPicture(page);
  await sheetButton(page).click();
  const path = await saveDownload(page, () => page.getByRole("menuitem", { name: "Export sheet" }).click());
  expect(path).toMatch(/Pictures - Sheet 1 copy\.daggr\.zip$/);
  await chooseFromMenu(page, "Sheet Sheet 1 copy", "Delete sheet");
  const dialog = page.getByRole("dialog", { name: "Delete sheet" });
  await dialog.getByText("with its inputs and all its 4 results will be gone").waitFor();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Sheet Sheet 1", exact: true }).waitFor();
  await sheetButton(page).click();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("menuitem", { name: "Import a sheet…" }).click(),
  ]);
  await chooser.setFiles(path);
  await page.getByRole("button", { name: "Sheet Sheet 1 copy" }).waitFor();
  expect(await page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("two");
  await cardSays(page, "shout", "TWO");
  await hasPicture(page);
  await cardSays(page, "shout", "Done");
  await card(page, "shout")
    .getByRole("button", { name: /earlier|previous|older/i })
    .first()
    .click();
  await cardSays(page, "shout", "ONE");
  await expect.poll(() => page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("one");
  await hasPicture(page);
});

test("everything goes by keyboard alone, and axe finds nothing", async () => {
  await using canvas = await openCanvas(pictureGraph);
  const { page } = canvas;
  await runAll(page, "kept");
  const choose = async (first: string) => {
    await sheetButton(page).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor();
    await page.keyboard.type(first);
    await page.keyboard.press("Enter");
  };
  await choose("Dup");
  await page.getByRole("button", { name: "Sheet Sheet 1 copy" }).waitFor();
  await choose("All");
  const list = page.getByRole("dialog", { name: "Sheets" });
  const row = (name: string) => list.getByRole("button", { name: new RegExp(`^${name} (just now|\\d)`) });
  await row("Sheet 1 copy").focus();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press("F2");
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await row("By keyboard").waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("By keyboard"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Delete");
  const ask = page.getByRole("dialog", { name: "Delete sheet" });
  await ask.getByText("“Sheet 1”").waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await ask.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  await choose("Clear");
  const clear = page.getByRole("dialog", { name: "Clear sheet" });
  await clear.getByRole("button", { name: "Duplicate first" }).press("Enter");
  await clear.getByText("Kept as “By keyboard copy”.").waitFor();
  await clear.getByRole("button", { name: "Clear" }).press("Enter");
  await expect.poll(() => page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("squid");
  await cardSays(page, "shout", "not run yet");
  await choose("By keyboard copy");
  await cardSays(page, "shout", "KEPT");
});

test("a file that is dropped is imported, and one that is no sheet is refused in a sentence", async () => {
  await using canvas = await openCanvas(pictureGraph, { expectedErrors: [/status of 400/] });
  const { page } = canvas;
  await runAll(page, "dropped");
  await sheetButton(page).click();
  const path = await saveDownload(page, () => page.getByRole("menuitem", { name: "Export sheet" }).click());
  const drop = async (bytes: Buffer, name: string) => {
    const transfer = await page.evaluateHandle(
      ([text, name]) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([content], name, { type: "application/zip" }));
        return data;
      },
      [bytes.toString("base64"), name] as const,
    );
    await page.locator("body").dispatchEvent("dragover", { dataTransfer: transfer });
    await page.locator("body.takes-sheet").waitFor();
    await page.locator("body").dispatchEvent("drop", { dataTransfer: transfer });
  };
  await drop(await readFile(path), "mine.daggr.zip");
  await page.getByRole("button", { name: "Sheet Sheet 1 (2)" }).waitFor();
  await cardSays(page, "shout", "DROPPED");
  await hasPicture(page);
  await drop((await readFile(path)).subarray(0, 400), "half.daggr.zip");
  await page.getByRole("alert").getByText("half.daggr.zip: This is no whole zip file").waitFor();
  expect(await page.locator("body.takes-sheet").count()).toBe(0);
  expect(await sheetButton(page).getAttribute("aria-label")).toBe("Sheet Sheet 1 (2)");
});

test("among many sheets one is found, and the form has the same menu", async () => {
  await using canvas = await openCanvas(pictureGraph);
  const { page, url } = canvas;
  for (let count = 2; count <= 10; count++) {
    await sheetButton(page).click();
    await page.getByRole("menuitem", { name: "New sheet" }).click();
    await page.getByRole("button", { name: `Sheet Sheet ${count}`, exact: true }).waitFor();
  }
  await page.goto(`${url}app`);
  await sheetButton(page).click();
  await page.getByRole("menuitem", { name: "All 10 sheets…" }).click();
  await page.getByRole("searchbox", { name: "Find a sheet" }).fill("sheet 7");
  const rows = page.getByRole("list", { name: "Sheets" }).getByRole("listitem");
  expect(await rows.count()).toBe(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sheet Sheet 7" }).waitFor();
});

test("what another server does on the same data shows by itself", async () => {
  await using canvas = await openCanvas(pictureGraph);
  const { page } = canvas;
  await runAll(page, "mine");
  const other = await pictureGraph().launch({ port: 0, open: false });
  try {
    const { sheets } = (await (await fetch(`${other.url}api/sheets`)).json()) as { sheets: { id: string }[] };
    const body = JSON.stringify({ sheet: sheets[0]?.id, inputs: { shout__topic: "theirs" } });
    expect((await fetch(`${other.url}api/runs`, { method: "POST", body })).status).toBe(202);
    await cardSays(page, "shout", "THEIRS");
    await expect.poll(() => page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("theirs");
  } finally {
    await other.close();
  }
});
