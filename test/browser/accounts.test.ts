/** Who one is, in the bar: on one's own machine, and on a Space with others. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { deleteLogin } from "../../src/clients/login/saved-login.ts";
import { forgetWhoAmI } from "../../src/clients/login/who-am-i.ts";
import { peopleGraph } from "../account/graphs.ts";
import { openSpace, type Space } from "../account/space.ts";
import type { Account } from "../hub/accounts.ts";
import { HubStub } from "../hub/hub-stub.ts";
import {
  launchBrowser,
  startChromium,
  type TestBrowser,
  type TestBrowserOptions,
} from "../support/browser.ts";
import { axeFinds } from "./axe.ts";
import { storyGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, openCanvas } from "./open-canvas.ts";

const pictures = process.env.TEST_ACCOUNT_PICTURES;
const picture = async (page: Page, name: string) => {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png` });
};

let hub: HubStub;
let ada: Account;
beforeEach(async () => {
  hub = await HubStub.start();
  ada = hub.accounts.add("ada", { fullName: "Ada Lovelace" });
  hub.oauth.client("daggr-app");
  process.env.HF_ENDPOINT = hub.url;
  process.env.DAGGR_OAUTH_CLIENT_ID = "daggr-app";
  forgetWhoAmI();
});
afterEach(async () => {
  await deleteLogin();
  delete process.env.HF_ENDPOINT;
  delete process.env.DAGGR_OAUTH_CLIENT_ID;
  delete process.env.HF_TOKEN;
  await hub[Symbol.asyncDispose]();
});

/** The note below the bar. */
const says = (page: Pick<Page, "getByRole">, text: string) =>
  page.getByRole("region", { name: "Account" }).getByText(text).waitFor();
const accountButton = (page: Page) => page.getByRole("button", { name: /^Account/ });

test.each(["light", "dark"] as const)(
  "by keyboard: a code, approved on the Hub, then logged out, %s",
  async (colorScheme) => {
    await using canvas = await openCanvas(storyGraph, { colorScheme });
    const { page } = canvas;
    await picture(page, `machine-${colorScheme}`);
    await page.getByRole("button", { name: "Account, not logged in" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Log in…" }).waitFor();
    expect(await axeFinds(page)).toEqual([]);
    await picture(page, `menu-${colorScheme}`);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Log in to Hugging Face" });
    await dialog.getByText("Waiting for you there").waitFor();
    const code = await dialog.getByRole("status", { name: "Code" }).textContent();
    expect(code).toBe([...hub.oauth.devices.values()].at(-1)!.userCode);
    expect(await dialog.getByRole("link", { name: "Open Hugging Face" }).getAttribute("href")).toContain(
      hub.url,
    );
    await page.waitForTimeout(200);
    expect(await axeFinds(page)).toEqual([]);
    await picture(page, `code-${colorScheme}`);
    hub.oauth.deny();
    await dialog.getByRole("alert").getByText("declined").waitFor();
    await picture(page, `declined-${colorScheme}`);
    await dialog.getByRole("button", { name: "Start again" }).click();
    await dialog.getByText("Waiting for you there").waitFor();
    hub.oauth.approve(ada);
    await dialog.waitFor({ state: "hidden" });
    const button = page.getByRole("button", { name: "Account ada" });
    await button.waitFor();
    expect(await button.locator("[data-initials]").getAttribute("data-initials")).toBe("AL");
    await button.click();
    await page.getByRole("menuitem", { name: "ada Ada Lovelace" }).waitFor();
    await picture(page, `account-${colorScheme}`);
    expect(await axeFinds(page)).toEqual([]);
    const kept = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, document.cookie, document.documentElement.outerHTML]),
    );
    expect(kept).not.toMatch(/hf_/);
    await page.getByRole("menuitem", { name: "Log out" }).click();
    await page.getByRole("button", { name: "Account, not logged in" }).waitFor();
  },
);

test("a token is pasted as the last resort; a wrong one says what is wrong with it; at 320 px", async () => {
  delete process.env.DAGGR_OAUTH_CLIENT_ID;
  await using canvas = await openCanvas(storyGraph, {
    viewport: { width: 320, height: 640 },
    expectedErrors: [/401/],
  });
  const { page } = canvas;
  await accountButton(page).click();
  await page.getByRole("menuitem", { name: "Paste a token…" }).click();
  const dialog = page.getByRole("dialog", { name: "Paste a token" });
  await dialog.getByText("hf auth login").waitFor();
  await page.keyboard.type(`hf_${"w".repeat(34)}`);
  await page.keyboard.press("Enter");
  await dialog.getByRole("alert").getByText("does not accept this token").waitFor();
  await picture(page, "paste-320");
  expect(await axeFinds(page)).toEqual([]);
  await dialog.getByRole("textbox").or(dialog.getByLabel("Token")).first().fill(ada.token("read"));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Account ada" }).waitFor();
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await picture(page, "machine-320");
});

test("a token that is not accepted any more is said, with what to do", async () => {
  process.env.HF_TOKEN = ada.token("read", { expired: true });
  await using canvas = await openCanvas(storyGraph);
  const { page } = canvas;
  await page
    .getByRole("region", { name: "Account" })
    .getByText("The token from HF_TOKEN is not accepted")
    .waitFor();
  await page.getByRole("button", { name: "Account, needs attention" }).click();
  // Nothing can be chosen here: the menu says why all the same.
  await page.getByRole("menu").getByText("The token from HF_TOKEN is not accepted").waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await picture(page, "expired-machine");
});

let chromium: ReturnType<typeof startChromium> | undefined;
afterAll(async () => (await chromium)?.close());

async function visit(space: Space, path = "/", options: TestBrowserOptions = {}): Promise<TestBrowser> {
  chromium ??= startChromium();
  const browser = await launchBrowser({
    chromium: await chromium,
    expectedErrors: [/favicon/, /ERR_CONNECTION_REFUSED/],
    ...options,
  });
  await browser.page.goto(`${space.url}${path}`);
  if (path === "/") await canvasIsReady(browser.page);
  return browser;
}

test("two people at once on a Space log in, run and see nothing of each other", async () => {
  await using space = await openSpace(storyGraph);
  const people = [space.hub.accounts.add("ada", { fullName: "Ada Lovelace" }), space.hub.accounts.add("bob")];
  space.hub.oauth.asks = true;
  await using first = await visit(space);
  await using second = await visit(space, "/", { colorScheme: "dark" });
  const pages = [first.page, second.page];
  for (const [index, page] of pages.entries()) {
    const { name } = people[index]!;
    await says(page, "Not saved.");
    expect(await axeFinds(page)).toEqual([]);
    await picture(page, `stranger-${name}`);
    await page.getByRole("textbox", { name: "Topic" }).fill(`secrets of ${name}`);
    await page.getByRole("textbox", { name: "Topic" }).press("Tab");
    await page.waitForTimeout(500);
    space.hub.oauth.user = people[index];
    await page.getByRole("banner").getByRole("button", { name: "Log in", exact: true }).click();
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("button", { name: `Account ${name}` }).waitFor();
    await canvasIsReady(page);
    // What was typed before is theirs now.
    await expect
      .poll(() => page.getByRole("textbox", { name: "Topic" }).inputValue())
      .toBe(`secrets of ${name}`);
    expect(await page.getByRole("region", { name: "Account" }).count()).toBe(0);
  }
  await Promise.all(
    pages.map((page) =>
      page
        .getByRole("button", { name: /^Run (all|\d+ stale)/ })
        .first()
        .click(),
    ),
  );
  for (const [index, page] of pages.entries()) {
    await cardSays(page, "shout", `ABOUT SECRETS OF ${people[index]!.name.toUpperCase()}.`);
    expect(await card(page, "shout").textContent()).not.toContain(people[1 - index]!.name.toUpperCase());
  }
  await picture(pages[0]!, "space-logged-in");
  const cookies = await first.context.cookies();
  expect(cookies.find(({ name }) => name === "__Host-daggr")).toMatchObject({
    httpOnly: true,
    secure: true,
    sameSite: "None",
  });
  expect(await pages[0]!.evaluate(() => document.cookie)).toBe("");
  // Out, and everything of Ada's is gone from the page; in again, and it is back.
  await pages[0]!.getByRole("button", { name: "Account ada" }).click();
  await pages[0]!.getByRole("menuitem", { name: "Log out" }).click();
  await says(pages[0]!, "Not saved.");
  expect(await pages[0]!.content()).not.toMatch(/secrets of ada/i);
});

test("the app view offers the login too, and a login that ended says so", async () => {
  await using space = await openSpace(storyGraph);
  space.hub.oauth.user = space.hub.accounts.add("ada");
  await using browser = await visit(space, "/app", { viewport: { width: 320, height: 640 } });
  const { page } = browser;
  await page.getByRole("banner").getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByRole("button", { name: "Account ada" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/app");
  expect(await axeFinds(page)).toEqual([]);
  await picture(page, "app-320");
  await space.restart();
  await says(page, "You are not logged in any more, ada.");
  await picture(page, "ended-320");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}, 60_000);

test("inside the frame on huggingface.co: a window logs in, and the frame goes on as that account", async () => {
  await using space = await openSpace(storyGraph);
  space.hub.oauth.user = space.hub.accounts.add("ada");
  // Here the Space is on this machine, which a page of the internet may not look at.
  const args = ["--disable-features=LocalNetworkAccessChecks"];
  await using browser = await launchBrowser({
    args,
    allowForeignRequests: true,
    expectedErrors: [/favicon/],
  });
  const { page, context } = browser;
  await context.route("https://huggingface.co/spaces/**", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><title>Space</title><iframe src="${space.url}/" style="width:1200px;height:700px"></iframe>`,
    }),
  );
  await page.goto("https://huggingface.co/spaces/owner/story");
  const frame = page.frameLocator("iframe");
  await says(frame, "Not saved.");
  await frame.getByRole("textbox", { name: "Topic" }).fill("made in a frame");
  await frame.getByRole("textbox", { name: "Topic" }).press("Tab");
  await page.waitForTimeout(500);
  const opened = context.waitForEvent("page");
  await frame.getByRole("banner").getByRole("button", { name: "Log in", exact: true }).click();
  const popup = await opened;
  if (!popup.isClosed()) await popup.waitForEvent("close");
  await frame.getByRole("button", { name: "Account ada" }).waitFor();
  await expect.poll(() => frame.getByRole("textbox", { name: "Topic" }).inputValue()).toBe("made in a frame");
  expect(await frame.getByRole("region", { name: "Account" }).count()).toBe(0);
});

test("a login that has expired leaves everything on the page, and runs again after another", async () => {
  await using space = await openSpace(peopleGraph);
  space.hub.oauth.user = space.hub.accounts.add("ada");
  space.hub.oauth.expiresInSeconds = 2;
  await using browser = await visit(space);
  const { page } = browser;
  await page.getByRole("banner").getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByRole("button", { name: /Account ada/ }).waitFor();
  await canvasIsReady(page);
  await page.waitForTimeout(2_000);
  await page.getByRole("button", { name: "Run write", exact: true }).click();
  await says(page, "Your login has expired.");
  await picture(page, "expired-space");
  space.hub.oauth.expiresInSeconds = 3600;
  await page.getByRole("button", { name: "Log in again" }).first().click();
  await page.getByRole("button", { name: "Account ada", exact: true }).waitFor();
  await canvasIsReady(page);
  await page.getByRole("button", { name: "Run write", exact: true }).click();
  await cardSays(page, "write", "About squid.");
});
