import { FnNode, Graph, gr } from "daggr";
import { expect, test } from "vitest";
import { card, openCanvas } from "./open-canvas.ts";

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
