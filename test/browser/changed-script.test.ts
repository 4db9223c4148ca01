/** The script changes, or the server starts anew, while something lies above the page: it goes on, or says why not. */
import { FnNode, Graph, gr, type Port } from "daggr";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { card, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

let names: readonly string[] = [];
/** Steps of these names, one after the other. */
function namedGraph(): Graph {
  const topic: Text = gr.Textbox({ label: "Topic", value: "squid" });
  const made: ReturnType<typeof step>[] = [];
  for (const name of names) made.push(step(name, made.at(-1)?.text ?? topic));
  return new Graph({ name: "Named", nodes: [made.at(-1)!] });
}

type Text = ReturnType<typeof gr.Textbox>;
function step(name: string, text: Text | Port<string>) {
  return new FnNode(({ text }: { text: string }) => `${name} of ${text}`, {
    name,
    inputs: { text },
    outputs: { text: gr.Textbox({ label: "Text" }) },
  });
}

const topic = (page: Page) => page.getByRole("textbox", { name: "Topic" });

test("dialogs stay open, and work, over a script that still has their step; over one that has not they close", async () => {
  names = ["draft", "shout"];
  await using canvas = await openCanvas(namedGraph);
  const { page } = canvas;
  const restart = async (...now: string[]) => {
    await canvas.stop();
    names = now;
    await canvas.start();
    await card(page, now[0]!).waitFor();
    await expect
      .poll(() => page.getByText("Connection lost.", { exact: true }).count(), { timeout: 20_000 })
      .toBe(0);
  };
  for (const words of ["one", "two"]) {
    await topic(page).fill(words);
    await page.getByRole("button", { name: /^Run (all|\d stale)$/ }).click();
    await cardSays(page, "shout", new RegExp(`shout of draft of ${words}`));
  }
  const dialogs = [
    {
      open: () =>
        card(page, "shout")
          .getByRole("button", { name: /^Result 2 of 2/ })
          .press("Enter"),
      name: "Results of shout",
      shows: /draft of one/,
    },
    {
      open: () => chooseFromMenu(page, "Run options of shout", "Compare results…"),
      name: "Compare results of shout",
      shows: /one|two/,
    },
    {
      open: () => page.getByRole("button", { name: "Look closer at Text of shout" }).press("Enter"),
      name: "Text of shout",
      shows: /shout of draft of two/,
    },
  ];
  for (const [index, { open, name, shows }] of dialogs.entries()) {
    await open();
    const dialog = page.getByRole("dialog", { name });
    await dialog.getByText(shows).first().waitFor();
    // A step more: what is open has its step still.
    await restart("draft", "shout", `more${index}`);
    await card(page, `more${index}`).waitFor({ state: "attached" });
    await dialog.getByText(shows).first().waitFor();
    await restart("draft", "other");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate(() => document.body.style.pointerEvents)).not.toBe("none");
    await topic(page).click();
    await restart("draft", "shout");
    await cardSays(page, "shout", /shout of draft of two/);
  }
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /^Search/ }).fill("shout");
  await page.getByRole("option", { name: /shout/ }).first().waitFor();
  await restart("draft", "other");
  await expect.poll(() => page.getByRole("option", { name: /^shout/ }).count()).toBe(0);
  await page.keyboard.press("Escape");
  expect(await axeFinds(page)).toEqual([]);
});
