/** Hostile texts as the value of every kind, and as the names of cards and labels. */
import { readFileSync } from "node:fs";
import { FnNode, Graph, gr } from "daggr";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { hostile } from "./hostile.ts";
import { openCanvas } from "./open-canvas.ts";
import { unsafeAttributes } from "./unsafe-attributes.ts";

const all = hostile.join("\n\n");
/** What a value of another shape may hold a text in. */
const shapes: Readonly<Record<string, unknown>> = {
  text: all,
  list: [...hostile],
  pairs: hostile.map((text) => [text, text]),
  record: { label: all, value: all, headers: hostile, data: [hostile], image: all, caption: all, plot: all },
  messages: hostile.map((text) => ({ role: text, content: text, metadata: { title: text } })),
  pictures: hostile.map((text) => ({ image: text, caption: text })),
};
const choices = ["plain", ...hostile.slice(0, 6)];
const makers = Object.fromEntries(
  Object.entries(gr as unknown as Record<string, (...given: unknown[]) => unknown>)
    .filter(([, make]) => typeof make === "function")
    .map(([name, make]) => [name.toLowerCase(), make]),
);

function component(kind: string, props: Record<string, unknown> = {}): never {
  const withChoices = ["radio", "dropdown", "checkboxgroup"].includes(kind) ? { choices, ...props } : props;
  if (kind === "itemlist") return makers[kind]!({ line: gr.Textbox({ label: all }) }, props) as never;
  return makers[kind]!(withChoices) as never;
}

/** `picture` is how a choice shows one picture of a gallery: no component of its own. */
const registry = readFileSync(new URL("../../web/src/fields/registry.ts", import.meta.url), "utf8");
const kinds = [...registry.matchAll(/^ {2}(\w+)(?::|,$)/gm)]
  .map(([, kind]) => kind!)
  .filter((kind) => kind !== "picture");

function everyKind(): Graph {
  const words = { label: hostile[2]!, info: hostile[0]! };
  return new Graph({
    name: hostile[2]!,
    nodes: kinds.map((kind) => {
      const outputs = Object.keys(shapes);
      return new FnNode(() => shapes as never, {
        name: `${kind} ${hostile[0]}`,
        outputs: Object.fromEntries(outputs.map((shape) => [shape, component(kind, words)])),
      } as never);
    }) as never,
  });
}

async function isUnharmed(page: Page, foreign: readonly string[]): Promise<void> {
  expect(await unsafeAttributes(page)).toEqual([]);
  expect(await page.evaluate(() => (window as { owned?: unknown }).owned)).toBeUndefined();
  expect(await page.evaluate(() => getComputedStyle(document.body).display)).not.toBe("none");
  expect(foreign).toEqual([]);
}

function noDialogs(page: Page): readonly string[] {
  const said: string[] = [];
  page.on("dialog", (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  return said;
}

test("hostile values of every shape in the output of every kind run nothing, in the names of cards and labels neither", async () => {
  expect(kinds.length).toBeGreaterThan(25);
  expect(kinds.filter((kind) => makers[kind] === undefined)).toEqual([]);
  await using canvas = await openCanvas(everyKind, { viewport: { width: 600, height: 1400 } });
  const { page, browser } = canvas;
  const dialogs = noDialogs(page);
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  const cards = page.locator("[data-node]");
  await expect.poll(() => cards.count()).toBe(kinds.length);
  for (const each of await cards.all()) {
    await each.scrollIntoViewIfNeeded();
    await page.waitForTimeout(120);
  }
  await isUnharmed(page, browser.foreignRequests);
  expect(dialogs).toEqual([]);
});
