import { FnNode, Graph, gr } from "daggr";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFinds } from "./axe.ts";
import { canvasIsReady, cardSays, openCanvas } from "./open-canvas.ts";

/** Two values that only a person has. */
function missingGraph(): Graph {
  const rate = new FnNode(({ score }: { score: number }) => score * 2, {
    name: "rate",
    inputs: { score: gr.Number({ label: "Score" }) },
    outputs: { twice: gr.Number({ label: "Twice" }) },
  });
  const read = new FnNode(({ twice, colour }: { twice: number; colour: string }) => `${twice} ${colour}`, {
    name: "read",
    inputs: { twice: rate.twice, colour: gr.Dropdown({ label: "Colour", choices: ["red", "blue"] }) },
    outputs: { said: gr.Textbox({ label: "Said" }) },
  });
  return new Graph({ name: "Missing", nodes: [read] });
}

const said = (page: Page) =>
  page.getByRole("main").getByRole("alert").filter({ hasText: "needs a value here" });
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName);

test.each(["", "app"])(
  "a run that lacks a value says so at its field until it has one, and the focus goes there (/%s)",
  async (path) => {
    await using canvas = await openCanvas(missingGraph);
    const { page, url } = canvas;
    if (path !== "") {
      await page.goto(url + path);
      await page.getByRole("spinbutton", { name: "Score" }).waitFor();
    } else await canvasIsReady(page);
    const run = page.getByRole("button", { name: /^Run( all| \d stale)?$/ });
    await run.click();
    await said(page)
      .filter({ hasText: "rate needs a value here. Values are missing for 'read' too." })
      .waitFor();
    await expect.poll(() => focused(page)).toBe("Score");
    expect(await axeFinds(page)).toEqual([]);
    // No message that goes by itself.
    expect(await page.locator(".toasts").textContent()).toBe("");
    await page.keyboard.type("4");
    await expect.poll(() => said(page).count()).toBe(0);
    await run.click();
    await said(page).filter({ hasText: "read needs a value here." }).waitFor();
    await expect.poll(() => focused(page)).toBe("Colour");
    await page.keyboard.type("blue");
    await page.keyboard.press("Enter");
    await expect.poll(() => said(page).count()).toBe(0);
    await run.click();
    await page.getByText("8 blue").first().waitFor();
    if (path === "") await cardSays(page, "read", "Result 1 of 1");
  },
);
