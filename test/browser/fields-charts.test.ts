import { readFileSync } from "node:fs";
import { FnNode, Graph, gr } from "daggr";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { card, cardSays, cardsAreStill, openCanvas, zoomTo } from "./open-canvas.ts";

/** As Gradio 6 sends them, from `gr.Plot` and `gr.LinePlot`. */
const sent = JSON.parse(
  readFileSync(new URL("fixtures/gradio-plots.json", import.meta.url), "utf8"),
) as Record<string, Record<string, unknown>>;

const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
const viewport = { width: 1500, height: 1000 };
const hit = (where: string) =>
  `<img src=x onerror="window.owned='${where}'"><script>window.owned='${where}'</script>`;

function show(name: string, values: Record<string, unknown>) {
  return new FnNode(() => values as never, {
    name,
    outputs: Object.fromEntries(Object.keys(values).map((port) => [port, gr.Plot({ label: port })])),
  });
}

test("Gradio's plots of every library are drawn, named after their titles, and follow the theme", async () => {
  const graph = () =>
    new Graph({
      name: "Plots",
      nodes: [
        show("one", { altair: sent["altair"], plotly: sent["plotly"], native: sent["native"] }),
        show("two", {
          matplotlib: sent["matplotlib"],
          bokeh: sent["bokeh"],
          map: { data: [{ type: "scattergeo", lat: [1], lon: [2] }] },
          away: {
            mark: "bar",
            data: { url: "https://example.com/rows.csv" },
            encoding: { x: { field: "a" } },
          },
        }),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport });
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await page.getByRole("figure", { name: "Sold by month" }).locator("svg").waitFor();
  await page.getByRole("figure", { name: "Sales" }).locator(".main-svg").first().waitFor();
  await page.getByRole("figure", { name: "native" }).locator("svg").waitFor();
  const picture = card(page, "two").getByRole("img", { name: "matplotlib" });
  await soon(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
  await cardSays(page, "two", /Bokeh charts are not drawn here/);
  await cardSays(page, "two", /need shapes and tiles from other hosts/);
  await cardSays(page, "two", /Data from example\.com was not loaded/);
  const axis = () =>
    page
      .getByRole("figure", { name: "Sold by month" })
      .locator("text", { hasText: "sold" })
      .first()
      .getAttribute("fill");
  const light = await axis();
  expect(await axeFinds(page)).toEqual([]);
  await page.getByRole("button", { name: /dark/i }).click();
  await soon(axis).not.toBe(light);

  await page.getByRole("button", { name: "Download altair of one" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "PNG" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("altair.png");
  expect(
    readFileSync(await file.path())
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
  await page.getByRole("button", { name: "Download plotly of one" }).click();
  const second = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "SVG" }).click();
  expect(readFileSync(await (await second).path(), "utf8")).toMatch(/^<svg/);
});

test("what lies under the pointer is told at every zoom, and charts resize with their place", async () => {
  const values = [
    { month: "Jan", sold: 3 },
    { month: "Feb", sold: 9 },
  ];
  const graph = () =>
    new Graph({
      name: "Hover",
      nodes: [
        show("charts", {
          bars: {
            title: "Bars",
            data: { values },
            mark: "bar",
            encoding: {
              x: { field: "month", type: "nominal" },
              y: { field: "sold", type: "quantitative" },
              tooltip: [{ field: "sold" }],
            },
          },
          dots: {
            data: [{ type: "scatter", mode: "markers", x: [1, 2, 3], y: [10, 20, 30], marker: { size: 18 } }],
            layout: { title: { text: "Dots" } },
          },
        }),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport });
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  const bars = page.getByRole("figure", { name: "Bars" });
  await bars.locator("svg").waitFor();
  for (const zoom of [1, 0.5, 1.7]) {
    if (zoom !== 1) await zoomTo(page, zoom);
    await bars.scrollIntoViewIfNeeded();
    const bar = bars.locator("path[aria-roledescription='bar']").nth(1);
    await bar.hover();
    const tip = page.locator(".f-chart-tip");
    await soon(() => tip.textContent()).toMatch(/sold(3|9)/);
    const at = (await tip.boundingBox())!;
    const over = (await bar.boundingBox())!;
    expect(Math.abs(at.x - (over.x + over.width / 2))).toBeLessThan(200);
    await page.mouse.move(2, 400);
    await tip.waitFor({ state: "detached" });
    const dots = page.getByRole("figure", { name: "Dots" });
    const point = dots.locator(".point").nth(1);
    // A large card may reach beyond the window: the wheel brings the point into its middle.
    await page.mouse.wheel(0, (await point.boundingBox())!.y - viewport.height / 2);
    await cardsAreStill(page);
    const dot = (await point.boundingBox())!;
    await page.mouse.move(dot.x + dot.width / 2, dot.y + dot.height / 2);
    await soon(() => dots.locator(".hoverlayer").textContent()).toMatch(/20/);
    await page.mouse.move(2, 400);
  }
  const narrow = (await bars.locator("svg").boundingBox())!.width;
  await page.getByRole("button", { name: /back to 100 %/ }).click();
  await page.getByRole("button", { name: "Look closer at bars of charts" }).click();
  const large = page.getByRole("dialog").getByRole("figure", { name: "Bars" }).locator("svg");
  await soon(async () => (await large.boundingBox())?.width ?? 0).toBeGreaterThan(narrow * 1.2);
});

test("hostile plots, chats and names run nothing and ask nobody", async () => {
  const graph = () =>
    new Graph({
      name: "Hostile",
      nodes: [
        show("plots", {
          expression: {
            title: hit("title"),
            data: { values: [{ a: hit("data"), b: 1, link: "javascript:window.owned='href'" }] },
            mark: { type: "bar", tooltip: true },
            encoding: {
              x: { field: "a", type: "nominal" },
              y: { field: "b", type: "quantitative" },
              href: { field: "link" },
              tooltip: { field: "a" },
            },
            usermeta: {
              embedOptions: {
                actions: true,
                loader: { target: "_top" },
                patch: "https://example.com/patch.json",
              },
            },
          },
          code: {
            data: { values: [{ a: 1 }] },
            mark: "point",
            params: [{ name: "p", expr: "constructor.constructor('window.owned=1')()" }],
            transform: [{ calculate: "datum.constructor.constructor('window.owned=2')()", as: "b" }],
            encoding: { x: { field: "b" } },
          },
          bound: {
            data: { values: [{ a: 1 }] },
            mark: "point",
            params: [{ name: "s", value: 1, bind: { input: "range", element: "body" } }],
            encoding: { x: { field: "a" } },
          },
          plotly: {
            data: [
              {
                type: "scatter",
                x: [1],
                y: [1],
                mode: "markers+text",
                text: [hit("text")],
                name: hit("name"),
                hovertemplate: `${hit("hover")}<a href="javascript:window.owned='a'">x</a>`,
              },
            ],
            layout: {
              title: { text: `${hit("plotly title")}<a href="javascript:window.owned='title link'">t</a>` },
              images: [{ source: "https://example.com/x.png" }],
              annotations: [{ text: hit("note"), x: 1, y: 1 }],
            },
          },
          nothing: { type: "plotly", plot: "{broken" },
          empty: { data: [], layout: 5 },
          number: 5,
        }),
        new FnNode(
          () =>
            [
              {
                role: "assistant",
                content: hit("chat"),
                metadata: { title: hit("thought"), log: hit("log") },
                options: [{ value: hit("option") }],
              },
              { role: "user", content: { path: "/etc/passwd" } },
              [hit("pair"), null],
            ] as never,
          { name: "talk", outputs: { chat: gr.Chatbot({ label: hit("label") }) } },
        ),
        new FnNode(
          (_: object, { log }) => {
            log(
              `\u001b[31m${hit("ansi")}\u001b[0m \u001b]8;;javascript:window.owned='osc'\u0007link\u001b]8;;\u0007`,
            );
            return "x";
          },
          { name: "tell", outputs: { text: gr.Textbox() } },
        ),
      ],
    });
  await using canvas = await openCanvas(graph, { viewport });
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await cardSays(page, "talk", /thought/);
  await cardSays(page, "plots", /It is no figure/);
  const bar = card(page, "plots").locator("path[aria-roledescription='bar']").first();
  await bar.waitFor();
  await bar.hover();
  await page.locator(".f-chart-tip").getByText("<script>").waitFor();
  await bar.click();
  const point = card(page, "plots").locator(".point").first();
  await point.hover({ force: true });
  await page.waitForTimeout(300);
  for (const link of await card(page, "plots").locator("svg a").all())
    await link.click({ force: true, timeout: 1000 }).catch(() => {});
  await page.getByRole("button", { name: "Run options of tell" }).click();
  await page.getByRole("menuitem", { name: /log/i }).click();
  await page.getByRole("log", { name: "Log of tell" }).locator(".ansi-red-fg").waitFor();
  expect(await page.getByRole("log", { name: "Log of tell" }).locator("a, img, script").count()).toBe(0);
  expect(await page.locator("body > .vega-bind, body > form").count()).toBe(0);
  expect(await page.evaluate(() => (window as { owned?: unknown }).owned)).toBeUndefined();
  expect(canvas.browser.foreignRequests).toEqual([]);
});

test("a conversation is written with examples, streams without moving the reader, and shows files and thoughts", async () => {
  let say: (() => void) | undefined;
  const graph = () => {
    const talk = new FnNode(
      async function* ({ history }: { history: { role: "user"; content: string }[] }) {
        const long = Array.from({ length: 12 }, (_, at) => ({
          role: "assistant" as const,
          content: `Line ${at + 1} of **many**`,
        }));
        yield [...history, ...long];
        await new Promise<void>((resolve) => {
          say = resolve;
        });
        yield [
          ...history,
          ...long,
          {
            role: "assistant" as const,
            content: "And one more.",
            metadata: { title: "Looked it up", status: "done" as const, duration: 2 },
          },
        ];
      } as never,
      {
        name: "talk",
        inputs: { history: gr.Chatbot({ label: "History", examples: ["What is a squid?"] }) },
        outputs: { chat: gr.Chatbot({ label: "Talk", height: 200 }) },
      },
    );
    return new Graph({ name: "Chat", nodes: [talk] });
  };
  await using canvas = await openCanvas(graph, { viewport });
  const { page } = canvas;
  await page.getByRole("button", { name: "What is a squid?" }).click();
  await page.getByRole("log", { name: "History" }).getByText("What is a squid?").waitFor();
  await page.getByRole("textbox", { name: "New message of History" }).fill("A <b>mollusc</b>");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove message 2" }).press("Enter");
  await page.getByRole("log", { name: "History" }).getByText("mollusc").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Run talk", exact: true }).click();
  const log = page.getByRole("log", { name: "Talk", exact: true });
  await log.getByText("Line 12").waitFor();
  const place = () =>
    log.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));
  await soon(place).toBeLessThan(3);
  await log.evaluate((element) => element.scrollTo(0, 40));
  await soon(() => log.evaluate((element) => element.scrollTop)).toBe(40);
  await page.waitForTimeout(100);
  say?.();
  await log.getByText("Looked it up").waitFor({ state: "attached" });
  expect(await log.evaluate((element) => element.scrollTop)).toBe(40);
  expect(await log.getByText("And one more.").isVisible()).toBe(false);
  await log.getByText("Looked it up").click();
  await log.getByText("And one more.").waitFor();
  expect(await axeFinds(page)).toEqual([]);
});
