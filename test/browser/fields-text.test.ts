/** Fields of texts and data, used as a person would; what the server kept is what a run is given. */
import { FnNode, Graph, gr } from "daggr";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { card, cardSays, openCanvas } from "./open-canvas.ts";

interface Kept {
  last: Record<string, unknown>;
}

const big = {
  headers: Array.from({ length: 20 }, (_, n) => `C${n + 1}`),
  data: Array.from({ length: 10_000 }, (_, row) =>
    Array.from({ length: 20 }, (_, column) => row * 20 + column),
  ),
};

function paste(target: Locator, text: string): Promise<void> {
  return target.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Runs the step and gives what it was given. */
async function run(page: Page, kept: Kept): Promise<Record<string, unknown>> {
  const before = Number(kept.last["run"] ?? 0);
  await page.getByRole("button", { name: "Run keep", exact: true }).click();
  await expect.poll(() => kept.last["run"], { timeout: 15_000 }).toBe(before + 1);
  await cardSays(page, "keep", `run ${before + 1}`);
  return kept.last;
}

function keeping(kept: Kept, inputs: Record<string, unknown>): Graph {
  let runs = 0;
  const keep = new FnNode(
    (given: Record<string, unknown>) => {
      kept.last = { ...given, run: ++runs };
      return `run ${runs}`;
    },
    { name: "keep", inputs: inputs as never, outputs: { done: gr.Textbox({ label: "Done" }) } },
  );
  return new Graph({ name: "Kept", nodes: [keep] });
}

test("texts, numbers, choices, colours and dates are kept as they were entered", async () => {
  const kept: Kept = { last: {} };
  await using canvas = await openCanvas(
    () =>
      keeping(kept, {
        line: gr.Textbox({ label: "Line", maxLength: 20 }),
        secret: gr.Textbox({ label: "Secret", type: "password" }),
        count: gr.Number({ label: "Count", value: 5, minimum: 0, maximum: 5000, precision: 1 }),
        size: gr.Slider({ label: "Size", maximum: 10, value: 3 }),
        style: gr.Dropdown({ label: "Style", choices: ["ink", "oil"], allowCustomValue: true, value: "ink" }),
        tags: gr.Dropdown({
          label: "Tags",
          choices: [
            ["Red", 1],
            ["Green", 2],
            ["Blue", 3],
          ],
          multiselect: true,
          maxChoices: 2,
        }),
        group: gr.CheckboxGroup({ label: "Group", choices: ["a", "b", "c"], showSelectAll: true }),
        paint: gr.ColorPicker({ label: "Paint", value: "#000000" }),
        when: gr.DateTime({ label: "When", value: "2026-01-31T12:00:00+02:00" }),
      }),
    { viewport: { width: 1400, height: 1400 } },
  );
  const { page } = canvas;
  await page.getByRole("textbox", { name: "Line" }).fill("seventeen letters");
  await page.getByText("17 of 20 characters").waitFor();
  const secret = page.getByLabel("Secret", { exact: true });
  await secret.fill("s3cret");
  expect(await secret.getAttribute("type")).toBe("password");
  await page.getByRole("button", { name: "Show Secret" }).click();
  expect(await secret.getAttribute("type")).toBe("text");

  const count = page.getByRole("spinbutton", { name: "Count" });
  await count.focus();
  await page.mouse.move(...(await middle(count)));
  await page.mouse.wheel(0, 240);
  expect(await count.inputValue()).toBe("5");
  await paste(count, "€ 1,234.56");
  expect(await count.inputValue()).toBe("1234.6");
  const size = page.getByRole("spinbutton", { name: "Size, as a number" });
  await size.fill("70");
  await size.blur();
  expect(await size.inputValue()).toBe("10");

  await page.getByRole("combobox", { name: "Style" }).click();
  await page.keyboard.type("chalk");
  await page.keyboard.press("Tab");
  const tags = page.getByRole("combobox", { name: "Tags" });
  await tags.focus();
  for (const name of ["Gre", "Red"]) {
    await page.keyboard.type(name);
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  }
  expect(await page.getByRole("option", { name: "Blue" }).getAttribute("aria-disabled")).toBe("true");
  await page.keyboard.press("Escape");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  expect(await tags.evaluate((input) => document.activeElement === input)).toBe(true);

  await page.getByRole("checkbox", { name: "All" }).check();
  await page.getByRole("checkbox", { name: "b", exact: true }).uncheck();
  await page.getByRole("textbox", { name: "Paint, as a code" }).fill("ff8800");
  await page.getByRole("textbox", { name: "Paint, as a code" }).press("Enter");
  await page.getByLabel("When", { exact: true }).fill("2026-02-01T08:30");
  expect(await run(page, kept)).toMatchObject({
    line: "seventeen letters",
    secret: "s3cret",
    count: 1234.6,
    size: 10,
    style: "chalk",
    tags: [2, 1],
    group: ["a", "c"],
    paint: "#ff8800",
    when: "2026-02-01T08:30:00+02:00",
  });
  await count.fill("9000");
  await page.getByRole("alert").getByText(/5000/).waitFor();
  await count.fill("12");
  await page.getByRole("alert").waitFor({ state: "detached" });
});

async function middle(locator: Locator): Promise<[number, number]> {
  const { x, y, width, height } = (await locator.boundingBox())!;
  return [x + width / 2, y + height / 2];
}

test("code is typed, indented, searched and left by keyboard; JSON says where it cannot be read", async () => {
  const kept: Kept = { last: {} };
  await using canvas = await openCanvas(
    () =>
      keeping(kept, {
        code: gr.Code({ label: "Code", language: "python" }),
        json: gr.JSON({ label: "Settings", value: { calm: true } }),
      }),
    { viewport: { width: 1400, height: 1000 } },
  );
  const { page } = canvas;
  const code = page.getByRole("textbox", { name: "Code" });
  await code.click();
  await page.keyboard.type("def beat():\nreturn 3");
  await page.locator(".cm-content .tok-keyword").getByText("def").waitFor();
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).fill("beat");
  await page.keyboard.press("Escape");
  await code.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Tab");
  expect(await code.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  expect(await code.evaluate((element) => element.contains(document.activeElement))).toBe(false);

  const json = page.getByRole("textbox", { name: "Settings" });
  await json.fill('{"calm": false,\n  loud: 1}');
  await page.getByText("expected a key in double quotes, got 'l'").waitFor();
  await page.getByRole("button", { name: "Line 2, column 3" }).click();
  expect(await json.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  expect((await run(page, kept))["json"]).toEqual({ calm: true });
  await json.fill('{"calm": [1, 2]}');
  await page.getByText("expected a key").waitFor({ state: "detached" });
  const given = await run(page, kept);
  expect(given["json"]).toEqual({ calm: [1, 2] });
  expect(String(given["code"])).toMatch(/^def beat\(\):\n\s*return 3/);
});

test.each([0.5, 1, 1.7])(
  "at zoom %d the cell that is pointed at is edited, and a spreadsheet's cells are taken in",
  async (zoom) => {
    const kept: Kept = { last: {} };
    const table = {
      headers: ["Name", "Hearts"],
      data: [
        ["Octopus", 3],
        ["Human", 1],
        ["Worm", 5],
        ["Squid", 3],
      ],
    };
    await using canvas = await openCanvas(
      () =>
        keeping(kept, { table: gr.Dataframe({ label: "Table", value: table, datatype: ["str", "number"] }) }),
      { viewport: { width: 1500, height: 1100 } },
    );
    const { page } = canvas;
    await page.evaluate((zoom) => {
      const layer = document.querySelector<HTMLElement>(".svelte-flow__viewport")!;
      layer.style.transform = `translate(120px, 90px) scale(${zoom})`;
    }, zoom);
    const grid = page.getByRole("grid", { name: "Table" });
    await page.mouse.dblclick(...(await middle(grid.getByRole("gridcell", { name: "Worm" }))));
    expect(await page.getByRole("textbox", { name: "Name, row 3" }).inputValue()).toBe("Worm");
    await page.keyboard.type("Earthworm");
    await page.keyboard.press("Tab");
    await page.keyboard.type("five");
    await page.keyboard.press("Enter");
    await page.locator(".f-cell-edit[aria-invalid=true]").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.type("2");
    await page.keyboard.press("Enter");
    await page.mouse.click(...(await middle(grid.getByRole("gridcell", { name: "Squid" }))));
    await paste(grid, "Snail\t1\nLeech\t32\nCrab\t1");
    await page.getByRole("columnheader", { name: "Name" }).click();
    await expect.poll(() => grid.getByRole("gridcell").first().textContent()).toBe("Crab");
    await page.getByRole("button", { name: "Add row" }).click();
    await page.keyboard.press("Control+c");
    expect((await run(page, kept))["table"]).toEqual({
      headers: ["Name", "Hearts"],
      data: [
        ["Octopus", 3],
        ["Human", 2],
        ["Earthworm", 5],
        ["Snail", 1],
        ["Leech", 32],
        ["Crab", 1],
        ["", null],
      ],
    });
  },
);

test("a table of 10,000 rows and a value of thousands of keys are quick: only what is in sight is there", async () => {
  const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`key ${n}`, { n }]));
  const make = new FnNode(() => ({ table: big, json: keys }), {
    name: "make",
    outputs: { table: gr.Dataframe({ label: "Big" }), json: gr.JSON({ label: "Keys" }) },
  });
  await using canvas = await openCanvas(() => new Graph({ name: "Big", nodes: [make] }));
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  const grid = card(page, "make").getByRole("grid", { name: "Big" });
  await grid.waitFor();
  expect(await grid.getByRole("row").count()).toBeLessThan(60);
  await grid.focus();
  await page.keyboard.press("Control+End");
  await grid.getByRole("gridcell", { name: "199999" }).waitFor();
  const tree = card(page, "make").getByRole("tree", { name: "Keys" });
  expect(await tree.getByRole("treeitem").count()).toBeLessThan(60);
  await page.getByRole("searchbox", { name: "Search in Keys" }).fill("key 4321");
  await tree.getByRole("treeitem", { name: /key 4321/ }).waitFor();
  await tree.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await card(page, "make").getByText('["key 4321"].n').waitFor();
});

test("items are added from a spreadsheet, moved and removed, and the keyboard stays with its row", async () => {
  const kept: Kept = { last: {} };
  await using canvas = await openCanvas(
    () =>
      keeping(kept, {
        lines: gr.ItemList(
          {
            who: gr.Dropdown({
              choices: [
                ["The host", "host"],
                ["The guest", "guest"],
              ],
            }),
            says: gr.Textbox(),
            times: gr.Number(),
          },
          { label: "Lines", value: [{ who: "host", says: "Hello", times: 1 }] },
        ),
      }),
    { viewport: { width: 1400, height: 1200 } },
  );
  const { page } = canvas;
  const add = page.getByRole("button", { name: "Add an item" });
  await paste(add, "The guest\tHi\t2\nhost\tBye\t3");
  await page.getByRole("textbox", { name: "says, row 3" }).waitFor();
  await page.getByRole("button", { name: "Move up item 3" }).press("Enter");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
    .toBe("Move up item 2");
  await page.getByRole("button", { name: "Remove item 1" }).press("Enter");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
    .toBe("Remove item 1");
  await page.getByRole("spinbutton", { name: "times, row 2" }).fill("");
  expect((await run(page, kept))["lines"]).toEqual([
    { who: "host", says: "Bye", times: 3 },
    { who: "guest", says: "Hi", times: null },
  ]);
});

test("Markdown sets formulas, colours code and shows tables, and its links open elsewhere", async () => {
  const write = new FnNode(
    () =>
      "Costs $5 or $6. Inline $a^2$.\n\n$$\\frac12$$\n\n- [x] done\n\n```python\ndef beat(): pass\n```\n\n[site](https://example.com)\n\n|a|b|\n|-|-|\n|1|2|",
    { name: "write", outputs: { text: gr.Markdown({ label: "Text" }) } },
  );
  await using canvas = await openCanvas(() => new Graph({ name: "Markdown", nodes: [write] }));
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  const text = card(page, "write").getByRole("region", { name: "Text" });
  await text.locator(".katex").nth(1).waitFor();
  expect(await text.locator(".katex").count()).toBe(2);
  expect(await text.locator("p").first().textContent()).toContain("Costs $5 or $6.");
  await text.locator(".tok-keyword").getByText("def").waitFor();
  expect(await text.getByRole("link", { name: "site" }).getAttribute("rel")).toContain("noopener");
  expect(await text.getByRole("link", { name: "site" }).getAttribute("target")).toBe("_blank");
  await text.getByText("☑ done").waitFor();
  expect(await text.getByRole("cell").count()).toBe(2);
});
