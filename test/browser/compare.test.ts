import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FnNode, Graph, gr } from "daggr";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { wav } from "../../web/dev/wav.ts";
import { axeFinds } from "./axe.ts";
import { card, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

/** One step with a value of every kind that is compared in its own way. */
function mediaGraph(): Graph {
  const make = new FnNode(
    async ({ red }: { red: number }) => {
      const file = (name: string) => join(tmpdir(), `daggr-compare-${process.pid}-${red}-${name}`);
      const image = {
        create: { width: 40, height: 20, channels: 3, background: { r: red, g: 40, b: 40 } },
      } as const;
      await writeFile(file("a.png"), await sharp(image).png().toBuffer());
      const sound = wav(1, 8000, (at) => Math.sin((at * (200 + red) * 6.283) / 8000) * 0.3);
      await writeFile(file("a.wav"), sound);
      return {
        poem: `The ${red === 10 ? "small" : "large"} boat\nsails far away`,
        picture: file("a.png"),
        sound: file("a.wav"),
        score: red / 10,
        facts: { red, tags: ["sea", `n${red}`] },
      };
    },
    {
      name: "make",
      inputs: { red: gr.Number({ label: "Red", value: 10 }) },
      outputs: {
        poem: gr.Textbox({ label: "Poem" }),
        picture: gr.Image({ label: "Picture" }),
        sound: gr.Audio({ label: "Sound" }),
        score: gr.Number({ label: "Score" }),
        facts: gr.JSON({ label: "Facts" }),
      },
    },
  );
  return new Graph({ name: "Media", nodes: [make] });
}

async function run(page: Page, reds: readonly number[]): Promise<void> {
  for (const [index, red] of reds.entries()) {
    await page.getByRole("spinbutton", { name: "Red" }).fill(String(red));
    await page.getByRole("button", { name: /^Run (all|\d stale)$/ }).click();
    await cardSays(page, "make", new RegExp(`^Result ${index + 1} of`));
  }
}

test("two results are compared, each kind of value in its own way", async () => {
  await using canvas = await openCanvas(mediaGraph);
  const { page } = canvas;
  await run(page, [10, 60]);
  await chooseFromMenu(page, "Run options of make", "Compare results…");
  const dialog = page.getByRole("dialog", { name: "Compare results of make" });
  const inputs = dialog.getByRole("region", { name: "What differed in the inputs" });
  await dialog.getByRole("deletion").filter({ hasText: "small" }).waitFor();
  await dialog.getByRole("insertion").filter({ hasText: "large" }).waitFor();
  await inputs.getByRole("deletion").filter({ hasText: "10" }).waitFor();
  await inputs.getByRole("insertion").filter({ hasText: "60" }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await dialog.getByRole("radio", { name: "Two columns" }).click();
  await dialog.getByRole("insertion").filter({ hasText: "large" }).waitFor();

  const output = dialog.getByRole("combobox", { name: "Output that is compared" });
  await output.selectOption("Picture");
  const slider = dialog.getByRole("slider", { name: /how much of the first/ });
  await slider.focus();
  await page.keyboard.press("Home");
  expect(await slider.inputValue()).toBe("0");
  await dialog.getByRole("radio", { name: "Difference" }).click();
  await dialog.getByText("100.0 % of the picture differs.").waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await dialog.getByRole("radio", { name: "Side by side" }).click();
  expect(await dialog.getByRole("region", { name: /^(First|Second): result/ }).count()).toBe(2);

  await output.selectOption("Score");
  await dialog.getByText("+5, +500.0 %").waitFor();
  await output.selectOption("Facts");
  await dialog.getByText("2 changed").waitFor();
  await dialog.getByRole("row", { name: /tags\[2\] n10 n60/ }).waitFor();

  await output.selectOption("Sound");
  await dialog.getByText("0:00 of 0:01").waitFor();
  await dialog.getByRole("radio", { name: "B: result 2" }).click();
  expect(await dialog.getByRole("radio", { name: "B: result 2" }).getAttribute("aria-checked")).toBe("true");
  await dialog.getByRole("button", { name: "Play both" }).click();
  await dialog.getByRole("button", { name: "Pause" }).waitFor();
  await dialog.getByRole("button", { name: "Play both" }).waitFor();
});

test("both sides are stepped through, swapped and gone back to by keyboard, also on a narrow screen", async () => {
  await using canvas = await openCanvas(mediaGraph);
  const { page } = canvas;
  await run(page, [10, 60, 90]);
  const words = card(page, "make").getByRole("button", { name: /^Result 3 of 3/ });
  await words.focus();
  await page.keyboard.press("Enter");
  const history = page.getByRole("dialog", { name: "Results of make" });
  await history.getByRole("button", { name: /Result 3 just now/ }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute("data-row"))).toBe(true);
  await page.keyboard.press("c");
  await history.getByText("Result 3 is marked. Mark another one to compare.").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("c");
  await history.getByRole("button", { name: "Compare results 2 and 3" }).waitFor();
  await page.keyboard.press("Shift+Enter");
  const dialog = page.getByRole("dialog", { name: "Compare results of make" });
  const side = (of: "first" | "second") => dialog.getByRole("group", { name: `Result, ${of}` });
  await side("first").getByText("Result 2 of 3").waitFor();
  await side("second").getByText("Result 3 of 3").waitFor();
  await page.keyboard.press("Shift+ArrowLeft");
  await side("first").getByText("Result 1 of 3").waitFor();
  await page.keyboard.press("ArrowLeft");
  await side("second").getByText("Result 2 of 3").waitFor();
  await page.keyboard.press("s");
  await side("first").getByText("Result 2 of 3").waitFor();
  await side("second").getByText("Result 1 of 3").waitFor();
  await page.setViewportSize({ width: 320, height: 640 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= 320)).toBe(true);
  const [first, second] = [await side("first").boundingBox(), await side("second").boundingBox()];
  expect(second!.y).toBeGreaterThan(first!.y);
  await dialog.getByRole("button", { name: "Go back to result 1" }).click();
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 800 });
  await cardSays(page, "make", /^Result 1 of 3/);
  expect(await page.getByRole("spinbutton", { name: "Red" }).inputValue()).toBe("10");
});
