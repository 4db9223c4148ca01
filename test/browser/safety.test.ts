import { FnNode, Graph, gr } from "daggr";
import { expect, test } from "vitest";
import { hostile as hostileTexts } from "./hostile.ts";
import { card, cardsAreStill, openCanvas } from "./open-canvas.ts";
import { unsafeAttributes } from "./unsafe-attributes.ts";

const hostile = [
  "<img src=x onerror=\"window.owned='img'\">",
  "<svg><script>window.owned='svg'</script></svg>",
  "<script>window.owned='script'; parent.owned='parent'; top.owned='top'</script>",
  "<a href=\"javascript:window.owned='link'\">link</a>",
  "[md](javascript:window.owned='md')",
  "<iframe srcdoc=\"<script>parent.owned='frame'</script>\"></iframe>",
  '<img src="https://example.com/pixel.png">',
  '<form action="https://example.com"><button>go</button></form>',
  "<style>body{display:none}</style>",
].join("\n\n");

function hostileGraph(): Graph {
  const speak = new FnNode(
    () => ({
      markdown: hostile,
      html: hostile,
      chat: [{ role: "assistant" as const, content: hostile }],
      text: hostile,
      wrong: "not a label" as never,
      json: { a: hostile },
    }),
    {
      name: "speak",
      outputs: {
        markdown: gr.Markdown({ label: "As Markdown" }),
        html: gr.HTML({ label: "As HTML" }),
        chat: gr.Chatbot({ label: "As chat" }),
        text: gr.Textbox({ label: "As text" }),
        wrong: gr.JSON({ label: "Wrong" }),
        json: gr.JSON({ label: "As JSON" }),
      },
    },
  );
  return new Graph({ name: `<b>Hostile</b>`, nodes: [speak] });
}

test("hostile Markdown, HTML and chat run nothing, ask nobody and change nothing of the page", async () => {
  await using canvas = await openCanvas(hostileGraph, { viewport: { width: 1280, height: 1400 } });
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await card(page, "speak").getByRole("region", { name: "As Markdown" }).waitFor();
  await page.frameLocator("iframe").first().locator("body").waitFor({ state: "attached" });
  await page.waitForTimeout(500);
  const links = page.getByRole("link", { name: /^(link|md)$/ });
  for (const link of await links.all()) expect(await link.getAttribute("href")).toBeNull();
  expect(await page.evaluate(() => (window as { owned?: string }).owned)).toBeUndefined();
  expect(await page.evaluate(() => getComputedStyle(document.body).display)).not.toBe("none");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("<b>Hostile</b>");
  const frame = page.locator("iframe").first();
  expect(await frame.getAttribute("sandbox")).toBe("");
  expect(canvas.browser.foreignRequests).toEqual([]);
});

/** Every field of texts and data shows the hostile texts, each in every place that it has for a text. */
function hostileFieldsGraph(): Graph {
  const all = hostileTexts.join("\n\n");
  const speak = new FnNode(
    (_given: Record<string, unknown>) => ({
      markdown: all,
      html: all,
      code: all,
      area: all,
      json: Object.fromEntries(hostileTexts.map((text) => [text, [text]])),
      table: {
        headers: hostileTexts.slice(0, 4),
        data: hostileTexts.map((text) => [text, text, text, text]),
      },
      label: Object.fromEntries(hostileTexts.slice(0, 6).map((text, index) => [text, 1 / (index + 1)])),
      marked: hostileTexts.map((text): [string, string] => [text, text]),
      rows: hostileTexts.map((text) => ({ line: text })),
      wrong: hostileTexts as never,
    }),
    {
      name: "speak",
      inputs: {
        choice: gr.Dropdown({ label: "Choice", choices: hostileTexts, value: hostileTexts[0]! }),
        several: gr.Dropdown({
          label: "Several",
          choices: hostileTexts,
          multiselect: true,
          value: [...hostileTexts.slice(0, 3)],
        }),
        radio: gr.Radio({ label: "Radio", choices: hostileTexts, value: hostileTexts[2]! }),
        group: gr.CheckboxGroup({ label: "Group", choices: hostileTexts }),
        text: gr.Textbox({
          label: hostileTexts[2]!,
          info: hostileTexts[2]!,
          placeholder: hostileTexts[2]!,
          value: all,
        }),
      },
      outputs: {
        markdown: gr.Markdown({ label: "As Markdown" }),
        html: gr.HTML({ label: "As HTML" }),
        code: gr.Code({ label: "As code", language: "html" }),
        area: gr.TextArea({ label: "As text" }),
        json: gr.JSON({ label: "As JSON" }),
        table: gr.Dataframe({ label: "As table", datatype: ["str", "markdown", "html", "auto"] }),
        label: gr.Label({ label: "As label" }),
        marked: gr.HighlightedText({
          label: "As marked text",
          showLegend: true,
          colorMap: { x: "url(https://evil.example)" },
        }),
        rows: gr.ItemList({ line: gr.Textbox() }, { label: "As rows" }),
        wrong: gr.Markdown({ label: "Wrong" }),
      },
    },
  );
  return new Graph({ name: "Hostile fields", nodes: [speak] });
}

test("OWASP's strings as values of every text and data field run nothing and ask nobody, on the card and full screen", async () => {
  await using canvas = await openCanvas(hostileFieldsGraph, { viewport: { width: 1400, height: 1400 } });
  const { page } = canvas;
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  const speak = card(page, "speak");
  await speak.getByRole("region", { name: "As Markdown" }).waitFor();
  await speak.getByRole("grid", { name: "As table" }).waitFor();
  await speak.getByRole("tree", { name: "As JSON" }).waitFor();
  await cardsAreStill(page);
  for (const label of ["As Markdown", "As HTML", "As code", "As table", "As marked text", "As JSON"]) {
    // By keyboard: the card is taller than the window, and the page brings into sight what has the focus.
    await page.getByRole("button", { name: `Look closer at ${label} of speak` }).press("Enter");
    await page.getByRole("dialog").locator(".field-slot").first().waitFor();
    await page.waitForTimeout(150);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  expect(await unsafeAttributes(page)).toEqual([]);
  expect(dialogs).toEqual([]);
  expect(await page.evaluate(() => (window as { owned?: unknown }).owned)).toBeUndefined();
  expect(await page.evaluate(() => getComputedStyle(document.body).display)).not.toBe("none");
  expect(canvas.browser.foreignRequests).toEqual([]);
});
