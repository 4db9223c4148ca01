/** The fields of pictures: taken in, looked at, drawn on, compared and listed, by mouse and by keyboard. */
import { FnNode, Graph, gr } from "daggr";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
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

async function put(page: Page, buffer: Buffer, name = "photo.png", mimeType = "image/png"): Promise<void> {
  await page.locator("input[type=file]").first().setInputFiles({ name, mimeType, buffer });
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
    await page.getByRole("button", { name: "Leave the camera of Photo" }).click();
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
    await put(page, Buffer.from("a text"), "note.txt", "text/plain");
    await page.getByText("note.txt is no picture.").waitFor();
  });
});
