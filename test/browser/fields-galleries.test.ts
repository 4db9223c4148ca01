/** Galleries and image sliders, by mouse and by keyboard; pictures that are hostile, broken or none at all. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { FnNode, Graph, gr } from "daggr";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { card, cardSays, cardsAreStill, openCanvas } from "./open-canvas.ts";

interface Picture {
  image: string;
  caption?: string;
}

const png = (background: string, size = 24): Promise<Buffer> =>
  sharp({ create: { width: size, height: size, channels: 3, background } })
    .png()
    .toBuffer();
const run = async (page: Page, name: string) => {
  await page.getByRole("button", { name: `Run ${name}`, exact: true }).click();
  await cardSays(page, name, /^done/);
};

test("a gallery takes several pictures, captions, moves and removes them; its results open large", async () => {
  let seen: Picture[] = [];
  const keep = new FnNode(
    ({ pictures }: { pictures: Picture[] }) => {
      seen = pictures;
      return pictures;
    },
    {
      name: "keep",
      inputs: { pictures: gr.Gallery({ label: "Album", columns: 2 }) },
      outputs: { all: gr.Gallery({ label: "All", columns: 3 }) },
    },
  );
  await using canvas = await openCanvas(() => new Graph({ name: "Album", nodes: [keep] }), {
    viewport: { width: 1400, height: 1000 },
  });
  const { page } = canvas;
  const names = ["red", "green", "blue"];
  await page
    .locator("input[type=file]")
    .setInputFiles(
      await Promise.all(
        names.map(async (name) => ({ name: `${name}.png`, mimeType: "image/png", buffer: await png(name) })),
      ),
    );
  const album = page.getByRole("list", { name: "Album" });
  const tile = (text: string | RegExp) => album.getByRole("button", { name: text });
  await tile("Picture 3: blue.png").waitFor();
  await album.getByRole("textbox", { name: "Caption of picture 2" }).fill("Grass");
  await tile("Picture 3: blue.png").focus();
  await page.keyboard.press("Alt+ArrowLeft");
  await tile("Picture 2: blue.png").waitFor();
  expect(await tile("Picture 2: blue.png").evaluate((element) => element === document.activeElement)).toBe(
    true,
  );
  await tile("Picture 1: red.png").dragTo(tile(/^Picture 2: blue/));
  await tile("Picture 2: red.png").waitFor();
  await run(page, "keep");
  const order = () => seen.map(({ image, caption }) => [basename(image), caption]);
  expect(order()).toEqual([
    ["blue.png", undefined],
    ["red.png", undefined],
    ["green.png", "Grass"],
  ]);
  await tile("Picture 2: red.png").focus();
  await page.keyboard.press("Delete");
  await run(page, "keep");
  await expect.poll(() => order().map(([name]) => name)).toEqual(["blue.png", "green.png"]);

  const all = page.getByRole("list", { name: "All" });
  expect(await axeFinds(page)).toEqual([]);
  await all.getByRole("button", { name: "Picture 1: blue.png" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("2 of 2", { exact: true }).waitFor();
  await dialog.getByRole("img", { name: "Grass" }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await dialog.getByText("1 of 2", { exact: true }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

test("five hundred pictures are there at once, and only those in sight are loaded", async () => {
  const many = new FnNode(
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "daggr-many-"));
      return Promise.all(
        Array.from({ length: 500 }, async (_, index) => {
          const image = join(folder, `${index}.png`);
          await writeFile(image, await png(`rgb(${index % 250}, ${index >> 1}, 9)`, 4));
          return { image, caption: `Number ${index + 1}` };
        }),
      );
    },
    { name: "many", inputs: {}, outputs: { all: gr.Gallery({ label: "All", columns: 5 }) } },
  );
  await using canvas = await openCanvas(() => new Graph({ name: "Many", nodes: [many] }));
  const { page } = canvas;
  const loaded = new Set<string>();
  page.on("request", (request) => request.url().includes("/files/") && loaded.add(request.url()));
  await run(page, "many");
  const all = page.getByRole("list", { name: "All" });
  await all.getByRole("button", { name: "Number 500", exact: true }).waitFor();
  await expect.poll(() => loaded.size).toBeGreaterThan(0);
  expect(loaded.size).toBeLessThan(200);
  await all.getByRole("button", { name: "Number 1", exact: true }).focus();
  await page.keyboard.press("End");
  expect(
    await all.getByRole("button", { name: "Number 500" }).evaluate((it) => it === document.activeElement),
  ).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("500 of 500").waitFor();
});

test("the handle of an image slider is where the pointer is", async () => {
  const keep = new FnNode(
    ({ pair }: { pair: [string, string] }) => pair.map((path) => basename(path)).join(),
    {
      name: "keep",
      inputs: { pair: gr.ImageSlider({ label: "Pair" }) },
      outputs: { names: gr.Textbox({ label: "Names" }) },
    },
  );
  await using canvas = await openCanvas(() => new Graph({ name: "Pair", nodes: [keep] }));
  const { page } = canvas;
  for (const [at, name] of ["red", "blue"].entries()) {
    const file = { name: `${name}.png`, mimeType: "image/png", buffer: await png(name, 200) };
    await page.locator("input[type=file]").nth(at).setInputFiles(file);
    await page.getByTitle(`${name}.png`).waitFor();
  }
  const handle = page.getByRole("slider", { name: /^Pair/ });
  for (const part of [0.25, 0.9]) {
    await cardsAreStill(page);
    const box = (await handle.boundingBox())!;
    const middle = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * part, middle, { steps: 5 });
    await page.mouse.up();
    expect(Math.abs(Number(await handle.inputValue()) - part * 100)).toBeLessThanOrEqual(1);
  }
  await handle.press("Home");
  expect(await handle.inputValue()).toBe("0");
  await run(page, "keep");
  await cardSays(page, "keep", "red.png,blue.png");
});

const hostile = [
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" onload="top.owned=1"><rect width="20" height="20" fill="red"/></svg>',
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><script>top.owned=1;window.owned=1</script><rect width="9" height="9"/></svg>',
  '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20"><image xlink:href="http://evil.example/x.png" width="9" height="9"/><use href="data:image/svg+xml,&lt;svg id=\'x\' xmlns=\'http://www.w3.org/2000/svg\' onload=\'top.owned=1\'/&gt;#x"/></svg>',
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><foreignObject width="20" height="20"><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="javascript:top.owned=1"/><img src="x" onerror="top.owned=1"/></body></foreignObject></svg>',
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><a href="javascript:top.owned=1"><rect width="20" height="20"/></a><animate attributeName="x" onbegin="top.owned=1" dur="1s"/><set attributeName="href" to="javascript:top.owned=1"/></svg>',
];

test("an SVG from a stranger is a picture and runs nothing, wherever it stands", async () => {
  const draw = new FnNode(
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "daggr-svg-"));
      const paths = await Promise.all(
        hostile.map(async (text, index) => {
          const path = join(folder, `hostile-${index}.svg`);
          await writeFile(path, text);
          return path;
        }),
      );
      return {
        image: paths[1]!,
        drawn: paths[0]!,
        pair: [paths[2]!, paths[3]!] as [string, string],
        all: paths.map((image) => ({ image, caption: `<img src=x onerror="top.owned=1">` })),
      };
    },
    {
      name: "draw",
      inputs: {},
      outputs: {
        image: gr.Image({ label: "Image" }),
        drawn: gr.ImageEditor({ label: "Drawn" }),
        pair: gr.ImageSlider({ label: "Pair" }),
        all: gr.Gallery({ label: "All" }),
      },
    },
  );
  await using canvas = await openCanvas(() => new Graph({ name: "Hostile", nodes: [draw] }));
  const { page } = canvas;
  const popups: string[] = [];
  page.on("dialog", (dialog) => popups.push(dialog.message()));
  await run(page, "draw");
  const shown = card(page, "draw").getByRole("img", { name: /^Image: / });
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(20);
  for (const name of ["Image", "Drawn", "All"]) {
    await page.getByRole("button", { name: `Look closer at ${name} of draw` }).click();
    await page.getByRole("dialog").locator("img").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  const url = (await shown.getAttribute("src"))!;
  const saved = page.waitForEvent("download");
  await page.evaluate((address) => {
    location.href = address;
  }, url);
  expect((await saved).suggestedFilename()).toBe("hostile-1.svg");
  expect(await page.evaluate(() => "owned" in window)).toBe(false);
  expect(popups).toEqual([]);
});

test("values of other types are shown as JSON, with a note", async () => {
  const wrong = new FnNode<any, any, any>(() => [{ url: "https://example.com/a.png" }], {
    name: "wrong",
    inputs: {},
    outputs: { all: gr.Gallery({ label: "All" }) } as never,
  });
  await using canvas = await openCanvas(() => new Graph({ name: "Wrong", nodes: [wrong as never] }));
  const { page } = canvas;
  await run(page, "wrong");
  await card(page, "wrong").getByText("https://example.com/a.png").waitFor();
  await card(page, "wrong").getByText("Not a value for gallery, shown as JSON").waitFor();
});
