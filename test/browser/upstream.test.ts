import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { GradioNode, Graph, gr } from "../../src/index.ts";
import { GradioStub } from "../gradio/support/gradio-stub.ts";
import { HubStub } from "../hub/hub-stub.ts";
import type { Repository } from "../hub/repository.ts";
import { axeFinds } from "./axe.ts";
import { canvasIsReady, card, openCanvas } from "./open-canvas.ts";

let hub: HubStub;
let app: GradioStub;
let space: Repository;

beforeAll(async () => {
  hub = await HubStub.start();
  app = await GradioStub.start();
  app.functions = ["echo", "shout"];
  space = hub.repositories.add("space", "ada/echo", { host: app.url });
  vi.stubEnv("HF_ENDPOINT", hub.url);
  vi.stubEnv("HF_HOME", "/nonexistent/huggingface");
  vi.stubEnv("HF_TOKEN", hub.accounts.add("lin").token("read"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub[Symbol.asyncDispose]();
  await app.close();
});

function makeGraph(): Graph {
  const echo = new GradioNode("ada/echo", {
    apiName: "/echo",
    inputs: { text: gr.Textbox({ label: "Text", value: "hello" }) },
    outputs: { out: gr.Textbox({ label: "Out" }) },
  });
  return new Graph({ name: "Changed upstream", nodes: [echo] });
}

const note = (page: Page) => card(page, "echo").getByRole("button", { name: "What changed of ada/echo" });
const details = (page: Page) => card(page, "echo").getByRole("group", { name: "Changes of ada/echo" });
const press = (page: Page, name: string) => details(page).getByRole("button", { name, exact: true }).click();

test("a card tells what changed of its Space, how to keep the old one, and takes the decision", async () => {
  await using canvas = await openCanvas(makeGraph, { colorScheme: "light" });
  const { page } = canvas;
  await card(page, "echo").waitFor();
  expect(await note(page).count(), "nothing has changed yet").toBe(0);
  const before = space.head.oid;
  // The record is written in the background.
  await expect.poll(() => hub.requests("/api/spaces/ada/echo").length).toBeGreaterThan(1);

  await canvas.stop();
  app.functions = ["echo"];
  app.appId += 1;
  const now = space.commit({ "app.py": "2" });
  await canvas.start();
  await page.reload();
  await canvasIsReady(page);
  await note(page).waitFor();
  await card(page, "echo").getByText("nothing breaks").waitFor();
  expect(await axeFinds(page)).toEqual([]);

  await note(page).focus();
  await page.keyboard.press("Enter");
  await details(page).getByText("/shout is gone").waitFor();
  const link = details(page).getByRole("link");
  expect(await link.textContent()).toBe(`${before.slice(0, 7)} to ${now.slice(0, 7)}`);
  expect(await link.getAttribute("href")).toBe(`${hub.url}/spaces/ada/echo/commits/main`);
  await press(page, "Keep the old one");
  await details(page).getByText(`revision: "${before}", runLocally: true`).waitFor();
  await details(page).getByText("daggr pin ada/echo --duplicate").waitFor();
  expect(await axeFinds(page)).toEqual([]);

  const other = await page.context().newPage();
  await other.goto(canvas.url);
  await note(other).waitFor();
  await press(page, "Not now");
  await note(page).waitFor({ state: "detached" });
  await note(other).waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-node"))).toBe("echo");
  await other.close();

  await canvas.stop();
  await canvas.start();
  await page.reload();
  await canvasIsReady(page);
  await note(page).click();
  await press(page, "Accept");
  await note(page).waitFor({ state: "detached" });
  await canvas.stop();
  const asked = hub.requests("/api/spaces/ada/echo").length;
  await canvas.start();
  await page.reload();
  await canvasIsReady(page);
  await expect.poll(() => hub.requests("/api/spaces/ada/echo").length).toBeGreaterThan(asked + 1);
  expect(await note(page).count(), "accepted for good").toBe(0);
});
