import type { Page } from "playwright-core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { ApproveNode, AskNode, ChooseNode, FnNode, Graph, gr, type Picture } from "../../src/index.ts";
import { axeFinds } from "./axe.ts";
import { canvasIsReady, card, cardSays, openCanvas } from "./open-canvas.ts";

/** draft -> approve -> page; covers -> choose -> page; ask -> page. */
function makeGraph(): Graph {
  const draft = new FnNode(({ topic }: { topic: string }) => `All about ${topic}.`, {
    name: "draft",
    inputs: { topic: gr.Textbox({ label: "Topic", value: "boats" }) },
    outputs: { text: gr.Textbox({ label: "Text", lines: 3 }) },
  });
  const review = new ApproveNode({ name: "review", inputs: { text: draft.text } });
  const covers = new FnNode(
    async (_: object, { file }) => {
      const pictures: Picture[] = [];
      for (const [caption, background] of [
        ["Red", "#c33"],
        ["Green", "#3a3"],
        ["Blue", "#33c"],
      ] as const) {
        const image = file(`${caption}.png`);
        await sharp({ create: { width: 240, height: 160, channels: 3, background } })
          .png()
          .toFile(image);
        pictures.push({ image, caption });
      }
      return pictures;
    },
    { name: "covers", inputs: {}, outputs: { covers: gr.Gallery({ label: "Covers" }) } },
  );
  const pick = new ChooseNode({ name: "pick", inputs: { options: covers.covers } });
  const details = new AskNode({
    name: "details",
    ports: { author: gr.Textbox({ label: "Author" }), copies: gr.Number({ label: "Copies", value: 3 }) },
  });
  const page = new FnNode(
    ({ text, cover, author, copies }: { text: string; cover: Picture; author: string; copies: number }) =>
      `${copies} times ${text} by ${author} in ${cover.caption?.toLowerCase()}`,
    {
      name: "page",
      inputs: { text: review.text, cover: pick.choice, author: details.author, copies: details.copies },
      outputs: { page: gr.Textbox({ label: "Page" }) },
    },
  );
  return new Graph({ name: "Decisions", nodes: [page] });
}

const question = (page: Page, name: string) =>
  page.getByRole("group", { name: `Question of ${name}`, exact: true });
const button = (page: Page, name: string, of: string) =>
  question(page, of).getByRole("button", { name, exact: true });
const badge = (page: Page) => page.getByRole("button", { name: /wait(s)? for you$/ });

async function start(page: Page, waiting: number): Promise<void> {
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await page.getByRole("button", { name: `${waiting} steps wait for you`, exact: true }).waitFor();
}

describe("a run that waits for a person", () => {
  test("is answered by mouse, in the cards; another tab sees it at once", async () => {
    await using canvas = await openCanvas(makeGraph);
    const { page } = canvas;
    await start(page, 3);
    await expect.poll(() => page.title()).toBe("Waiting for you · Decisions");
    await expect.poll(() => page.locator("#favicon").getAttribute("href")).toBe("./favicon-waiting.svg");
    expect(await axeFinds(page)).toEqual([]);
    const other = await page.context().newPage();
    await other.goto(canvas.url);
    await canvasIsReady(other);
    await question(other, "review").waitFor();

    await button(page, "Edit", "review").click();
    await question(page, "review").getByRole("textbox", { name: "Text" }).fill("Much better.");
    await button(page, "Approve with changes", "review").click();
    await question(page, "review").waitFor({ state: "detached" });
    await question(other, "review").waitFor({ state: "detached" });
    await card(other, "review").getByText("Much better.").waitFor();
    await other.getByRole("button", { name: "2 steps wait for you", exact: true }).waitFor();

    await expect(button(page, "Choose", "pick").isDisabled()).resolves.toBe(true);
    await question(page, "pick").getByRole("radio", { name: "Green" }).check();
    await button(page, "Choose", "pick").click();
    await question(page, "pick").waitFor({ state: "detached" });

    await question(page, "details").getByRole("textbox", { name: "Author" }).fill("Ada");
    await button(page, "Send", "details").click();
    await cardSays(page, "page", "3 times Much better. by Ada in green");
    await cardSays(other, "page", "3 times Much better. by Ada in green");
    await badge(page).waitFor({ state: "detached" });
    await expect.poll(() => page.title()).toBe("Decisions");
  });

  test("is answered by keyboard alone, and the focus is never lost", async () => {
    await using canvas = await openCanvas(makeGraph);
    const { page } = canvas;
    await start(page, 3);
    const focus = () =>
      page.evaluate(
        () =>
          document.activeElement?.getAttribute("aria-label") ??
          document.activeElement?.textContent?.trim() ??
          "",
      );
    const go = async (to: string): Promise<void> => {
      for (let attempt = 0; attempt < 4; attempt++) {
        await badge(page).focus();
        await page.keyboard.press("Enter");
        const isThere = question(page, to).locator(":focus").first();
        if (
          await isThere.waitFor({ timeout: 2_000 }).then(
            () => true,
            () => false,
          )
        )
          return;
      }
      throw new Error(`The badge does not lead to ${to}.`);
    };
    await go("pick");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    await expect.poll(focus).toBe("Green");
    await page.keyboard.press("Enter");
    await question(page, "pick").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.closest("[data-node]") != null);

    await go("review");
    await expect.poll(focus).toBe("Approve");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await question(page, "review")
      .getByRole("textbox", { name: "Text" })
      .and(page.locator(":focus"))
      .waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("By hand.");
    await page.keyboard.press("Control+Enter");
    await question(page, "review").waitFor({ state: "detached" });

    await go("details");
    await question(page, "details").getByRole("textbox", { name: "Author" }).focus();
    await page.keyboard.type("Ada");
    await page.keyboard.press("Control+Enter");
    await cardSays(page, "page", "3 times By hand. by Ada in green");
  });

  test("leaves the focus where somebody types, and Escape does not take the question away", async () => {
    await using canvas = await openCanvas(makeGraph);
    const { page } = canvas;
    await start(page, 3);
    const topic = page.getByRole("textbox", { name: "Topic" });
    await topic.fill("b");
    await page.getByRole("button", { name: /^Run \d stale$/ }).waitFor();
    await topic.focus();
    await page.keyboard.type("oats");
    expect(await topic.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    await card(page, "page").focus();
    await page.keyboard.press("Escape");
    await page.waitForTimeout(200);
    expect(await question(page, "review").count()).toBe(1);
  });

  test("is rejected with a reason, and says by whom it is blocked", async () => {
    await using canvas = await openCanvas(makeGraph);
    const { page } = canvas;
    await start(page, 3);
    await button(page, "Reject", "review").click();
    await page.keyboard.type("too short");
    await page.keyboard.press("Enter");
    await cardSays(page, "review", /It was rejected: too short/);
    await page.getByRole("button", { name: "2 steps wait for you", exact: true }).waitFor();
    await question(page, "pick").getByRole("radio", { name: "Blue" }).dblclick();
    await button(page, "Send", "details").click();
    await cardSays(page, "page", /rejected by review/);
  });

  test("asks on the form at /app, survives the server, and works on a phone", async () => {
    await using canvas = await openCanvas(makeGraph);
    const { page } = canvas;
    await start(page, 3);
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto(`${canvas.url}app`);
    await question(page, "review").waitFor();
    await canvas.stop();
    await canvas.start();
    await page.reload();
    await button(page, "Approve", "review").click();
    await question(page, "review").waitFor({ state: "detached" });
    await question(page, "pick").getByRole("radio", { name: "Blue" }).check();
    expect(await axeFinds(page)).toEqual([]);
    await button(page, "Choose", "pick").click();
    await question(page, "details").getByRole("textbox", { name: "Author" }).fill("Eve");
    await button(page, "Send", "details").click();
    await cardSays(page, "page", "3 times All about boats. by Eve in blue");
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

test("a step over items asks for one after the other, or for all at once", async () => {
  await using canvas = await openCanvas(() => {
    const list = new FnNode(() => ["one", "two", "three", "four"], {
      name: "list",
      inputs: {},
      outputs: { words: gr.JSON<string[]>({ label: "Words" }) },
    });
    const review = new ApproveNode({
      name: "review",
      inputs: { word: list.words.each },
      components: { word: gr.Textbox({ label: "Word" }) },
    });
    const join = new FnNode(({ words }: { words: string[] }) => words.join(" "), {
      name: "join",
      inputs: { words: review.word.all() },
      outputs: { text: gr.Textbox({ label: "Text" }) },
    });
    return new Graph({ name: "Words", nodes: [join] });
  });
  const { page } = canvas;
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await question(page, "review").getByText("4 to go").waitFor();
  await button(page, "Edit", "review").click();
  await question(page, "review").getByRole("textbox", { name: "Word" }).fill("ONE");
  await button(page, "Approve with changes", "review").click();
  await question(page, "review").getByText("Item 2").waitFor();
  await page.getByRole("button", { name: "Next question of review" }).click();
  await question(page, "review").getByText("Item 3").waitFor();
  await button(page, "Approve all 3", "review").click();
  await cardSays(page, "join", "ONE two three four");
});
