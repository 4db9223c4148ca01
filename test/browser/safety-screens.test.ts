/** Hostile texts in what stands around the values: names, states, errors, log lines, menus, dialogs, messages, the tab. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChooseNode, FnNode, Graph, gr, oneOf } from "../../src/index.ts";
import { hostile } from "./hostile.ts";
import { canvasIsReady, card, openCanvas } from "./open-canvas.ts";
import { unsafeAttributes } from "./unsafe-attributes.ts";

const all = hostile.join("\n\n");
const [script, , image] = hostile as [string, string, string];
const drawing = `<svg onload=alert(1)>`;
const frame = `<iframe srcdoc="<script>parent.owned=1;parent.alert(1)</script>"></iframe>`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daggr-hostile-"));
});
afterAll(() => rm(folder, { recursive: true }));

function hostileScreens(): Graph {
  const outputs = { said: gr.Textbox({ label: image }) };
  const text = gr.Textbox({ label: script, value: "first" });
  const variant = (name: string) =>
    new FnNode(
      ({ text, more }: { text: string; more: string }, { log, progress }) => {
        progress(0.5, image);
        for (const line of hostile) log(`\u001b[31m${line}\u001b[0m`);
        return `${text}${more}${all}`;
      },
      { name, inputs: { text, more: gr.Textbox({ label: frame, value: "-" }) }, outputs },
    );
  const say = oneOf(variant(drawing), variant(frame), { name: image });
  const list = new FnNode(() => [...hostile.slice(0, 6)], {
    name: "list",
    outputs: { items: gr.JSON<string[]>({ label: drawing }) },
  });
  const fail = new FnNode(
    ({ item, said }: { item: string; said: string }): string => {
      throw new Error(`${item}\n${said}`);
    },
    { name: drawing, inputs: { item: list.items.each, said: say.said }, outputs },
  );
  const pick = new ChooseNode({ name: frame, inputs: { options: list.items } });
  const read = new FnNode(({ file, choice }: { file: string; choice: string }) => file + choice, {
    name: "read",
    inputs: { file: gr.File({ label: "Notes" }), choice: pick.choice },
    outputs,
  });
  return new Graph({ name: image, nodes: [fail, read] });
}

async function isUnharmed(page: Page, where: string): Promise<void> {
  expect(await unsafeAttributes(page), where).toEqual([]);
  const harm = await page.evaluate(() => ({
    owned: (window as { owned?: unknown }).owned,
    // A name that became an element; what fields show of HTML stands in frames.
    made: [...document.querySelectorAll("img[src='x'], svg[onload], iframe[srcdoc*='owned']")].filter(
      (element) => element.closest(".field-slot") === null,
    ).length,
    display: getComputedStyle(document.body).display === "none",
  }));
  expect(harm, where).toEqual({ owned: undefined, made: 0, display: false });
}

test("OWASP's strings run nothing in names, errors, log lines, menus, dialogs, messages and the tab, on the canvas and at /app", async () => {
  await using canvas = await openCanvas(hostileScreens, {
    viewport: { width: 1400, height: 1000 },
    // The import that is refused.
    expectedErrors: [/status of 400/],
  });
  const { page, url, browser } = canvas;
  const dialogs: string[] = [];
  browser.context.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const leave = async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  expect(await page.title()).toContain(image);

  // Run twice, with the other variant: two results, failed items, a question, log lines.
  for (const [index, words] of ["first", "second"].entries()) {
    await page.getByRole("textbox", { name: script }).fill(`${words} ${drawing}`);
    await card(page, image)
      .getByRole("radio", { name: index === 0 ? drawing : frame })
      .click();
    await page.getByRole("button", { name: `Run ${image}`, exact: true }).press("Enter");
    await card(page, image)
      .getByText(`Result ${index + 1} of ${index + 1}`)
      .first()
      .waitFor();
  }
  const file = join(folder, `${image.replaceAll("/", "")}.daggr.zip`);
  await writeFile(file, "no archive");
  await page.locator("[data-node] input[type=file]").setInputFiles(file);
  await page.getByRole("link", { name: /img.*zip/ }).waitFor();
  await page.getByRole("button", { name: /^Run (all|\d+ stale)$/ }).press("Enter");
  await card(page, drawing)
    .getByText(/failed/)
    .first()
    .waitFor();
  await card(page, frame).getByText("Waiting for you").first().waitFor();
  await isUnharmed(page, "cards");

  const menu = async (name: string, item: string | RegExp) => {
    await page.getByRole("button", { name, exact: true }).press("Enter");
    await page.getByRole("menuitem", { name: item }).press("Enter");
  };
  await menu(`Run options of ${image}`, "Show the log");
  await card(page, image).getByText(hostile[4]!).first().waitFor();
  await card(page, image)
    .getByRole("button", { name: /^Result 2 of 2/ })
    .press("Enter");
  await page
    .getByRole("dialog", { name: `Results of ${image}` })
    .getByRole("button", { name: /Result 1/ })
    .first()
    .waitFor();
  await isUnharmed(page, "history");
  await leave();
  await menu(`Run options of ${image}`, "Compare results…");
  await page
    .getByRole("dialog", { name: `Compare results of ${image}` })
    .getByText("What differed")
    .waitFor();
  await isUnharmed(page, "compare");
  await leave();
  await card(page, image).focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Connections" }).press("Enter");
  await page.getByRole("menu", { name: `Connections of ${image}` }).waitFor();
  await isUnharmed(page, "connections");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `Look closer at ${image} of ${image}` }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Inputs" }).press("Enter");
  await isUnharmed(page, "full screen");
  await leave();

  for (const typed of ["<", "owned", "onerror", image, ">"]) {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /^Search/ }).fill(typed);
    await page.getByRole("option").first().waitFor();
    await isUnharmed(page, `search for ${typed}`);
    await leave();
  }

  // Sheets of such a name: in the bar, the list, the dialogs and the messages.
  const sheet = page.getByRole("button", { name: /^Sheet / });
  for (const name of [image, script.slice(0, 60), frame]) {
    await menu((await sheet.getAttribute("aria-label"))!, "Rename sheet");
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("button", { name: "Rename", exact: true }).press("Enter");
    await page.getByRole("button", { name: `Sheet ${name}`, exact: true }).waitFor();
    await menu(`Sheet ${name}`, "Clear sheet");
    await page.getByRole("dialog", { name: "Clear sheet" }).waitFor();
    await isUnharmed(page, `clear ${name}`);
    await leave();
  }
  await menu(`Sheet ${frame}`, "All sheets");
  await page.getByRole("dialog", { name: "Sheets" }).getByText(frame).waitFor();
  await isUnharmed(page, "all sheets");
  await leave();

  // A file that is none of ours, with such a name.
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    menu(`Sheet ${frame}`, "Import a sheet"),
  ]);
  await chooser.setFiles(file);
  await page.getByRole("alert").first().waitFor();
  await isUnharmed(page, "messages");

  await page.getByRole("button", { name: /waits? for you$/ }).press("Enter");
  await isUnharmed(page, "question");
  for (const [path, width] of [
    ["app", 1000],
    ["", 320],
    ["app", 320],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${url}${path}`);
    if (path === "") await canvasIsReady(page);
    await page.getByText(image).locator("visible=true").first().waitFor();
    await page.waitForTimeout(300);
    await isUnharmed(page, `${path} at ${width}`);
  }
  expect(dialogs).toEqual([]);
  expect(browser.foreignRequests).toEqual([]);
});
