/** The fields of pictures: taken in, looked at, drawn on, compared and listed, by mouse and by keyboard. */
import { FnNode, Graph, gr } from "daggr";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { cardSays, openCanvas } from "./open-canvas.ts";

const fakeCamera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

async function png(width = 40, height = 30, background = "#e8590c"): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A picture that is too large to be its own thumbnail. */
async function noise(size: number): Promise<Buffer> {
  const create = { width: size, height: size, channels: 3, background: "#888" } as const;
  return sharp({ create: { ...create, noise: { type: "gaussian", mean: 128, sigma: 40 } } })
    .png()
    .toBuffer();
}

/** What the function was given. */
interface Seen {
  path?: string;
}

function imageGraph(seen: Seen, props: Parameters<typeof gr.Image>[0] = {}): () => Graph {
  const keep = new FnNode(
    ({ image }: { image: string }) => {
      seen.path = image;
      return image;
    },
    {
      name: "keep",
      inputs: { image: gr.Image({ label: "Photo", ...props }) },
      outputs: { copy: gr.Image({ label: "Copy" }) },
    },
  );
  return () => new Graph({ name: "Pictures", nodes: [keep] });
}

async function put(page: Page, buffer: Buffer, name = "photo.png", nth = 0): Promise<void> {
  const mimeType = name.endsWith(".txt") ? "text/plain" : "image/png";
  await page.locator("input[type=file]").nth(nth).setInputFiles({ name, mimeType, buffer });
}

/** Turns the wheel until the canvas is about that large. */
async function zoomCanvas(page: Page, wanted: number): Promise<void> {
  const main = page.getByRole("main");
  const scale = () =>
    main
      .locator(".svelte-flow__viewport")
      .evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
  const box = (await main.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 40 && Math.abs((await scale()) - wanted) > 0.06; turn++)
    await page.mouse.wheel(0, (await scale()) > wanted ? 30 : -30);
  await page.keyboard.up("Control");
  expect(Math.abs((await scale()) - wanted)).toBeLessThan(0.2);
}

async function run(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Run ${name}`, exact: true }).click();
  await cardSays(page, name, /^done/);
}

describe("an image", () => {
  test("is shown small on its card and whole in full screen, where it is zoomed and moved", async () => {
    const seen: Seen = {};
    await using canvas = await openCanvas(imageGraph(seen));
    const { page } = canvas;
    await put(page, await noise(1200));
    const shown = page.getByRole("img", { name: "Photo: photo.png" });
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(640);
    await run(page, "keep");
    expect((await sharp(seen.path).metadata()).width).toBe(1200);
    await page.getByRole("button", { name: "Look closer at Copy of keep" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^1200 × 1200 pixels, [\d.]+ MB/).waitFor();
    const zoom = dialog.getByRole("status", { name: "Zoom" });
    const before = await zoom.textContent();
    const stage = dialog.getByRole("group", { name: /^Copy/ });
    await stage.hover();
    await page.mouse.wheel(0, -400);
    await expect.poll(() => zoom.textContent()).not.toBe(before);
    await stage.press("1");
    expect(await zoom.textContent()).toBe("100 %");
    const image = dialog.getByRole("img", { name: /^Copy/ });
    const left = async () => (await image.boundingBox())!.x;
    const from = await left();
    const box = (await stage.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    expect(Math.round(from - (await left()))).toBeLessThanOrEqual(60);
    await stage.press("0");
    expect(await zoom.textContent()).toBe(before);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("is dropped, pasted with the keyboard and with the button, copied, and removed", async () => {
    const seen: Seen = {};
    await using canvas = await openCanvas(imageGraph(seen), {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { page } = canvas;
    const bytes = [...(await png(33, 22))];
    const drop = page.getByRole("button", { name: "Drop an image here, paste, or choose: Photo" });
    await drop.evaluate((element, data) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(data)], "dropped.png", { type: "image/png" }));
      element.dispatchEvent(
        new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }),
      );
    }, bytes);
    await page.getByRole("img", { name: "Photo: dropped.png" }).waitFor();
    await run(page, "keep");
    expect((await sharp(seen.path).metadata()).width).toBe(33);

    await page.getByRole("button", { name: "Copy Copy of keep" }).click();
    await page.getByText("Copied").waitFor();
    await page.getByRole("button", { name: "Remove Photo" }).click();
    await drop.waitFor();
    await drop.focus();
    await page.keyboard.press("Control+v");
    await page.getByRole("img", { name: /^Photo: / }).waitFor();
    await page.getByRole("button", { name: "Remove Photo" }).click();
    await page.getByRole("button", { name: "Paste into Photo" }).click();
    await page.getByRole("img", { name: "Photo: pasted.png" }).waitFor();
    await run(page, "keep");
    expect((await sharp(seen.path).metadata()).width).toBe(33);
  });

  test("is taken with the camera, as in a mirror, and again; the camera goes off", async () => {
    const seen: Seen = {};
    await using canvas = await openCanvas(imageGraph(seen, { sources: ["webcam"] }), {
      args: fakeCamera,
      permissions: ["camera"],
    });
    const { page } = canvas;
    await page.evaluate(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      const streams: MediaStream[] = [];
      Object.assign(window, { streams });
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        streams.push(stream);
        return stream;
      };
    });
    const areOff = () =>
      page.evaluate(() =>
        (window as unknown as { streams: MediaStream[] }).streams.every((stream) =>
          stream.getTracks().every((track) => track.readyState === "ended"),
        ),
      );
    expect(await page.locator("input[type=file]").count()).toBe(0);
    await page.getByRole("button", { name: "Camera for Photo" }).click();
    const take = page.getByRole("button", { name: "Take picture" });
    await expect.poll(() => take.isEnabled()).toBe(true);
    expect(await areOff()).toBe(false);
    expect(await axeFinds(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect.poll(areOff).toBe(true);
    await page.getByRole("button", { name: "Camera for Photo" }).press("Enter");
    await expect.poll(() => take.isEnabled()).toBe(true);
    await take.press("Enter");
    await page.getByRole("img", { name: "Photo: camera.jpg" }).waitFor();
    expect(await areOff()).toBe(true);
    await run(page, "keep");
    expect((await sharp(seen.path).metadata()).format).toBe("jpeg");
    await page.getByRole("button", { name: "Retake Photo" }).click();
    await expect.poll(() => take.isEnabled()).toBe(true);
    await page.getByRole("button", { name: "Cancel the camera of Photo" }).click();
    await expect.poll(areOff).toBe(true);
    await page.getByRole("img", { name: "Photo: camera.jpg" }).waitFor();
  });

  test("without a camera a sentence says what to do, and so does a broken picture", async () => {
    await using canvas = await openCanvas(imageGraph({}));
    const { page } = canvas;
    await page.getByRole("button", { name: "Camera for Photo" }).click();
    await page.getByText(/^(No camera was found|The camera was refused)/).waitFor();
    await put(page, Buffer.from("these are no pixels"), "broken.png");
    await page.getByText(/^This picture cannot be shown/).waitFor();
    await page.getByRole("link", { name: /broken\.png/ }).waitFor();
    await page.getByRole("button", { name: "Remove Photo" }).click();
    await put(page, Buffer.from("a text"), "note.txt");
    await page.getByText("note.txt is no picture.").waitFor();
  });
});

interface Parts {
  background: string | null;
  layers: string[];
  composite: string;
}

/** The colour of one pixel, `#rrggbb` or `clear`. */
async function pixel(path: string, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * 4;
  return data[at + 3] === 0 ? "clear" : `#${data.subarray(at, at + 3).toString("hex")}`;
}

describe("an image editor", () => {
  function editorGraph(seen: { parts?: Parts; path?: string }): () => Graph {
    const keep = new FnNode(
      ({ drawn, whole }: { drawn: Parts; whole: string }) => {
        Object.assign(seen, { parts: drawn, path: whole });
        return "seen";
      },
      {
        name: "keep",
        inputs: {
          drawn: gr.ImageEditor({
            label: "Sketch",
            withLayers: true,
            canvasSize: [400, 300],
            brush: { colors: ["#ff0000", "#0000ff"], defaultSize: 20 },
          }),
          whole: gr.ImageEditor({ label: "Photo" }),
        },
        outputs: { text: gr.Textbox({ label: "Text" }) },
      },
    );
    return () => new Graph({ name: "Editor", nodes: [keep] });
  }
  /** Draws with the real mouse from one point of a 400 x 300 picture to another. */
  async function draw(page: Page, from: [number, number], to: [number, number]): Promise<void> {
    const paper = page.getByRole("application", { name: /drawing area$/ });
    const box = (await paper.boundingBox())!;
    const zoom = Number.parseInt((await page.getByRole("status", { name: "Zoom" }).textContent())!, 10) / 100;
    const at = ([x, y]: [number, number]) =>
      [box.x + box.width / 2 + (x - 200) * zoom, box.y + box.height / 2 + (y - 150) * zoom] as const;
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at(to), { steps: 8 });
    await page.mouse.up();
  }
  const layers = (page: Page) => page.getByRole("group", { name: "Layers" });
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

  test.each([0.5, 1.7])("draws where the pointer is, on layers, with the canvas at %s", async (zoom) => {
    const seen: { parts?: Parts; path?: string } = {};
    await using canvas = await openCanvas(editorGraph(seen), { viewport: { width: 1400, height: 900 } });
    const { page } = canvas;
    await zoomCanvas(page, zoom);
    await press(page, "Blank canvas for Sketch");
    await draw(page, [50, 150], [350, 150]);
    await press(page, "Add layer");
    await press(page, "Colour #0000ff");
    await draw(page, [200, 50], [200, 250]);
    await page.keyboard.press("e");
    await draw(page, [200, 240], [200, 260]);
    await draw(page, [20, 20], [60, 20]);
    await page.keyboard.press("Control+z");
    await press(page, "Done");
    const shown = page.getByRole("img", { name: "Sketch: drawing.png" });
    await shown.waitFor();
    await put(page, await png(30, 20), "photo.png", 1);
    await page.getByRole("img", { name: "Photo: photo.png" }).waitFor();
    await run(page, "keep");
    const { background, layers: files, composite } = seen.parts!;
    expect([background, files.length]).toEqual([null, 2]);
    expect(await sharp(composite).metadata()).toMatchObject({ width: 400, height: 300 });
    expect(await pixel(composite, 60, 150)).toBe("#ff0000");
    expect(await pixel(composite, 200, 150)).toBe("#0000ff");
    expect(await pixel(composite, 200, 250)).toBe("clear");
    expect(await pixel(composite, 60, 165)).toBe("clear");
    expect(await pixel(files[0]!, 200, 150)).toBe("#ff0000");
    expect(await pixel(files[1]!, 60, 150)).toBe("clear");
    expect((await sharp(seen.path).metadata()).width).toBe(30);
  });

  test("opens again with its layers, crops, hides, and keeps its undo to itself", async () => {
    const seen: { parts?: Parts; path?: string } = {};
    await using canvas = await openCanvas(editorGraph(seen), { viewport: { width: 1400, height: 900 } });
    const { page } = canvas;
    await put(page, await png(400, 300, "#00ff00"), "ground.png");
    await put(page, await png(400, 300, "#00ff00"), "photo.png", 1);
    await press(page, "Edit Photo");
    await draw(page, [100, 100], [300, 100]);
    await press(page, "Add layer");
    await draw(page, [100, 200], [300, 200]);
    await press(page, "Hide Layer 2");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("img", { name: "Photo: drawing.png" }).waitFor();
    await press(page, "Edit Sketch");
    await draw(page, [100, 100], [300, 100]);
    await press(page, "Done");
    await page.getByRole("img", { name: "Sketch: drawing.png" }).waitFor();
    await run(page, "keep");
    expect(typeof seen.path).toBe("string");
    expect(await pixel(seen.path!, 200, 200)).toBe("#00ff00");
    expect(await pixel(seen.path!, 200, 100)).not.toBe("#00ff00");
    expect(await pixel(seen.parts!.background!, 200, 100)).toBe("#00ff00");

    await page.reload();
    await press(page, "Edit Photo");
    await layers(page).getByRole("button", { name: "Show Layer 2" }).waitFor();
    expect(
      await layers(page)
        .getByRole("button", { name: /^Layer/ })
        .allTextContents(),
    ).toEqual(["Layer 2", "Layer 1"]);
    await layers(page).getByRole("button", { name: "Show Layer 2" }).click();
    await layers(page).getByRole("button", { name: "Delete Layer 1" }).click();
    expect(await axeFinds(page)).toEqual([]);
    await page.keyboard.press("c");
    await page.getByRole("application", { name: /drawing area$/ }).focus();
    for (let step = 0; step < 5; step++) await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByText("400 × 250").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByText("400 × 300").waitFor();
    await page.keyboard.press("Control+Shift+z");
    await page.getByText("400 × 250").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("application", { name: /drawing area$/ }).waitFor({ state: "detached" });
    await run(page, "keep");
    await expect.poll(async () => (await sharp(seen.path).metadata()).height).toBe(250);
    expect(await pixel(seen.path!, 200, 100)).toBe("#00ff00");
    expect(await pixel(seen.path!, 200, 200)).not.toBe("#00ff00");
    await press(page, "Edit Photo");
    await draw(page, [100, 20], [300, 20]);
    await press(page, "Discard");
    await page.getByRole("application", { name: /drawing area$/ }).waitFor({ state: "detached" });
    await cardSays(page, "keep", /^done/);
  });
});
