/** Every screen: opened by keyboard, nothing found by axe in light and dark, the focus in it and back after Escape. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { themeCss } from "../../src/server/theme.ts";
import { THEMES } from "../../src/server/theme-palettes.ts";
import { axeFinds } from "./axe.ts";
import { card, cardSays, openCanvas } from "./open-canvas.ts";
import { screensGraph } from "./screens-graph.ts";

interface Screen {
  readonly name: string;
  /** What has the focus before, and is to have it after. */
  readonly from: (page: Page) => Locator;
  /** The keys that open it. */
  readonly keys: readonly string[];
  /** What opens, and gets the focus. */
  readonly shown: (page: Page) => Locator;
  /** For axe. */
  readonly part: string;
}

/** What is wrong anywhere, so that one look tells all of it. */
const problems: string[] = [];

async function becomes(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 60; attempt++) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

const button = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name, exact: true });
const dialog = (name: string | RegExp) => (page: Page) => page.getByRole("dialog", { name });
const menu = (name: string | RegExp) => (page: Page) => page.getByRole("menu", { name });
const cardOf = (name: string) => (page: Page) => card(page, name);
const inDialog = "[role='dialog']";
const inMenu = "[role='menu']";
const result = (page: Page) => card(page, "write").getByRole("button", { name: /^Result 2 of 2/ });
const sheet = (page: Page) => page.getByRole("button", { name: /^Sheet / });

async function inBothThemes(
  page: Page,
  name: string,
  part?: string,
  rules?: readonly string[],
): Promise<void> {
  const found = await axeFinds(page, part, rules);
  await theme(page, "dark");
  found.push(...(await axeFinds(page, part, ["color-contrast"])));
  await theme(page, "light");
  problems.push(...found.map((each) => `${name}: ${each}`));
}

async function theme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    (isDark) => document.documentElement.classList.contains("dark") === isDark,
    colorScheme === "dark",
  );
}

/** What somebody with a keyboard would be at, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at === null || at === document.body
      ? "nothing"
      : `${at.tagName.toLowerCase()} ${at.getAttribute("aria-label") ?? at.textContent?.trim().slice(0, 40)}`;
  });
const holdsFocus = (locator: Locator) =>
  locator.evaluate((element) => element.contains(document.activeElement)).catch(() => false);

const screens: readonly Screen[] = [
  {
    name: "run menu",
    from: button("Run options"),
    keys: ["Enter"],
    shown: menu("Run options"),
    part: inMenu,
  },
  {
    name: "menu of a card",
    from: button("Run options of write"),
    keys: ["ArrowDown"],
    shown: menu("Run options of write"),
    part: inMenu,
  },
  {
    name: "context menu of a card",
    from: cardOf("write"),
    keys: ["Shift+F10"],
    shown: menu("Options of write"),
    part: inMenu,
  },
  {
    name: "context menu of a card that failed",
    from: cardOf("spell"),
    keys: ["Shift+F10"],
    shown: menu("Options of spell"),
    part: inMenu,
  },
  { name: "sheet menu", from: sheet, keys: ["Enter"], shown: menu(/^Sheet /), part: inMenu },
  { name: "search", from: cardOf("write"), keys: ["Control+k"], shown: dialog("Search"), part: inDialog },
  {
    name: "search with results",
    from: cardOf("write"),
    keys: ["Control+k", "w", "r", "i"],
    shown: dialog("Search"),
    part: inDialog,
  },
  {
    name: "search without results",
    from: cardOf("write"),
    keys: ["Control+k", "q", "z", "q"],
    shown: dialog("Search"),
    part: inDialog,
  },
  { name: "commands", from: cardOf("write"), keys: ["Shift+>"], shown: dialog("Search"), part: inDialog },
  { name: "help", from: cardOf("write"), keys: ["?"], shown: dialog("Keys and signs"), part: inDialog },
  { name: "history", from: result, keys: ["Enter"], shown: dialog("Results of write"), part: inDialog },
  {
    name: "look closer at a text",
    from: button("Look closer at Text of write"),
    keys: ["Enter"],
    shown: dialog("Text of write"),
    part: inDialog,
  },
  {
    name: "look closer at a picture",
    from: button("Look closer at Picture of write"),
    keys: ["Enter"],
    shown: dialog("Picture of write"),
    part: inDialog,
  },
  {
    name: "look closer at JSON",
    from: button("Look closer at Facts of write"),
    keys: ["Enter"],
    shown: dialog("Facts of write"),
    part: inDialog,
  },
  {
    name: "look closer at a table",
    from: button("Look closer at Table of write"),
    keys: ["Enter"],
    shown: dialog("Table of write"),
    part: inDialog,
  },
  {
    name: "connections of a card",
    from: cardOf("write"),
    keys: ["Shift+F10", "C", "o", "n", "n", "Enter"],
    shown: menu("Connections of write"),
    part: inMenu,
  },
  {
    name: "rename",
    from: sheet,
    keys: ["Enter", ..."Rename", "Enter"],
    shown: dialog("Rename sheet"),
    part: inDialog,
  },
  {
    name: "clear",
    from: sheet,
    keys: ["Enter", ..."Clear", "Enter"],
    shown: dialog("Clear sheet"),
    part: inDialog,
  },
  {
    name: "delete",
    from: sheet,
    keys: ["Enter", ..."Delete", "Enter"],
    shown: dialog("Delete sheet"),
    part: inDialog,
  },
  {
    name: "all sheets",
    from: sheet,
    keys: ["Enter", ..."All", "Enter"],
    shown: dialog("Sheets"),
    part: inDialog,
  },
  {
    name: "rename from the search",
    from: cardOf("write"),
    keys: ["Control+k", ..."Rename", "Enter"],
    shown: dialog("Rename sheet"),
    part: inDialog,
  },
  {
    name: "compare",
    from: cardOf("write"),
    keys: ["Shift+F10", ..."Comp", "Enter"],
    shown: dialog("Compare results of write"),
    part: inDialog,
  },
];

test("every screen", { timeout: 240_000 }, async () => {
  await using canvas = await openCanvas(screensGraph, {
    colorScheme: "light",
    viewport: { width: 1600, height: 1000 },
  });
  const { page, url } = canvas;
  await page.route("**/theme.css?*", (route) =>
    route.fulfill({
      contentType: "text/css",
      body: themeCss(new URL(route.request().url()).search.slice(1)),
    }),
  );
  await inBothThemes(page, "idle");
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await sheet(page).focus();
  await press("Enter");
  await page.getByRole("menuitem", { name: "Duplicate sheet" }).press("Enter");
  await page.getByRole("button", { name: "Sheet Sheet 1 copy" }).waitFor();
  for (const topic of ["squid", "whales"]) {
    await page.getByRole("textbox", { name: "Topic" }).fill(topic);
    await card(page, "write").focus();
    await press("Enter");
    await cardSays(page, "write", `About ${topic}.`);
  }
  await card(page, "together").focus();
  await press("Shift+Enter");
  await cardSays(page, "together", "Blocked");
  await inBothThemes(page, "failed with items");
  for (const screen of screens) {
    const from = screen.from(page);
    await from.focus();
    const shown = screen.shown(page);
    for (const key of screen.keys) {
      await press(key);
      const opens = key === "Enter" || key === "Shift+F10" || key === "ArrowDown";
      if (opens)
        await becomes(() =>
          page.evaluate(() => document.activeElement?.closest("[role='menu'], [role='dialog']") != null),
        );
    }
    const isThere = await shown.waitFor({ timeout: 4_000 }).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      problems.push(`${screen.name} does not open`);
      await press("Escape", "Escape");
      continue;
    }
    if (!(await becomes(() => holdsFocus(shown))))
      problems.push(`${screen.name} opens with the focus at ${await focused(page)}`);
    await inBothThemes(page, screen.name, screen.part);
    await press("Escape");
    await shown.waitFor({ state: "detached" });
    const isBack = () => from.evaluate((element) => element === document.activeElement);
    if (!(await becomes(isBack))) problems.push(`${screen.name} leaves the focus at ${await focused(page)}`);
  }
  await other(page, press);
  await themes(page);
  await asForm(page, url, press);
  expect(problems).toEqual([]);
});

type Press = (...keys: readonly string[]) => Promise<void>;

/** Screens that are more than something which opens and closes. */
async function other(page: Page, press: Press): Promise<void> {
  const edit = page.getByRole("button", { name: "Edit Text of write" });
  await edit.focus();
  await press("Enter");
  const text = card(page, "write").getByRole("textbox", { name: "Text", exact: true });
  if (!(await becomes(() => holdsFocus(text))))
    problems.push(`editing has the focus at ${await focused(page)}`);
  await inBothThemes(page, "editing by hand");
  await press("Escape");
  if (!(await becomes(() => holdsFocus(edit))))
    problems.push(`editing leaves the focus at ${await focused(page)}`);

  await card(page, "write").focus();
  await press("Shift+F10");
  await page.getByRole("menuitem", { name: "Show the log" }).press("Enter");
  await cardSays(page, "write", "Writing about whales");
  await page.getByRole("button", { name: "Next failed item of spell" }).press("Enter");
  await card(page, "spell").getByRole("button", { name: "cannot spell it, item 2 of spell" }).press("Enter");
  await page.getByRole("button", { name: "Previous result of write" }).press("Enter");
  await page.getByRole("button", { name: "Undo", exact: true }).waitFor();
  await card(page, "write").focus();
  await press("Control+a");
  await page.getByRole("group", { name: "Selection" }).waitFor();
  await inBothThemes(page, "log, failed item, selection, undo");
  await press("Escape");

  await card(page, "page").focus();
  await press("Shift+Enter");
  await page.getByRole("button", { name: "3 steps wait for you" }).waitFor();
  await card(page, "wait").focus();
  await press("Enter");
  await page.getByRole("progressbar", { name: "Progress of wait" }).waitFor();
  await inBothThemes(page, "running, stale, waiting for three answers");
}

/** The canvas with all its states, a menu and a dialog in every theme. */
async function themes(page: Page): Promise<void> {
  for (const name of THEMES) {
    await page.evaluate(
      (css) =>
        new Promise<void>((resolve) => {
          const link = document.querySelector<HTMLLinkElement>("link[href*='theme.css']")!;
          link.addEventListener("load", () => resolve(), { once: true });
          link.href = `./theme.css?${css}`;
        }),
      name,
    );
    for (const scheme of ["light", "dark"] as const) {
      await theme(page, scheme);
      const colours = async (part?: string) =>
        problems.push(
          ...(await axeFinds(page, part, ["color-contrast"])).map((each) => `${name}, ${scheme}: ${each}`),
        );
      await colours();
      await page.getByRole("button", { name: "Run options of write" }).press("Enter");
      await page.getByRole("menuitem", { name: "Run to here" }).focus();
      await colours(inMenu);
      await page.keyboard.press("Escape");
      await page.getByRole("menu").waitFor({ state: "detached" });
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await colours(inDialog);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
  }
}

async function asForm(page: Page, url: string, press: Press): Promise<void> {
  await theme(page, "light");
  await page.goto(`${url}app`);
  const run = page.getByRole("button", { name: "Run", exact: true });
  const stop = page.getByRole("button", { name: "Stop", exact: true }).first();
  await stop.waitFor();
  await inBothThemes(page, "form, running and waiting");
  for (const name of THEMES) {
    await page.evaluate(
      (css) =>
        document
          .querySelector<HTMLLinkElement>("link[href*='theme.css']")!
          .setAttribute("href", `./theme.css?${css}`),
      name,
    );
    await page.waitForTimeout(100);
    await inBothThemes(page, `form, ${name}`, undefined, ["color-contrast"]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await inBothThemes(page, "form, 320 pixels wide");
  await stop.focus();
  await press("Enter");
  // First what is at work, if it still is, then what waits.
  await becomes(async () => {
    if ((await stop.count()) > 0 && (await holdsFocus(stop))) await press("Enter");
    return run.isVisible();
  });
  if (!(await becomes(() => holdsFocus(run))))
    problems.push(`stopping leaves the focus at ${await focused(page)}`);
  await inBothThemes(page, "form, failed");
  await page.goto(url);
  await page.getByRole("main", { name: "Steps" }).waitFor();
  await card(page, "write").waitFor();
  await inBothThemes(page, "list");
}
