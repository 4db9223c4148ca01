/** The page of all fields (`/dev/fields`): every kind in every state, in both themes, under the page's own policy. */
import { createReadStream, existsSync, mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import mime from "mime";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pagePolicy } from "../../src/server/page-routes.ts";
import { answerFiles } from "../../web/dev/gallery-server.ts";
import { launchBrowser } from "../support/browser.ts";
import { axeFinds } from "./axe.ts";

const root = join(import.meta.dirname, "../..");
/** With `TEST_FIELD_PICTURES=1` there is a picture of every kind in both themes. */
const pictures = join(root, "test-results/fields");
let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daggr-gallery-"));
  await build({
    configFile: join(root, "web/vite.config.ts"),
    logLevel: "error",
    build: { outDir: folder, rolldownOptions: { input: join(root, "web/dev/fields.html") } },
  });
  server = createServer(async (request, response) => {
    if (await answerFiles(request, response)) return;
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const file = join(folder, path === "/dev/fields" ? "dev/fields.html" : path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": mime.getType(extname(file)) ?? "application/octet-stream",
      "content-security-policy": pagePolicy("'none'"),
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dev/fields`;
  mkdirSync(pictures, { recursive: true });
});

afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

const everyState = [
  "empty input",
  "filled input",
  "with info and placeholder",
  "disabled",
  "refused",
  "output",
  "output without a value",
  "wrong type",
  "loading",
  "could not be loaded",
  "full screen",
];

test("every kind of field is shown in every state, and axe finds nothing, light and dark", async () => {
  await using browser = await launchBrowser({ colorScheme: "light", viewport: { width: 1440, height: 900 } });
  const { page } = browser;
  await page.goto(url);
  await page.getByRole("main", { name: "Fields" }).locator("section").first().waitFor();
  // All have their views but those that stay without one on purpose.
  await page.waitForFunction(
    () =>
      document.querySelectorAll(".field-slot[aria-busy=true]").length ===
      document.querySelectorAll("[data-state=loading]").length,
  );
  expect(await page.getByText(/^No samples:/).allTextContents()).toEqual([]);
  const shown = await page.locator("section").evaluateAll((sections) =>
    sections.map((section) => ({
      kind: section.id,
      states: [...section.querySelectorAll("[data-state]")].map((state) => state.getAttribute("data-state")),
      asJson: [...section.querySelectorAll(".f-note")]
        .filter((note) => /shown as JSON/.test(note.textContent))
        .map((note) => note.closest("[data-state]")?.getAttribute("data-state")),
    })),
  );
  expect(shown.length).toBeGreaterThan(27);
  for (const { kind, states, asJson } of shown) {
    expect(states, kind).toEqual(expect.arrayContaining(everyState));
    expect(asJson, kind).toEqual(kind === "json" ? [] : ["wrong type"]);
  }
  for (const theme of ["light", "dark"]) {
    if (theme === "dark") await page.getByRole("button", { name: "Dark theme" }).click();
    if (process.env.TEST_FIELD_PICTURES === "1")
      for (const { kind } of shown)
        await page
          .locator(`section[id="${kind}"]`)
          .screenshot({ path: join(pictures, `${kind}-${theme}.png`) });
    expect(await axeFinds(page), theme).toEqual([]);
  }
}, 180_000);
