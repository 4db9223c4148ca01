/** Properties of Gradio's fields that change what a person can do: buttons, directions, digits, columns that stay. */
import { FnNode, Graph, gr } from "daggr";
import { expect, test } from "vitest";
import { card, cardSays, openCanvas } from "./open-canvas.ts";

test("Enter and the button of a text run what it is for; a slider rounds, choices are written from right to left", async () => {
  const given: Record<string, unknown>[] = [];
  const graph = () => {
    const keep = new FnNode(
      (all: Record<string, unknown>) => {
        given.push(all);
        return `kept ${given.length}`;
      },
      {
        name: "keep",
        inputs: {
          line: gr.Textbox({ label: "Line", maxLines: 1, submitBtn: "Go" }),
          plain: gr.Textbox({ label: "Plain", maxLines: 1 }),
          size: gr.Slider({ label: "Size", maximum: 1, precision: 3, value: 0.5 }),
          side: gr.Radio({ label: "Side", choices: ["a", "b"], value: "a", rtl: true }),
          sides: gr.CheckboxGroup({ label: "Sides", choices: ["a", "b"], rtl: true }),
        } as never,
        outputs: { done: gr.Textbox({ label: "Done" }) },
      },
    );
    return new Graph({ name: "Submits", nodes: [keep] });
  };
  await using canvas = await openCanvas(graph, { viewport: { width: 1280, height: 1000 } });
  const { page } = canvas;
  const line = page.getByRole("textbox", { name: "Line" });
  await page.getByRole("spinbutton", { name: "Size, as a number" }).fill("0.123");
  await line.fill("first");
  await line.press("Enter");
  await cardSays(page, "keep", "kept 1");
  expect(given.at(-1)).toMatchObject({ line: "first", size: 0.123 });
  await line.fill("second");
  await page.getByRole("button", { name: "Go: Line" }).click();
  await cardSays(page, "keep", "kept 2");
  expect(given.at(-1)).toMatchObject({ line: "second" });
  const plain = page.getByRole("textbox", { name: "Plain" });
  await plain.fill("third");
  await plain.press("Enter");
  await cardSays(page, "keep", /Stale/);
  expect(given).toHaveLength(2);
  for (const [role, name] of [
    ["radiogroup", "Side"],
    ["group", "Sides"],
  ] as const)
    expect(await page.getByRole(role, { name, exact: true }).getAttribute("dir")).toBe("rtl");
});

test("a table keeps its first columns in sight, and shows the rows with a text", async () => {
  const graph = () => {
    const make = new FnNode(
      () => ({
        headers: Array.from({ length: 12 }, (_, column) => `Column ${column}`),
        data: Array.from({ length: 40 }, (_, row) =>
          Array.from({ length: 12 }, (_, column) => `cell ${row}.${column}`),
        ),
      }),
      {
        name: "make",
        outputs: {
          table: gr.Dataframe({
            label: "Table",
            pinnedColumns: 1,
            showSearch: "search",
            showRowNumbers: true,
          }),
        },
      },
    );
    return new Graph({ name: "Table", nodes: [make] });
  };
  await using canvas = await openCanvas(graph);
  const { page } = canvas;
  await page.getByRole("button", { name: "Run make", exact: true }).click();
  const grid = card(page, "make").getByRole("grid", { name: "Table" });
  await grid.waitFor();
  const before = (await grid.getByRole("columnheader", { name: "Column 0" }).boundingBox())!.x;
  await grid.evaluate((box) => {
    box.scrollLeft = 400;
  });
  await expect
    .poll(async () => (await grid.getByRole("columnheader", { name: "Column 0" }).boundingBox())!.x)
    .toBeCloseTo(before, 0);
  expect((await grid.getByRole("gridcell", { name: "cell 0.0", exact: true }).boundingBox())!.x).toBeCloseTo(
    before,
    0,
  );
  await page.getByRole("searchbox", { name: "Search in Table" }).fill("CELL 17.");
  await expect.poll(() => grid.locator("[role=row][data-index]").count()).toBe(1);
  expect(await grid.getByRole("rowheader").textContent()).toBe("18");
  await card(page, "make").getByText("1 of 40 rows").waitFor();
  await page.getByRole("searchbox", { name: "Search in Table" }).fill("");
  await card(page, "make").getByText("40 rows", { exact: true }).waitFor();
});
