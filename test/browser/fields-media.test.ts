import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { FnNode, Graph, gr } from "daggr";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { glb, readWav, tone } from "./media-files.ts";
import { card, cardSays, openCanvas, zoomTo } from "./open-canvas.ts";

const devices = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const webgl = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
const viewport = { width: 1400, height: 1000 };

const folder = mkdtempSync(join(tmpdir(), "daggr-media-"));
function kept(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function run(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Run ${name}`, exact: true }).click();
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("it is not on the page");
  return box;
}

test("a sound is recorded, paused, trimmed by keys and by mouse at any zoom, and undone: functions get a WAV", async () => {
  const graph = () =>
    new Graph({
      name: "Sounds",
      nodes: [
        new FnNode(
          ({ voice }: { voice: string }) => {
            const { wav, rate, seconds } = readWav(readFileSync(voice));
            return `${basename(voice)} ${wav} ${rate} ${seconds.toFixed(2)}`;
          },
          {
            name: "measure",
            inputs: { voice: gr.Audio({ label: "Voice" }) },
            outputs: { text: gr.Textbox({ label: "Says" }) },
          },
        ),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport, args: devices });
  const { page } = canvas;
  /** Runs until the function says this; what is kept at the server is what it read. */
  const measured = async (pattern: RegExp): Promise<number> => {
    await run(page, "measure");
    const says = card(page, "measure").getByText(pattern);
    await says.waitFor();
    return Number((await says.textContent())!.split(" ").at(-1));
  };

  await page.getByRole("button", { name: "Record Voice" }).click();
  await page.getByRole("status").filter({ hasText: "Recording" }).waitFor();
  await soon(() =>
    page.getByRole("combobox", { name: "Microphone" }).locator("option").count(),
  ).toBeGreaterThan(1);
  await soon(() => page.getByRole("timer", { name: "Recorded" }).textContent()).toMatch(/0:0[1-9]/);
  await page.getByRole("button", { name: "Pause recording Voice" }).press("Enter");
  await page.getByRole("status").filter({ hasText: "Paused" }).waitFor();
  await page.getByRole("button", { name: "Resume recording Voice" }).press("Enter");
  await page.getByRole("button", { name: "Stop recording Voice" }).press("Enter");
  await page.getByRole("button", { name: "Play Voice" }).waitFor();
  const seconds = await measured(/\.wav true 48000 \d/);
  expect(seconds).toBeGreaterThan(0.8);
  expect(seconds).toBeLessThan(6);

  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "tone.wav", mimeType: "audio/wav", buffer: tone(4) });
  await soon(() =>
    page.getByRole("slider", { name: "Position in Voice" }).getAttribute("aria-valuetext"),
  ).toBe("0:00 of 0:04");
  await page.getByRole("button", { name: "Trim Voice" }).click();
  await page.getByRole("slider", { name: "Start of the part of Voice" }).press("Shift+ArrowRight");
  await page.getByRole("slider", { name: "End of the part of Voice" }).press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Undo trim of Voice" }).waitFor();
  await measured(/\.wav true 16000 2\.80/);
  await page.getByRole("button", { name: "Undo trim of Voice" }).click();
  await soon(() =>
    page.getByRole("slider", { name: "Position in Voice" }).getAttribute("aria-valuetext"),
  ).toBe("0:00 of 0:04");

  for (const zoom of [0.5, 1.7]) {
    await zoomTo(page, zoom);
    const wave = page.getByRole("slider", { name: "Position in Voice" });
    await wave.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await boxOf(wave);
    await page.mouse.click(x + width / 2, y + height / 2);
    await soon(async () => Number(await wave.getAttribute("aria-valuenow"))).toBeCloseTo(2, 0);
    await page.getByRole("button", { name: "Trim Voice" }).click();
    await page.mouse.move(x + 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 4, y + height / 2, { steps: 4 });
    await page.mouse.up();
    const start = page.getByRole("slider", { name: "Start of the part of Voice" });
    expect(Number(await start.getAttribute("aria-valuenow"))).toBeCloseTo(1, 1);
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Trim Voice");
  }
});

test("a refused microphone, another sort of file and a recording that is discarded leave a sentence, and no value", async () => {
  const graph = () =>
    new Graph({
      name: "Refused",
      nodes: [
        new FnNode(({ voice, clip }: { voice: string; clip: string }) => voice + clip, {
          name: "keep",
          inputs: {
            voice: gr.Audio({ label: "Voice" }),
            clip: gr.Video({ label: "Clip", sources: ["upload"] }),
          },
          outputs: { text: gr.Textbox() },
        }),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport, args: ["--deny-permission-prompts"] });
  const { page } = canvas;
  expect(await page.getByRole("button", { name: "Record Clip" }).count()).toBe(0);
  await page.getByRole("button", { name: "Record Voice" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: /microphone was refused|No microphone was found/ })
    .waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
    "Drop a sound here, paste, or choose: Voice",
  );
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await page.getByText("notes.txt is not taken here: expected a sound. Choose another file.").waitFor();
});

test("one sound plays at a time, by mouse and keys, and goes on when something else changes", async () => {
  const one = kept("one.wav", tone(20));
  const two = kept("two.wav", tone(6));
  const graph = () =>
    new Graph({
      name: "Two",
      nodes: [
        new FnNode(({ word }: { word: string }) => ({ first: one, second: two, word }), {
          name: "give",
          inputs: { word: gr.Textbox({ label: "Word", value: "a" }) },
          outputs: {
            first: gr.Audio({ label: "First" }),
            second: gr.Audio({ label: "Second", loop: true }),
            word: gr.Textbox(),
          },
        }),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport });
  const { page } = canvas;
  await run(page, "give");
  const first = page.getByRole("slider", { name: "Position in First" });
  await soon(() => first.getAttribute("aria-valuetext")).toBe("0:00 of 0:20");
  await first.press("Shift+ArrowRight");
  expect(await first.getAttribute("aria-valuetext")).toBe("0:10 of 0:20");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause First" }).waitFor();
  await page.getByRole("combobox", { name: "Speed of First" }).selectOption("2");
  await page.getByRole("textbox", { name: "Word" }).fill("another");
  await cardSays(page, "give", "Stale");
  await page.getByRole("button", { name: "Pause First" }).waitFor();
  await page.getByRole("button", { name: "Play Second" }).click();
  await page.getByRole("button", { name: "Play First" }).waitFor();
  await page.getByRole("button", { name: "Pause Second" }).click();
  expect(Number(await first.getAttribute("aria-valuenow"))).toBeGreaterThan(10);
  await page.getByRole("button", { name: "Mute Second" }).click();
  await soon(() => page.getByRole("button", { name: "Mute Second" }).getAttribute("aria-pressed")).toBe(
    "true",
  );
  await page.getByRole("textbox", { name: "Word" }).fill("a");
  await card(page, "give").getByText("Stale", { exact: true }).waitFor({ state: "detached" });
  expect(await axeFinds(page)).toEqual([]);
});

test("a video is recorded with the camera, sought by parts and downloaded; what cannot be played says so", async () => {
  const broken = kept("broken.mp4", "no video at all");
  const model = kept("tetra.glb", glb());
  const graph = () =>
    new Graph({
      name: "Clips",
      nodes: [
        new FnNode(
          ({ clip }: { clip: string }) => ({
            same: clip,
            broken,
            model,
            size: `${readFileSync(clip).length > 1000} ${basename(clip)}`,
          }),
          {
            name: "keep",
            inputs: {
              clip: gr.Video({ label: "Clip", subtitles: [{ text: "<b>Hello</b>", timestamp: [0, 9] }] }),
            },
            outputs: {
              same: gr.Video({ label: "Same" }),
              broken: gr.Video({ label: "Broken" }),
              model: gr.Model3D({ label: "Model" }),
              size: gr.Textbox(),
            },
          },
        ),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport, args: [...devices, "--disable-3d-apis"] });
  const { page } = canvas;
  await page.getByRole("button", { name: "Record Clip" }).click();
  await soon(() => page.getByRole("timer", { name: "Recorded" }).textContent()).toMatch(/0:0[2-9]/);
  await page.getByRole("button", { name: "Stop recording Clip" }).click();
  const video = page.locator("video").first();
  await soon(() => video.evaluate((element: HTMLVideoElement) => element.readyState)).toBeGreaterThan(0);
  const moved = await video.evaluate(async (element: HTMLVideoElement) => {
    element.currentTime = 1;
    await new Promise((resolve) => element.addEventListener("seeked", resolve, { once: true }));
    const answer = await fetch(element.currentSrc.replace(/#.*/, ""), { headers: { range: "bytes=10-19" } });
    const subtitle = element.textTracks[0]?.cues?.[0] as VTTCue | undefined;
    return {
      at: element.currentTime,
      status: answer.status,
      bytes: (await answer.arrayBuffer()).byteLength,
      subtitle: subtitle?.text,
    };
  });
  expect(moved).toEqual({ at: 1, status: 206, bytes: 10, subtitle: "&lt;b&gt;Hello&lt;/b&gt;" });
  await run(page, "keep");
  await cardSays(page, "keep", /^true .+\.(mp4|webm)$/);
  await cardSays(page, "keep", "The browser cannot play this video. It is whole: download it to watch it.");
  await cardSays(page, "keep", /This browser has no WebGL/);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: /broken\.mp4/ }).click();
  expect((await download).suggestedFilename()).toBe("broken.mp4");
});

test("files are added, checked, put in order, looked into and removed; an upload can be cancelled", async () => {
  const graph = () =>
    new Graph({
      name: "Files",
      nodes: [
        new FnNode(
          ({ all }: { all: string[] }) => ({
            names: all.map((path) => readFileSync(path, "utf8")).join("|"),
            back: all,
          }),
          {
            name: "list",
            inputs: { all: gr.File({ label: "Notes", fileCount: "multiple", fileTypes: [".txt", "text"] }) },
            outputs: { names: gr.Textbox(), back: gr.File({ label: "Back", fileCount: "multiple" }) },
          },
        ),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport, expectedErrors: [/net::ERR_(ABORTED|FAILED)/] });
  const { page } = canvas;
  const text = (name: string, words: string, mimeType = "text/plain") => ({
    name,
    mimeType,
    buffer: Buffer.from(words),
  });
  const input = page.locator("input[type=file]").first();
  await input.setInputFiles([
    text("a.txt", "first"),
    text("b.txt", "second"),
    text("c.png", "third", "image/png"),
  ]);
  await page.getByText("c.png is not taken here: expected .txt or a text. Choose another file.").waitFor();
  await page.getByRole("button", { name: "Move down a.txt" }).click();
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(
    /a\.txt|b\.txt/,
  );
  await run(page, "list");
  await cardSays(page, "list", "second|first");

  await card(page, "list").getByRole("button", { name: "Look into b.txt" }).click();
  await page.getByRole("dialog").getByText("second").waitFor();
  await page.keyboard.press("Escape");

  let release = () => {};
  const isHeld = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/api/files", async (route) => {
    await isHeld;
    await route.abort().catch(() => {});
  });
  await input.setInputFiles([text("big.txt", "x".repeat(50_000))]);
  await page.getByRole("progressbar", { name: "Upload of big.txt" }).waitFor();
  await page.getByRole("button", { name: "Cancel the upload of big.txt" }).click();
  await page.getByRole("progressbar").waitFor({ state: "detached" });
  release();
  await page.unroute("**/api/files");
  await page.getByRole("button", { name: "Remove all of Notes" }).click();
  await page.getByRole("button", { name: "Drop files here, paste, or choose: Notes" }).waitFor();
  expect(await page.getByRole("alert").filter({ hasText: "big.txt" }).count()).toBe(0);
});

test("a model is turned by mouse and keys, reset, and drawn as Gradio's properties say", async () => {
  const cube = kept("cube.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\nf 1 2 4\nf 2 3 4\n");
  const solid = kept("solid.glb", glb("https://example.com/texture.png"));
  const bad = kept("bad.glb", "no model");
  const graph = () =>
    new Graph({
      name: "Models",
      nodes: [
        new FnNode(() => ({ solid, wire: cube, bad }), {
          name: "make",
          outputs: {
            solid: gr.Model3D({ label: "Solid" }),
            wire: gr.Model3D({ label: "Wire", displayMode: "wireframe", clearColor: [0, 0, 1, 1] }),
            bad: gr.Model3D({ label: "Bad" }),
          },
        }),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport: { width: 1400, height: 1500 }, args: webgl });
  const { page } = canvas;
  await run(page, "make");
  const view = page.getByRole("application", { name: "solid.glb" });
  await view.waitFor();
  const picture = (locator = view) => locator.evaluate((element: HTMLCanvasElement) => element.toDataURL());
  await soon(() => picture()).toMatch(/^data:image\/png;base64,.{2000}/);
  const before = await picture();
  await view.press("ArrowRight");
  const turned = await picture();
  expect(turned).not.toBe(before);
  await page.keyboard.press("+");
  expect(await picture()).not.toBe(turned);
  await page.keyboard.press("r");
  await soon(() => picture()).toBe(before);
  const { x, y, width, height } = await boxOf(view);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 60, y + height / 2 + 10, { steps: 3 });
  await page.mouse.up();
  expect(await picture()).not.toBe(before);
  await page.getByRole("button", { name: "Reset the view of Solid" }).click();
  await soon(() => picture()).toBe(before);
  await cardSays(page, "make", /not loaded\. A \.glb holds everything/);
  await cardSays(page, "make", /bad\.glb is damaged or of another format/);
  const corner = await page
    .getByRole("application", { name: "cube.obj" })
    .evaluate((element: HTMLCanvasElement) => {
      const copy = document.createElement("canvas");
      const brush = copy.getContext("2d")!;
      brush.drawImage(element, 0, 0, 1, 1, 0, 0, 1, 1);
      return [...brush.getImageData(0, 0, 1, 1).data];
    });
  expect(corner).toEqual([0, 0, 255, 255]);
});
