/** The server starts anew in every state that a sheet can be in: the page says what became of it, and nothing is lost. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ApproveNode, FnNode, Graph, gr } from "../../src/index.ts";
import { card, cardSays, openCanvas } from "./open-canvas.ts";

/** A step that fails, one that takes long, one that asks, and one that reads a file. */
function statesGraph(): Graph {
  const fail = new FnNode(
    (): string => {
      throw new Error("It is Monday");
    },
    { name: "fail", outputs: { never: gr.Textbox({ label: "Never" }) } },
  );
  const slow = new FnNode(
    ({ ms }: { ms: number }, { signal, progress }) =>
      new Promise<string>((resolve, reject) => {
        progress(0.4, "Rowing");
        const timer = setTimeout(() => resolve("rowed"), ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        });
      }),
    {
      name: "slow",
      inputs: { ms: gr.Number({ label: "Milliseconds", value: 60_000 }) },
      outputs: { done: gr.Textbox({ label: "Done" }) },
    },
  );
  const draft = new FnNode(({ topic }: { topic: string }) => `About ${topic}.`, {
    name: "draft",
    inputs: { topic: gr.Textbox({ label: "Topic", value: "squid" }) },
    outputs: { text: gr.Textbox({ label: "Text" }) },
  });
  const review = new ApproveNode({ name: "review", inputs: { text: draft.text } });
  const read = new FnNode(({ file }: { file: string }) => file.length, {
    name: "read",
    inputs: { file: gr.File({ label: "Notes" }) },
    outputs: { length: gr.Number({ label: "Length" }) },
  });
  return new Graph({ name: "States", nodes: [fail, slow, review, read] });
}

test("a restart while a step runs, one failed, one asks and a file is on its way", async () => {
  const folder = await mkdtemp(join(tmpdir(), "daggr-restart-"));
  await using canvas = await openCanvas(statesGraph, {
    viewport: { width: 1500, height: 1100 },
    expectedErrors: [/ERR_|status of/],
  });
  const { page } = canvas;
  const run = (name: string) => page.getByRole("button", { name: `Run ${name}`, exact: true }).press("Enter");
  try {
    await run("fail");
    await cardSays(page, "fail", "It is Monday");
    await run("review");
    await cardSays(page, "review", "Waiting for you");
    await run("slow");
    await cardSays(page, "slow", "Rowing");
    // The file's first bytes have left when the server goes.
    const file = join(folder, "notes.txt");
    await writeFile(file, Buffer.alloc(3_000_000, "n"));
    await page.route("**/api/upload*", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.continue().catch(() => {});
    });
    await page.locator("[data-node] input[type=file]").setInputFiles(file);
    await canvas.stop();
    await page.getByText("Connection lost.", { exact: true }).waitFor();
    await page.getByRole("textbox", { name: "Topic" }).fill("typed meanwhile");
    // What became of the file is said where it was given.
    await page.locator("[data-node] [role=alert]").first().waitFor();
    await canvas.start();
    await page.getByText("Connection lost.", { exact: true }).waitFor({ state: "detached", timeout: 20_000 });
    await page.unroute("**/api/upload*");

    await page
      .getByRole("region", { name: "Interrupted run" })
      .getByText("What is finished is kept.")
      .waitFor();
    await cardSays(page, "fail", "It is Monday");
    await cardSays(page, "slow", "Interrupted");
    await cardSays(page, "review", "Waiting for you");
    expect(await page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("typed meanwhile");

    await page.locator("[data-node] input[type=file]").setInputFiles(file);
    await page.getByRole("link", { name: /notes\.txt/ }).waitFor();
    await page.getByRole("spinbutton", { name: "Milliseconds" }).fill("50");
    await page
      .getByRole("region", { name: "Interrupted run" })
      .getByRole("button", { name: "Resume" })
      .press("Enter");
    await cardSays(page, "slow", "Rowing");
    await card(page, "slow").getByRole("button", { name: /^Stop/ }).first().press("Enter");
    await page
      .getByRole("group", { name: "Question of review" })
      .getByRole("button", { name: "Approve" })
      .press("Enter");
    await expect.poll(() => card(page, "review").getByText("Waiting for you").count()).toBe(0);
    await run("read");
    await cardSays(page, "read", /^Result 1 of 1/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
