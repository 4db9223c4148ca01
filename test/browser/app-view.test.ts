/** `/app`: the same sheet as a form, for a colleague who does not care about graphs. */

import { FnNode, Graph, gr } from "daggr";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { itemsGraph, slowGraph, storyGraph } from "./graphs.ts";
import { cardSays, openCanvas } from "./open-canvas.ts";

test("fields, one Run, the results of the last steps; the canvas shows the same", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page, browser, url } = canvas;
  const form = await browser.newPage();
  await form.goto(new URL("/app", url).href);
  await form.getByRole("textbox", { name: "Topic" }).fill("forms");
  await form.getByRole("button", { name: "Run", exact: true }).click();
  await form.getByRole("region", { name: "Results" }).getByText("ABOUT FORMS.").waitFor();
  expect(await form.getByRole("group", { name: "write" }).count()).toBe(0);
  await cardSays(page, "shout", "ABOUT FORMS.");
  expect(await page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("forms");
  await form.getByRole("link", { name: "Canvas" }).click();
  await cardSays(form, "shout", "ABOUT FORMS.");
});

test("tells what happens in words while it runs, and can be stopped", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page, url } = canvas;
  await page.goto(new URL("/app", url).href);
  await page.getByRole("spinbutton", { name: "Milliseconds" }).fill("20000");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const progress = page.getByRole("region", { name: "Progress" });
  await progress.getByText("Running 1 of 1").waitFor();
  await progress
    .getByRole("listitem")
    .getByText(/^Waiting, \d/)
    .waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).first().click();
  await page.getByRole("button", { name: "Run", exact: true }).waitFor();
});

test("tells what failed, and what that holds up", async () => {
  await using canvas = await openCanvas(() => itemsGraph({ mended: false }));
  const { page, url } = canvas;
  await page.goto(new URL("/app", url).href);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const progress = page.getByRole("region", { name: "Progress" });
  await progress.getByText("A step failed").waitFor();
  const rows = await progress.getByRole("listitem").allInnerTexts();
  expect(rows.map((row) => row.replaceAll(/\s+/g, " "))).toEqual([
    expect.stringMatching(/^spell 1 of 3 failed, item 2: .*cannot spell it/),
    expect.stringMatching(/^together Blocked, by spell/),
  ]);
});

test("what a step has so far is shown while it streams, and earlier results can be gone back to", async () => {
  const state = { release: () => {} };
  await using canvas = await openCanvas(() => streamingGraph(state));
  const { page, url } = canvas;
  await page.goto(new URL("/app", url).href);
  const results = page.getByRole("region", { name: "Results" });
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await results.getByText("Once upon", { exact: true }).waitFor();
  state.release();
  await results.getByText("Once upon a squid.").waitFor();
  await page.getByRole("textbox", { name: "Hero" }).fill("whale");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect.poll(() => results.getByText("Once upon", { exact: true }).count()).toBe(1);
  state.release();
  await results.getByText("Once upon a whale.").waitFor();
  await page.getByRole("button", { name: /^Previous result/ }).click();
  await results.getByText("Once upon a squid.").waitFor();
  await expect.poll(() => page.getByRole("textbox", { name: "Hero" }).inputValue()).toBe("squid");
});

test.each(["light", "dark"] as const)(
  "at 320 px, by keyboard alone, with nothing that axe finds, %s",
  async (colorScheme) => {
    await using canvas = await openCanvas(storyGraph, { colorScheme });
    const { page, url } = canvas;
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(new URL("/app", url).href);
    const topic = page.getByRole("textbox", { name: "Topic" });
    await topic.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("phones");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Run");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Results" }).getByText("ABOUT PHONES.").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await axeFinds(page)).toEqual([]);
  },
);

/** One step that gives "Once upon" and waits for `release` with the rest. */
function streamingGraph(state: { release: () => void }): Graph {
  const tell = new FnNode(
    async function* ({ hero }: { hero: string }) {
      yield "Once upon";
      await new Promise<void>((resolve) => {
        state.release = resolve;
      });
      yield `Once upon a ${hero}.`;
    },
    {
      name: "tell",
      inputs: { hero: gr.Textbox({ label: "Hero", value: "squid" }) },
      outputs: { story: gr.Textbox({ label: "Story" }) },
    },
  );
  return new Graph({ name: "Stories", nodes: [tell] });
}
