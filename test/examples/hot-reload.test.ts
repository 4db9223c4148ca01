import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { daggr, makeProject, root } from "../cli/command.ts";
import { launchBrowser } from "../support/browser.ts";
import { freePort } from "../support/python.ts";

test("while a script is written, the page keeps its results and says what is wrong", async () => {
  const cwd = makeProject({});
  cpSync(join(root, "examples/03-storyboard"), cwd, { recursive: true });
  symlinkSync(join(root, "node_modules/sharp"), join(cwd, "node_modules/sharp"));
  mkdirSync(join(root, "test-results/examples"), { recursive: true });
  const script = join(cwd, "app.ts");
  const good = readFileSync(script, "utf8");
  await using running = daggr(["app.ts", "--port", String(await freePort()), "--no-open", "--no-typecheck"], {
    cwd,
  });
  const url = await running.url();
  // A connection that is refused while one version takes over from the other is told on the console.
  await using browser = await launchBrowser({ expectedErrors: [/ERR_CONNECTION|WebSocket/] });
  const { page } = browser;
  await page.goto(url);
  const card = (node: string) => page.locator(`[data-node="${node}"]`);
  await page.getByLabel("Palette").selectOption({ label: "Candy" });
  await page.getByRole("button", { name: /^Run all$/ }).click();
  await card("contact sheet")
    .getByText(/^Result 1 of 1/)
    .waitFor({ timeout: 60_000 });

  writeFileSync(script, good.replace("const draw = new FnNode(", "const draw = new FnNode(;"));
  await page.getByText(/The script does not load at app\.ts:\d+/).waitFor();
  await page.screenshot({ path: join(root, "test-results/examples/banner.png") });
  expect(await card("contact sheet").locator("img").count()).toBeGreaterThan(0);

  writeFileSync(script, good.replace("Placing ", "Laying out "));
  await page.getByText(/The script does not load/).waitFor({ state: "detached", timeout: 20_000 });
  // Nothing was loaded anew by hand: the result, the palette and the connection are there.
  await card("contact sheet").getByText(/Stale/).waitFor();
  expect(await card("draw").getByText(/Stale/).count()).toBe(0);
  const chosen = page.getByLabel("Palette").locator("option:checked");
  expect(await chosen.innerText()).toBe("Candy");
  await page.getByRole("button", { name: /^Run 1 stale$/ }).click();
  await card("contact sheet")
    .getByText(/^Result 2 of 2|^Result 1 of 1/)
    .waitFor();
  await card("contact sheet").getByText(/Stale/).waitFor({ state: "detached" });
});
