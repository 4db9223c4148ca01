import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { daggr, root, temporaryFolder } from "../cli/command.ts";
import { startLanguageModel } from "../language-model/language-model.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { freePort, pythonEnvironment, startPython } from "../support/python.ts";

const pictures = join(root, "test-results/examples");
mkdirSync(pictures, { recursive: true });

interface Canvas extends AsyncDisposable {
  readonly page: Page;
  /** The card of a node. */
  card(node: string): Locator;
  /** Runs everything and waits until the card of `last` has a result. */
  runAll(last: string): Promise<void>;
  /** A picture of the whole workflow; `TEST_README_PICTURES=1` also puts it beside the example's README. */
  picture(): Promise<void>;
}

/** Starts an example and opens it in a browser, as a person would. */
async function openExample(name: string, env: Readonly<Record<string, string>> = {}): Promise<Canvas> {
  const cwd = temporaryFolder();
  const flags = ["--port", String(await freePort()), "--no-open", "--no-typecheck"];
  const running = daggr([join(root, "examples", name, "app.ts"), ...flags], { cwd, env });
  let browser: TestBrowser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await running[Symbol.asyncDispose]();
  };
  try {
    const url = await running.url();
    browser = await launchBrowser({ viewport: { width: 1600, height: 900 }, colorScheme: "light" });
    const { page } = browser;
    await page.goto(url);
    const card = (node: string): Locator => page.locator(`[data-node=${JSON.stringify(node)}]`);
    return {
      page,
      card,
      async runAll(last) {
        await page.getByRole("button", { name: /^Run (all|\d+ stale)$/ }).click();
        await card(last)
          .getByText(/^Result 1 of 1/)
          .waitFor({ timeout: 60_000 });
      },
      async picture() {
        await page.getByRole("button", { name: "Fit" }).click();
        await page.waitForTimeout(600);
        await page.screenshot({ path: join(pictures, `${name}.png`) });
        if (process.env["TEST_README_PICTURES"] === "1") {
          copyFileSync(join(pictures, `${name}.png`), join(root, "examples", name, "picture.png"));
        }
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/** Width of the card's picture as the browser decoded it; 0 where it is none. */
async function decodedWidth(card: Locator): Promise<number> {
  const image = card.locator("img").last();
  await image.waitFor();
  return image.evaluate(async (element) => {
    const picture = element as unknown as { decode(): Promise<void>; naturalWidth: number };
    await picture.decode();
    return picture.naturalWidth;
  });
}

describe("examples on the canvas", () => {
  test("03-storyboard: the contact sheet and the film appear", async () => {
    await using canvas = await openExample("03-storyboard");
    await canvas.runAll("contact sheet");
    await canvas
      .card("animatic")
      .getByText(/^Result 1 of 1/)
      .waitFor();
    expect(await decodedWidth(canvas.card("contact sheet"))).toBeGreaterThan(200);
    expect(await decodedWidth(canvas.card("animatic"))).toBeGreaterThan(200);
    await canvas.picture();
    // Another style makes what depends on it stale, and what does not is kept.
    await canvas.page.getByLabel("Ink").click();
    await canvas.card("draw").getByText(/Stale/).waitFor();
    expect(await canvas.card("caption").getByText(/Stale/).count()).toBe(0);
  });

  test("02-podcast: every line has a sound, and so has the whole", async () => {
    await using canvas = await openExample("02-podcast");
    await canvas.runAll("join");
    const play = canvas.card("join").getByRole("button", { name: /^Play/ });
    await play.waitFor();
    await canvas
      .card("join")
      .getByText(/\/ 0:(0[5-9]|[1-5]\d)$/)
      .waitFor();
    expect(
      await canvas
        .card("speak")
        .getByText(/\.wav$/)
        .count(),
    ).toBe(6);
    await canvas.picture();
  });

  test("01-transparent-background: the picture and its cut-out appear", async () => {
    const script = join(root, "examples/01-transparent-background/tools.py");
    await using tools = await startPython(script, [], { readyPath: "/config" });
    await using canvas = await openExample("01-transparent-background", { TOOLS_URL: tools.url });
    await canvas.runAll("remove background");
    expect(await decodedWidth(canvas.card("draw"))).toBeGreaterThan(200);
    expect(await decodedWidth(canvas.card("remove background"))).toBeGreaterThan(200);
    await canvas.picture();
  });

  test("06-language-model: the story grows word by word, and Stop stops the model", async () => {
    await using model = await startLanguageModel();
    await using canvas = await openExample("06-language-model", { MODEL_URL: model.url, MODEL: "smollm2" });
    const story = canvas.card("story");
    expect(await story.locator(".card-source").innerText()).toBe("smollm2");
    await canvas.page.getByRole("button", { name: /^Run (all|\d+ stale)$/ }).click();
    const patience = { timeout: 30_000, interval: 20 };
    const lengths = new Set<number>();
    await expect
      .poll(async () => {
        const text = await story
          .locator(".f-prose")
          .first()
          .innerText({ timeout: 200 })
          .catch(() => "");
        if (text !== "") lengths.add(text.length);
        return lengths.size;
      }, patience)
      .toBeGreaterThan(2);
    await canvas
      .card("page")
      .getByText(/^Result 1 of 1/)
      .waitFor({ timeout: 60_000 });
    await canvas.picture();
    // A longer one, stopped at its first words.
    const { stopped } = await model.stats();
    const words = canvas.card("brief").getByRole("spinbutton", { name: "Words at most" });
    await words.fill("400");
    await words.press("Tab");
    await story.getByText(/Stale/).waitFor();
    await story.getByRole("button", { name: "Run story" }).click();
    await expect.poll(async () => (await model.stats()).running, patience).toBe(1);
    await story.getByRole("button", { name: "Stop story" }).click();
    await expect.poll(async () => (await model.stats()).stopped, patience).toBe(stopped + 1);
  });

  test("04-read-pictures: a text corrected by hand changes the sum", async () => {
    const script = join(root, "examples/04-read-pictures/reader.py");
    await using reader = await startPython(script, [], { readyPath: "/config" });
    await using canvas = await openExample("04-read-pictures", { READER_URL: reader.url });
    await canvas.runAll("add up");
    await canvas.card("add up").getByText("48.15").waitFor();
    await canvas.picture();

    const texts = canvas.card("all texts");
    await texts.getByRole("button", { name: /^Edit/ }).click();
    const field = texts.getByRole("textbox");
    await field.fill((await field.inputValue()).replace("3.20", "5.20"));
    await texts.getByRole("button", { name: /^(Save|Done|Apply|Use)/ }).click();
    await canvas.page.getByRole("button", { name: /^Run \d+ stale$/ }).click();
    await canvas.card("add up").getByText("50.15").waitFor();
    await canvas
      .card("add up")
      .getByText(/Corner Bakery: the items give 12.40/)
      .waitFor();
  });
});

describe("07-python-functions on the canvas", () => {
  test("starts its Python app by itself and shows what that printed on the card", async () => {
    await using canvas = await openExample("07-python-functions", pythonEnvironment());
    await canvas.card("smooth").getByText("tools.py · local").waitFor();
    await canvas.runAll("report");
    await canvas.card("chart").getByRole("img").first().waitFor();
    const report = /^Look at the sensor: day 16 \(27.*\), day 31 \(1.*\), day 46 \(1.*\)\.$/;
    await canvas.card("report").getByText(report).first().waitFor();
    await canvas.picture();
    await canvas.card("smooth").locator(".card-head").click({ button: "right" });
    await canvas.page.getByRole("menuitem", { name: "Show the log" }).click();
    await canvas.page
      .getByRole("log", { name: "Log of smooth" })
      .getByText(/60 readings, limit/)
      .waitFor();
  });
});
