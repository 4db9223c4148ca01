/** Where the focus goes, what is said, what moves, what can be hit: for people without a mouse, without sight, with large print. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { FnNode, Graph, gr } from "../../src/index.ts";
import { itemsGraph, slowGraph } from "./graphs.ts";
import { canvasIsReady, card, cardSays, openCanvas } from "./open-canvas.ts";
import { screensGraph } from "./screens-graph.ts";

/** What has the focus: its name, or "nothing". */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    if (at === null || at === document.body) return "nothing";
    return at.getAttribute("aria-label") ?? at.textContent?.trim() ?? "";
  });

/** Everything that a screen reader is told from now on. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const region = (node: Node) =>
      (node instanceof Element ? node : node.parentElement)?.closest(
        "[role='log'], [role='status'], [aria-live]",
      );
    new MutationObserver((changes) => {
      for (const { addedNodes, target } of changes)
        for (const node of addedNodes)
          if (region(target) != null && node.textContent?.trim()) told.push(node.textContent.trim());
    }).observe(document.body, { subtree: true, childList: true });
  });
  return () => page.evaluate(() => (window as unknown as { told: string[] }).told);
}

test("the focus stays with a button that changes, and goes to a neighbour of what is gone", async () => {
  await using canvas = await openCanvas(slowGraph);
  const { page } = canvas;
  const ms = page.getByRole("spinbutton", { name: "Milliseconds" });
  await page.getByRole("button", { name: "Run wait", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Stop wait");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Run wait");
  // The strip's own Stop goes away with the run.
  await page.keyboard.press("Enter");
  const stop = card(page, "wait").getByRole("button", { name: "Stop", exact: true });
  await stop.focus();
  await page.keyboard.press("Enter");
  await stop.waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe("wait");
  // So does the bar's.
  await page.keyboard.press("Enter");
  const bar = page.getByRole("group", { name: "Run", exact: true });
  await bar.getByRole("button", { name: "Stop" }).focus();
  await page.keyboard.press("Enter");
  await bar.waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).not.toBe("nothing");
  // A run that ends by itself, and one result after the other.
  for (const wanted of ["1", "2"]) {
    await ms.fill(wanted);
    await card(page, "wait").focus();
    await page.keyboard.press("Enter");
    await cardSays(page, "wait", new RegExp(`Result ${wanted} of ${wanted}`));
  }
  await page.getByRole("button", { name: "Previous result of wait" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Next result of wait");
  await page.keyboard.press("Control+z");
  await cardSays(page, "wait", /Result 2 of 2/);
  await expect.poll(() => focused(page)).not.toBe("nothing");
  // The server goes and comes back.
  await page.getByRole("button", { name: /^Run (all|\d stale)$/ }).focus();
  await canvas.stop();
  await page.getByText("Connection lost.", { exact: true }).waitFor();
  await expect.poll(() => focused(page)).not.toBe("nothing");
  await page.getByRole("button", { name: "Try now" }).focus();
  await canvas.start();
  await page.getByText("Connection lost.", { exact: true }).waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).not.toBe("nothing");
});

test("the focus survives rows and sheets that are deleted, a graph that changes, and cards that go out of sight", async () => {
  let extra = false;
  await using canvas = await openCanvas(() => {
    const shots = new FnNode(({ list }: { list: { scene: string }[] }) => list.length, {
      name: "shots",
      inputs: {
        list: gr.ItemList(
          { scene: gr.Textbox({ label: "Scene" }) },
          { label: "Shots", value: [{ scene: "sea" }, { scene: "sky" }] },
        ),
      },
      outputs: { count: gr.Number({ label: "Count" }) },
    });
    const more = Array.from(
      { length: extra ? 3 : 90 },
      (_, index) =>
        new FnNode(({ text }: { text: string }) => text, {
          name: `step${index}`,
          inputs: { text: gr.Textbox({ label: `Text ${index}` }) },
          outputs: { same: gr.Textbox({ label: "Same" }) },
        }),
    );
    return new Graph({ name: "Changing", nodes: [shots, ...more] });
  });
  const { page } = canvas;
  await page.keyboard.press("Control+k");
  await page.keyboard.type("shots");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("shots");
  const remove = page.getByRole("button", { name: /^Remove item/ });
  await remove.first().waitFor();
  const count = await remove.count();
  await remove.first().press("Enter");
  await expect.poll(() => remove.count()).toBe(count - 1);
  await expect.poll(() => focused(page)).not.toBe("nothing");

  const sheet = page.getByRole("button", { name: /^Sheet / });
  await sheet.press("Enter");
  await page.getByRole("menuitem", { name: "New sheet" }).press("Enter");
  await page.getByRole("button", { name: "Sheet Sheet 2" }).press("Enter");
  await page.getByRole("menuitem", { name: /^All/ }).press("Enter");
  const list = page.getByRole("dialog", { name: "Sheets" });
  await list.getByRole("button", { name: /^Sheet 1/ }).focus();
  await page.keyboard.press("Delete");
  await page
    .getByRole("dialog", { name: "Delete sheet" })
    .getByRole("button", { name: "Delete" })
    .press("Enter");
  await expect.poll(() => list.getByRole("listitem").count()).toBe(1);
  await expect.poll(() => list.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(() => focused(page)).toBe("Sheet Sheet 2");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("Text 80");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Text 80");
  await page.mouse.move(700, 500);
  for (const turn of [-4000, -4000, -4000]) await page.mouse.wheel(0, turn);
  await page.waitForTimeout(500);
  expect(await focused(page)).toBe("Text 80");

  extra = true;
  await canvas.stop();
  await page.getByText("Connection lost.", { exact: true }).waitFor();
  await canvas.start();
  await card(page, "step80").waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).not.toBe("nothing");
});

test("a screen reader hears what a run does, and no flood", async () => {
  await using canvas = await openCanvas(() => itemsGraph({ mended: false }));
  const { page } = canvas;
  const told = await listen(page);
  await page.getByRole("button", { name: "Run all", exact: true }).press("Enter");
  await cardSays(page, "together", "Blocked");
  await expect
    .poll(told)
    .toContainEqual(expect.stringMatching(/^Run failed after [\d.]+ m?s, \d of 3 steps done$/));
  const said = await told();
  expect(said).toContain("Running 3 steps");
  expect(said.filter((each) => each.startsWith("spell failed: "))).toEqual([
    expect.stringContaining("cannot spell it"),
  ]);
  await page
    .getByRole("textbox", { name: "Sentence" })
    .fill(Array.from({ length: 300 }, () => "bad").join(" "));
  const before = (await told()).length;
  await page
    .getByRole("button", { name: "Run all", exact: true })
    .or(page.getByRole("button", { name: /^Run \d stale$/ }))
    .press("Enter");
  await cardSays(page, "spell", "300 of 300 failed");
  await expect.poll(async () => (await told()).slice(before).join("; ")).toMatch(/Run failed after/);
  expect((await told()).length - before).toBeLessThan(8);
  await page.keyboard.press("Control+z");
  await expect.poll(told).toContain("Undone: Sentence");
  await canvas.stop();
  await expect.poll(told).toContainEqual(expect.stringContaining("Connection lost"));
  await canvas.start();
  await expect.poll(told, { timeout: 15_000 }).toContain("Connected again");
});

test("a hundred failing steps are told in few sentences", async () => {
  await using canvas = await openCanvas(() => {
    const nodes = Array.from(
      { length: 40 },
      (_, index) =>
        new FnNode(
          (): string => {
            throw new Error("out of paper");
          },
          { name: `print${index}`, outputs: { page: gr.Textbox() } },
        ),
    );
    return new Graph({ name: "Printers", nodes });
  });
  const { page } = canvas;
  const told = await listen(page);
  await page.getByRole("button", { name: "Run all", exact: true }).press("Enter");
  await expect.poll(told, { timeout: 20_000 }).toContainEqual(expect.stringContaining("more steps failed"));
  const said = await told();
  expect(said).toContain("print0 failed: out of paper");
  expect(said.length).toBeLessThan(12);
});

test("cards are groups with a name, their state in words and their connections; the page has its parts", async () => {
  await using canvas = await openCanvas(screensGraph);
  const { page } = canvas;
  await card(page, "wait").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("progressbar", { name: "Progress of wait" }).waitFor();
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const parts = nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }) => `${String(role?.value)} ${String(name?.value ?? "")}`.trim());
  for (const part of [
    "banner",
    "main Canvas",
    "navigation View",
    "heading Screens",
    "log What happens",
    "group wait",
    "group write",
    "button Stop wait",
    "progressbar Progress of wait",
  ])
    expect(parts, part).toContain(part);
  // Nobody hears of the same card twice, or of a "node" of a library.
  expect(parts.filter((part) => part === "group wait")).toHaveLength(1);
  const steps = nodes.filter(({ role, ignored }) => !ignored && role?.value === "group");
  expect(JSON.stringify(steps)).not.toContain("roledescription");
  expect(await page.title()).toBe("Running 1 of 1 · Screens");
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
  const unnamed = nodes.filter(
    ({ ignored, role, name }) =>
      !ignored &&
      ["button", "link", "textbox", "combobox", "checkbox", "slider", "spinbutton", "dialog"].includes(
        String(role?.value),
      ) &&
      String(name?.value ?? "") === "",
  );
  expect(unnamed).toEqual([]);
});

test("nothing moves for who asked for less motion", async () => {
  await using canvas = await openCanvas(screensGraph, { reducedMotion: "reduce" });
  const { page } = canvas;
  await card(page, "wait").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("progressbar", { name: "Progress of wait" }).waitFor();
  await page.getByRole("button", { name: "Run options of wait" }).press("Enter");
  await page.getByRole("menu").waitFor();
  const moving = await page.evaluate(() => [
    ...document.getAnimations().flatMap(({ effect }) => {
      const { activeDuration, delay } = effect!.getComputedTiming();
      return Number(activeDuration) + (delay ?? 0) > 10
        ? [String((effect as KeyframeEffect).target?.className)]
        : [];
    }),
    ...[...document.querySelectorAll("*")].flatMap((element) => {
      const style = getComputedStyle(element);
      const times = [
        style.transitionDuration,
        style.transitionDelay,
        style.animationDuration,
        style.animationDelay,
      ];
      const isLong = times
        .join(",")
        .split(",")
        .some((time) => Number.parseFloat(time) * (time.trim().endsWith("ms") ? 1 : 1000) > 10);
      return isLong || style.scrollBehavior === "smooth" ? [`${element.tagName} ${element.className}`] : [];
    }),
  ]);
  expect(moving).toEqual([]);
  await page.keyboard.press("Escape");
  // The view is where it goes at once: two frames after the key it does not change any more.
  const view = () =>
    page.locator(".svelte-flow__viewport").evaluate((element) => (element as HTMLElement).style.transform);
  for (const key of ["+", "1", "0"]) {
    const before = await view();
    await page.keyboard.press(key);
    await expect.poll(view).not.toBe(before);
    const frames = await page.evaluate(async () => {
      const seen: string[] = [];
      for (let frame = 0; frame < 12; frame++) {
        await new Promise(requestAnimationFrame);
        seen.push(document.querySelector<HTMLElement>(".svelte-flow__viewport")!.style.transform);
      }
      return seen;
    });
    expect(new Set(frames).size, key).toBe(1);
  }
});

const sizes = [
  { name: "200 %", width: 640, height: 400 },
  { name: "400 %", width: 320, height: 256 },
] as const;

test("at 200 % and 400 % nothing is cut, everything is large enough to be hit, and a run works", async () => {
  await using canvas = await openCanvas(screensGraph, { deviceScaleFactor: 2 });
  const { page, url } = canvas;
  const problems: string[] = [];
  const look = async (where: string, part?: string) =>
    problems.push(...(await cutOrSmall(page, part)).map((each) => `${where}: ${each}`));
  await look("canvas");
  for (const { name, width, height } of sizes) {
    await page.setViewportSize({ width, height });
    await page.goto(url);
    await card(page, "write").waitFor();
    await page.getByRole("textbox", { name: "Topic" }).fill(name);
    await card(page, "write").focus();
    await page.keyboard.press("Enter");
    await cardSays(page, "write", `About ${name}.`);
    await look(`${name}, list`);
    for (const [what, open] of [
      ["menu", () => page.getByRole("button", { name: "Run options of write" }).press("Enter")],
      ["sheet menu", () => page.getByRole("button", { name: /^Sheet / }).press("Enter")],
      ["search", () => page.keyboard.press("Control+k")],
      ["help", () => page.keyboard.press("?")],
      ["closer", () => page.getByRole("button", { name: "Look closer at Text of write" }).press("Enter")],
      [
        "history",
        () =>
          card(page, "write")
            .getByRole("button", { name: /^Result \d/ })
            .press("Enter"),
      ],
    ] as const) {
      await card(page, "write").focus();
      await open();
      const popup = page.locator("[role='menu'], [role='dialog']").first();
      await popup.waitFor();
      await look(`${name}, ${what}`, "[role='menu'], [role='dialog']");
      await page.keyboard.press("Escape");
      await popup.waitFor({ state: "detached" });
    }
    await page.goto(`${url}app`);
    await page.getByRole("button", { name: "Run", exact: true }).waitFor();
    await look(`${name}, form`);
  }
  expect(problems).toEqual([]);
});

test("with more space between letters, words and lines no button is cut", async () => {
  await using canvas = await openCanvas(screensGraph);
  const { page } = canvas;
  await page.addStyleTag({
    content:
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
  });
  await page.waitForTimeout(300);
  expect((await cutOrSmall(page)).filter((each) => each.startsWith("cut"))).toEqual([]);
});

test("with the system's own colours the focus, edges and states can be seen", async () => {
  await using canvas = await openCanvas(screensGraph, { forcedColors: "active" });
  const { page } = canvas;
  await canvasIsReady(page);
  const run = page.getByRole("button", { name: "Run write", exact: true });
  await run.focus();
  const colours = await page.evaluate(() => {
    const button = document.activeElement!;
    const edge = document.querySelector(".edge path:not(.hit)")!;
    const card = document.querySelector(".card")!;
    const background = getComputedStyle(card).backgroundColor;
    const dot = document.querySelector(".dot")!;
    return {
      focus: getComputedStyle(button).outlineStyle,
      edge: getComputedStyle(edge).stroke !== getComputedStyle(document.body).backgroundColor,
      border: getComputedStyle(card).borderTopColor !== background,
      dot: getComputedStyle(dot).backgroundColor !== background,
    };
  });
  expect(colours).toEqual({ focus: "solid", edge: true, border: true, dot: true });
});

/** Buttons whose words do not fit, controls smaller than 24 pixels, and what sticks out of the window. */
const cutOrSmall = (page: Page, part = "body"): Promise<string[]> =>
  page.evaluate((part) => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`cut: the page is ${scrollWidth} wide`);
    const seen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    for (const element of document
      .querySelector(part)!
      .querySelectorAll<HTMLElement>(
        "button, a[href], [role='menuitem'], summary, select, input:not([type='hidden'])",
      )) {
      if (!seen(element) || element.closest("[inert], .visually-hidden") !== null) continue;
      const name = element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
      const box = element.getBoundingClientRect();
      const zoom = element.offsetWidth === 0 ? 1 : box.width / element.offsetWidth;
      const [width, height] = [box.width / zoom, box.height / zoom];
      if (width < 23.5 || height < 23.5)
        found.push(`small: ${element.className} ${name}, ${Math.round(width)} x ${Math.round(height)}`);
      const style = getComputedStyle(element);
      if (
        element.tagName === "BUTTON" &&
        style.textOverflow !== "ellipsis" &&
        style.overflow === "hidden" &&
        element.scrollWidth > element.clientWidth + 1
      )
        found.push(`cut: ${name}`);
    }
    for (const popup of document.querySelectorAll<HTMLElement>("[role='menu'], [role='dialog']")) {
      const { left, top, right, bottom } = popup.getBoundingClientRect();
      if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1)
        found.push(
          `cut: ${popup.getAttribute("aria-label")} reaches ${[left, top, right, bottom].map(Math.round)} of ${innerWidth} x ${innerHeight}`,
        );
      if (popup.scrollWidth > popup.clientWidth + 1)
        found.push(`cut: ${popup.getAttribute("aria-label")} scrolls sideways`);
    }
    return [...new Set(found)];
  }, part);
