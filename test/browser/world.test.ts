/** What the page tells of the world around it: other tabs, other versions, a lost server, the end of a run. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { themeCss } from "../../src/server/theme.ts";
import { THEMES } from "../../src/server/theme-palettes.ts";
import { axeFinds } from "./axe.ts";
import { slowGraph, storyGraph } from "./graphs.ts";
import { canvasIsReady, cardSays, chooseFromMenu, openCanvas } from "./open-canvas.ts";

test("every theme is there with the first picture, and hides nothing from anybody in light and dark", async () => {
  await using canvas = await openCanvas(storyGraph, { launch: { theme: "soft" } });
  const { page, url } = canvas;
  await page.getByRole("button", { name: "Run all" }).click();
  await cardSays(page, "shout", "ABOUT SQUID.");
  expect(await (await fetch(`${url}theme.css`)).text()).toBe(themeCss("soft"));
  const accents = new Set<string>();
  for (const theme of THEMES) {
    await page.route("**/theme.css", (route) =>
      route.fulfill({ contentType: "text/css", body: themeCss(theme) }),
    );
    await page.reload();
    await canvasIsReady(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(
        (isDark) => document.documentElement.classList.contains("dark") === isDark,
        colorScheme === "dark",
      );
      accents.add(
        await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent")),
      );
      expect(await axeFinds(page), `${theme}, ${colorScheme}`).toEqual([]);
    }
  }
  expect(accents.size).toBeGreaterThan(THEMES.length);
});

test("an author's variables hold, with others for the dark", async () => {
  await using canvas = await openCanvas(storyGraph, {
    colorScheme: "light",
    launch: { theme: { "--color-accent": "#0b7285", "--canvas-dark": "#101820" } },
  });
  const { page } = canvas;
  const run = page.getByRole("button", { name: "Run all" });
  expect(await run.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe("rgb(11, 114, 133)");
  await page.getByRole("button", { name: "Dark theme" }).click();
  expect(
    await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--canvas")),
  ).toBe("#101820");
});

test("two tabs on one sheet know of each other", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page, browser, url } = canvas;
  const told = page.getByText("Open in 2 tabs");
  expect(await told.count()).toBe(0);
  const second = await browser.newPage();
  await second.goto(url);
  await canvasIsReady(second);
  await told.waitFor();
  await second.getByText("Open in 2 tabs").waitFor();
  await chooseFromMenu(
    second,
    (await second.getByRole("button", { name: /^Sheet / }).getAttribute("aria-label"))!,
    "New sheet",
  );
  await told.waitFor({ state: "detached" });
});

test("a page that is older than its server says so and offers to load the new one", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page, url } = canvas;
  await changeMessages(page, (message) =>
    message.type === "welcome" ? { ...message, build: "assets/index-newer.js" } : message,
  );
  await page.goto(url);
  await page.getByText("A newer version is there.").waitFor();
  await page.getByRole("textbox", { name: "Topic" }).fill("goes on");
  await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Reload" }).click()]);
  await expect.poll(() => page.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("goes on");
});

test("a page of another protocol loads itself anew, once, and then says what is wrong", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page, url } = canvas;
  let loads = 0;
  page.on("load", () => loads++);
  await changeMessages(page, (message) => (message.type === "welcome" ? { type: "reload" } : message));
  await page.goto(url);
  await page.getByText("A newer version is there.").waitFor();
  expect(loads).toBe(2);
});

test("the end of a long run is notified to whoever looks elsewhere and asked for it", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page, url } = canvas;
  await page.addInitScript(() => {
    const told: string[] = [];
    class Recorded extends EventTarget {
      static permission = "default";
      static async requestPermission() {
        Recorded.permission = "granted";
        return "granted";
      }
      constructor(title: string, options: { body: string }) {
        super();
        told.push(`${title} (${options.body})`);
      }
    }
    Object.assign(window, { Notification: Recorded, told });
  });
  await page.goto(url);
  await canvasIsReady(page);
  await chooseFromMenu(page, "Run options", "Notify me when a long run ends");
  await page.getByText("You are notified when").waitFor();
  await page.getByRole("spinbutton", { name: "Milliseconds" }).fill("5200");
  await page.getByRole("button", { name: "Run wait", exact: true }).click();
  await cardSays(page, "wait", "Waiting");
  await page.evaluate(() => Object.defineProperty(document, "hidden", { value: true }));
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told), { timeout: 15_000 })
    .toEqual([expect.stringMatching(/: the run is done \(1 of 1 steps\)$/)]);
});

test("title and sign of the tab tell running, then done", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page } = canvas;
  const sign = () => page.locator("#favicon").getAttribute("href");
  await page.getByRole("spinbutton", { name: "Milliseconds" }).fill("900");
  await page.getByRole("button", { name: "Run wait", exact: true }).click();
  await expect.poll(() => page.title()).toMatch(/^Running 1 of 1 · /);
  expect(await sign()).toBe("./favicon-running.svg");
  await expect.poll(sign).toBe("./favicon-done.svg");
  expect(await page.title()).not.toContain("Running");
});

type Message = { type: string } & Record<string, unknown>;

/** What the server says arrives changed. */
async function changeMessages(page: Page, change: (message: Message) => Message): Promise<void> {
  await page.routeWebSocket(/\/ws/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => socket.send(JSON.stringify(change(JSON.parse(String(text)) as Message))));
  });
}

test("what is typed just before the page is left is kept", async () => {
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page.getByRole("textbox", { name: "Topic" }).fill("at the last moment");
  await page.reload();
  await expect
    .poll(() => page.getByRole("textbox", { name: "Topic" }).inputValue())
    .toBe("at the last moment");
});
