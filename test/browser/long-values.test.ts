/** Values of a size that nobody meant. */
import { FnNode, Graph, gr } from "daggr";
import { expect, test } from "vitest";
import { card, openCanvas } from "./open-canvas.ts";

test("megabytes of text and Markdown leave the page quick, and all of them can be had", async () => {
  const graph = () =>
    new Graph({
      name: "Long",
      nodes: [
        new FnNode(
          () => ({
            text: "word and more\n".repeat(350_000),
            line: "x".repeat(5_000_000),
            page: "# word and more\n\n".repeat(50_000),
          }),
          {
            name: "write",
            outputs: {
              text: gr.Textbox({ label: "Text" }),
              line: gr.Textbox({ label: "Line" }),
              page: gr.Markdown({ label: "Page" }),
            },
          },
        ),
      ],
    });
  await using canvas = await openCanvas(graph, { permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  const write = card(page, "write");
  await write.getByText(/^The first 49,\d+ of 4,900,000 characters/).waitFor();
  await write.getByText(/^The first 50,000 of 5,000,000 characters/).waitFor();
  await write.getByText(/^The first [\d,]+ of 850,000 characters/).waitFor();
  const answersMs = await page.evaluate(async () => {
    const from = performance.now();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - from;
  });
  expect(answersMs).toBeLessThan(2_000);
  await write.getByRole("button", { name: "Copy Text of write" }).click();
  await page.getByText("Copied", { exact: true }).waitFor();
  expect(await page.evaluate(async () => (await navigator.clipboard.readText()).length)).toBe(4_900_000);
});
