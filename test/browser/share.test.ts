import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { FnNode, fallback, Graph, gr } from "../../src/index.ts";
import { reverseProxy } from "../share/support/reverse-proxy.ts";
import { axeFinds } from "./axe.ts";
import { canvasIsReady, card, cardSays, openCanvas } from "./open-canvas.ts";

const makeGraph = () => {
  const outputs = { said: gr.Textbox({ label: "Said" }) };
  const text = gr.Textbox({ label: "Text", value: "hello" });
  const large = new FnNode(
    ({ text }: { text: string }): string => {
      throw new Error(`no room for ${text}`);
    },
    { name: "large", inputs: { text }, outputs },
  );
  const small = new FnNode(
    async ({ text, mark }: { text: string; mark: string }) => {
      await delay(400);
      return `${text}${mark}`;
    },
    { name: "small", inputs: { text, mark: gr.Textbox({ label: "Mark", value: "!" }) }, outputs },
  );
  return new Graph({ name: "Talk", persistKey: false, nodes: [fallback(large, small, { name: "talk" })] });
};

test("a fallback shows its order, which variant runs, and who made the result and why", async () => {
  await using canvas = await openCanvas(makeGraph);
  const { page } = canvas;
  const talk = card(page, "talk");
  const order = talk.getByRole("list", { name: "Variants of talk, in their order" });
  expect(await order.getByRole("listitem").count()).toBe(2);
  await talk.getByRole("group", { name: "Inputs of small" }).getByLabel("Mark").fill("?");
  await page.getByRole("button", { name: "Run all" }).click();
  await cardSays(page, "talk", /by small/);
  await cardSays(page, "talk", "Made by small");
  await talk.getByText("failed", { exact: true }).waitFor();
  expect(await talk.getByText("made it").count()).toBe(1);
  expect(
    await talk.getByRole("textbox", { name: "Said" }).or(talk.getByText("hello?")).first().isVisible(),
  ).toBe(true);
  await cardSays(page, "talk", "large failed: no room for hello");
  await talk.getByRole("button", { name: /Result 1 of 1/ }).click();
  await page.getByRole("dialog").getByText("small", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  expect(await axeFinds(page)).toEqual([]);
});

test("somebody with the link works on the same canvas; the owner copies the link and ends it", async () => {
  const share = { start: (port: number) => reverseProxy(port, "localhost") };
  await using canvas = await openCanvas(makeGraph, {
    launch: { share },
    expectedErrors: [/Failed to load|WebSocket|401|ERR_/],
  });
  const { page, url } = canvas;
  await page.getByRole("button", { name: "Shared" }).click();
  const dialog = page.getByRole("dialog", { name: "Share" });
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  expect(link).toMatch(/^http:\/\/localhost:\d+\/\?token=[\w-]{43}$/);
  await dialog.getByText(/run it on this machine with your tokens/).waitFor();
  expect(await axeFinds(page)).toEqual([]);

  const context = await page.context().browser()!.newContext();
  const guest = await context.newPage();
  await guest.goto(link);
  await canvasIsReady(guest);
  expect(guest.url()).not.toContain("token");
  await guest.getByRole("button", { name: "Run all" }).click();
  await cardSays(guest, "talk", "Made by small");
  await cardSays(page, "talk", "Made by small");
  await guest.getByRole("button", { name: "Shared" }).click();
  await guest
    .getByRole("dialog")
    .getByText(/run it on its owner's machine with their tokens/)
    .waitFor();
  expect(await guest.getByRole("button", { name: "Stop sharing" }).count()).toBe(0);

  // On a phone the bar has room for all of it.
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Mark" }).fill("?");
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByRole("button", { name: "Run 1 stale" }).waitFor();
  const last = (await page.getByRole("button", { name: /^Account/ }).boundingBox())!;
  expect(last.x + last.width).toBeLessThanOrEqual(320);
  await page.getByRole("button", { name: "Shared" }).click();

  await dialog.getByRole("button", { name: "Stop sharing" }).click();
  await dialog.getByText("Nothing is shared. You have stopped it.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  expect(await page.getByRole("button", { name: "Shared" }).count()).toBe(0);
  await expect(guest.goto(link)).rejects.toThrow();
  expect((await fetch(url)).status).toBe(200);
  await context.close();
});
