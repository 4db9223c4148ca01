/** The pictures of earlier results in a card's foot. */
import { FnNode, Graph, gr } from "daggr";
import sharp from "sharp";
import { expect, test } from "vitest";
import { card, cardSays, openCanvas } from "./open-canvas.ts";

function paintGraph(): Graph {
  const paint = new FnNode(
    async ({ red }: { red: number }, { file }) => {
      const path = file(`red-${red}.png`);
      await sharp({ create: { width: 40, height: 30, channels: 3, background: { r: red, g: 0, b: 0 } } })
        .png()
        .toFile(path);
      return path;
    },
    {
      name: "paint",
      inputs: { red: gr.Number({ label: "Red", value: 10 }) },
      outputs: { picture: gr.Image() },
    },
  );
  return new Graph({ name: "Paint", nodes: [paint] });
}

test("a card shows pictures of the results around its own; one leads back to it, also in the app view", async () => {
  await using canvas = await openCanvas(paintGraph);
  const { page, url } = canvas;
  const paint = card(page, "paint");
  const pictures = paint.getByRole("button", { name: /^Go back to result/ });
  const red = page.getByRole("spinbutton", { name: "Red" });
  for (const [index, value] of ["10", "90", "170", "250"].entries()) {
    await red.fill(value);
    await page.getByRole("button", { name: "Run paint", exact: true }).click();
    await cardSays(page, "paint", `Result ${index + 1} of ${index + 1}`);
    if (index === 0) expect(await pictures.count()).toBe(0);
  }
  const names = () => pictures.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  await expect.poll(names).toEqual([2, 3, 4].map((number) => `Go back to result ${number} of paint`));
  await pictures.first().click();
  await cardSays(page, "paint", "Result 2 of 4");
  expect(await red.inputValue()).toBe("90");
  await expect.poll(names).toEqual([1, 2, 3].map((number) => `Go back to result ${number} of paint`));
  expect(await pictures.nth(1).getAttribute("aria-current")).toBe("true");

  await page.goto(new URL("/app", url).href);
  await page.getByRole("button", { name: "Go back to result 3 of paint" }).click();
  await page.getByRole("group", { name: "paint" }).getByText("Result 3 of 4").waitFor();
});
