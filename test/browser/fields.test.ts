import { basename } from "node:path";
import { FnNode, Graph, gr, oneOf } from "daggr";
import sharp from "sharp";
import { expect, test } from "vitest";
import { slowGraph } from "./graphs.ts";
import { card, cardSays, openCanvas } from "./open-canvas.ts";

function fieldsGraph(): Graph {
  const show = new FnNode(
    ({ image, size, tags, ok }: { image: string; size: number; tags: string[]; ok: boolean }) => ({
      copy: image,
      text: `${size} ${tags.join("+")} ${ok}`,
    }),
    {
      name: "show",
      inputs: {
        image: gr.Image({ label: "Photo" }),
        size: gr.Slider({ label: "Size", minimum: 0, maximum: 10, step: 1, value: 3 }),
        tags: gr.Dropdown({
          label: "Tags",
          choices: ["red", "green", "blue"],
          multiselect: true,
          value: ["red"],
        }),
        ok: gr.Checkbox({ label: "Fine", value: false }),
      },
      outputs: { copy: gr.Image({ label: "Copy" }), text: gr.Textbox({ label: "All" }) },
    },
  );
  return new Graph({ name: "Fields", nodes: [show] });
}

function choiceGraph(): Graph {
  const make = (name: string) =>
    new FnNode(({ strength }: { strength: number }) => `made by ${name} at ${strength}`, {
      name,
      inputs: { strength: gr.Number({ label: "Strength", value: 1 }) },
      outputs: { text: gr.Textbox() },
    });
  return new Graph({
    name: "Choice",
    nodes: [oneOf(make("first way"), make("second way"), { name: "way" })],
  });
}

test("fields of all sorts reach the run: a file, a slider, several choices, a tick", async () => {
  await using canvas = await openCanvas(fieldsGraph, { viewport: { width: 1400, height: 1000 } });
  const { page } = canvas;
  const photo = await sharp({ create: { width: 40, height: 30, channels: 3, background: "#e8590c" } })
    .png()
    .toBuffer();
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: photo });
  await page.getByRole("img", { name: "Photo: photo.png" }).waitFor();
  await page.getByRole("spinbutton", { name: "Size, as a number" }).fill("7");
  await page.getByRole("combobox", { name: "Tags" }).click();
  await page.getByRole("option", { name: "blue" }).click();
  await page.getByRole("button", { name: "Remove red" }).click();
  await page.getByRole("checkbox", { name: "Fine" }).check();
  await page.getByRole("button", { name: "Run show", exact: true }).click();
  await cardSays(page, "show", "7 blue true");
  const copy = card(page, "show").getByRole("img", { name: /^Copy/ });
  await expect.poll(() => copy.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40);
});

test("an image slider takes two images and uncovers one of them; a model is a file", async () => {
  const keep = new FnNode(
    ({ pair, model }: { pair: [string, string]; model: string }) => ({ both: pair, file: basename(model) }),
    {
      name: "keep",
      inputs: { pair: gr.ImageSlider({ label: "Pair" }), model: gr.Model3D({ label: "Shape" }) },
      outputs: { both: gr.ImageSlider({ label: "Both" }), file: gr.Textbox({ label: "File" }) },
    },
  );
  await using canvas = await openCanvas(() => new Graph({ name: "Pair", nodes: [keep] }), {
    viewport: { width: 1400, height: 1100 },
  });
  const { page } = canvas;
  const files = page.locator("input[type=file]");
  for (const [at, background] of ["#e8590c", "#1864ab"].entries()) {
    const buffer = await sharp({ create: { width: 40, height: 30, channels: 3, background } })
      .png()
      .toBuffer();
    await files.nth(at).setInputFiles({ name: `photo${at}.png`, mimeType: "image/png", buffer });
    await page.getByTitle(`photo${at}.png`).waitFor();
  }
  await files
    .nth(2)
    .setInputFiles({ name: "cube.obj", mimeType: "model/obj", buffer: Buffer.from("v 0 0 0") });
  await page.getByRole("link", { name: /cube\.obj/ }).waitFor();
  await page.getByRole("button", { name: "Run keep", exact: true }).click();
  await cardSays(page, "keep", /\.obj$/);
  const handle = card(page, "keep").getByRole("slider", { name: /^Both/ });
  await handle.press("Home");
  expect(await handle.inputValue()).toBe("0");
  expect(await card(page, "keep").getByRole("img").count()).toBe(2);
});

test("a choice between variants is made on its card, which opens the chosen one's inputs", async () => {
  await using canvas = await openCanvas(choiceGraph);
  const { page } = canvas;
  const way = card(page, "way");
  const strength = (name: string) =>
    way.getByRole("group", { name: `Inputs of ${name}` }).getByRole("spinbutton", { name: "Strength" });
  await page.getByRole("button", { name: "Run way", exact: true }).click();
  await cardSays(page, "way", "made by first way at 1");
  expect(await page.locator("[data-node]").count()).toBe(1);
  await way.getByRole("radio", { name: /second way/ }).check();
  await cardSays(page, "way", "Stale");
  expect(await strength("first way").count()).toBe(0);
  await strength("second way").fill("5");
  await page.getByRole("button", { name: "Run way", exact: true }).click();
  await cardSays(page, "way", "made by second way at 5");
  await way.getByRole("radio", { name: /first way/ }).check();
  expect(await strength("first way").inputValue()).toBe("1");
});

test("a run that the server's end interrupted is offered to be resumed", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page } = canvas;
  await page.getByRole("spinbutton", { name: "Milliseconds" }).fill("2500");
  await page.getByRole("button", { name: "Run wait", exact: true }).click();
  await cardSays(page, "wait", "Waiting");
  await canvas.stop();
  await canvas.start();
  await page.getByRole("button", { name: "Resume" }).click({ timeout: 20_000 });
  await cardSays(page, "wait", "waited");
});

test("the form shows the same sheet, without a graph", async () => {
  await using canvas = await openCanvas(choiceGraph);
  const { page, url } = canvas;
  await page.goto(new URL("/app", url).href);
  const app = page.getByRole("main", { name: "App" });
  await app.getByRole("radio", { name: /second way/ }).check();
  await app.getByRole("spinbutton", { name: "Strength" }).fill("3");
  await app.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("group", { name: "way" }).getByText("made by second way at 3").waitFor();
});
