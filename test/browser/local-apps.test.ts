/** Apps on this machine as their cards show them; with a Gradio that starts in no time. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GradioNode, Graph, gr } from "../../src/index.ts";
import { HubStub } from "../hub/hub-stub.ts";
import { type PackageIndex, startIndex } from "../local/support/package-index.ts";
import { folderWith, guarded, python, quick, until } from "../local/support/processes.ts";
import { axeFinds } from "./axe.ts";
import { card, openCanvas } from "./open-canvas.ts";

let hub: HubStub;
let index: PackageIndex;
const before = { ...process.env };
beforeAll(async () => {
  hub = await HubStub.start();
  const gradio = join(import.meta.dirname, "../local/support/quick-gradio/gradio.py");
  index = await startIndex(folderWith({}), ["--as-gradio", gradio, "six"]);
  Object.assign(process.env, {
    HF_ENDPOINT: hub.url,
    HF_HOME: folderWith({}),
    UV_DEFAULT_INDEX: index.url,
    UV_PYTHON_DOWNLOADS: "never",
    UV_CACHE_DIR: folderWith({}),
    PATH: `${dirname(python)}:${process.env["PATH"]}`,
  });
});
afterAll(async () => {
  Object.assign(process.env, before);
  await hub[Symbol.asyncDispose]();
  await index[Symbol.asyncDispose]();
});

const APP = "import gradio\nprint('hello from tools')\ngradio.Blocks().launch()\n";

test("a Space is asked about on its card, then prepared and started; an app that fails says why and is started again", async () => {
  hub.repositories.add("space", "ada/upper", {
    // Nobody asks it what it offers.
    stage: "SLEEPING",
    files: { "README.md": "---\nsdk: gradio\nsdk_version: 6.31.0\n---\n", "app.py": APP },
  });
  const folder = folderWith({ "tools.py": "import gradio\nraise ValueError('a mistake')\n" });
  const outputs = { text: gr.Textbox({ label: "Text" }) };
  const options = { inputs: {}, outputs, validate: false };
  const makeGraph = () =>
    new Graph({
      name: "Local apps",
      nodes: [
        new GradioNode("ada/upper", { ...options, name: "upper", runLocally: { env: guarded } }),
        new GradioNode(join(folder, "tools.py"), {
          ...options,
          name: "tools",
          runLocally: { python, env: quick },
        }),
      ],
    });
  await using canvas = await openCanvas(makeGraph);
  const { page } = canvas;
  const upper = card(page, "upper");
  const tools = card(page, "tools");
  const question = upper.getByRole("group", { name: "A question about upper" });
  await question.waitFor();
  expect(await question.innerText()).toContain(
    "Space 'ada/upper' will run its authors' code on this machine, with your rights",
  );
  const link = question.getByRole("link", { name: "Read the code" });
  expect(await link.getAttribute("href")).toMatch(/\/spaces\/ada\/upper\/tree\/[0-9a-f]{40}$/);
  await tools.getByText("Does not run").waitFor();
  await tools.getByRole("button", { name: "More" }).click();
  expect(await tools.innerText()).toContain("ValueError: a mistake");
  await tools.getByText("tools.py · local").waitFor();
  expect(await axeFinds(page)).toEqual([]);
  if (process.env["TEST_LOCAL_PICTURES"] !== undefined)
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: join(process.env["TEST_LOCAL_PICTURES"], `${scheme}.png`) });
    }

  const form = await page.context().newPage();
  await form.goto(`${canvas.url}app`);
  await form.getByRole("group", { name: "A question about upper" }).waitFor();
  expect(await axeFinds(form)).toEqual([]);
  await form.close();

  // By keyboard alone: the answer that does less comes first.
  await question.getByRole("button", { name: "Don't run it" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const service = () => makeServices(page);
  await question.waitFor({ state: "detached" });
  await until(async () => (await service()) === 0, "the Space runs, and its card is quiet", 40_000);

  writeFileSync(join(folder, "tools.py"), APP);
  await tools.getByText("Does not run").waitFor({ state: "detached" });
  await until(async () => {
    await tools
      .getByRole("button", { name: "More about tools" })
      .or(tools.locator(".card-head"))
      .first()
      .click({ button: "right" });
    const entry = page.getByRole("menuitem", { name: "Show the log" });
    await entry.click();
    const log = page.getByRole("log", { name: "Log of tools" });
    const text = await log.innerText();
    if (text.includes("hello from tools")) return true;
    await page.getByRole("button", { name: "Hide the log of tools" }).click();
    return undefined;
  }, "the log of the app is on its card");
});

/** Cards that have something to say about their programs on this machine. */
const makeServices = (page: { locator(selector: string): { count(): Promise<number> } }): Promise<number> =>
  page.locator('[data-node="upper"] .service, [data-node="upper"] .strip').count();
