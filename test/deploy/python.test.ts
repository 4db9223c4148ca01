/** daggr for Python deploys to the same Hub: what it does there, ours finds and leaves alone. */
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { HubStub } from "../hub/hub-stub.ts";
import { pythonEnvironment, pythonPath } from "../support/python.ts";
import { deploy, project } from "./project.ts";

const run = promisify(execFile);
let hub: HubStub;

beforeAll(async () => {
  hub = await HubStub.start();
});
afterAll(() => hub[Symbol.asyncDispose]());

const script = `from daggr import FnNode, Graph
import gradio as gr

def shout(text: str) -> str:
    return text.upper()

node = FnNode(shout, inputs={"text": gr.Textbox()}, outputs={"loud": gr.Textbox()})
graph = Graph(name="Loud thoughts", nodes=[node])
graph.launch()
`;

test("daggr 0.8 deploys to the stub, and ours does the same with fewer steps and the settings first", async () => {
  const token = hub.accounts.add("ada").token("write");
  const folder = mkdtempSync(join(tmpdir(), "daggr-python-deploy-"));
  writeFileSync(join(folder, "app.py"), script);
  const env = {
    ...process.env,
    ...pythonEnvironment(),
    HF_HUB_OFFLINE: "0",
    HF_ENDPOINT: hub.url,
    HF_HOME: join(folder, "hf"),
    HF_TOKEN: token,
    HF_HUB_DISABLE_PROGRESS_BARS: "1",
    HF_HUB_DISABLE_XET: "1",
  };
  const args = [
    "-c",
    "from daggr.cli import main; main()",
    "deploy",
    "app.py",
    "--secret",
    "KEY=theirs",
    "--hardware",
    "cpu-basic",
  ];
  const { stdout } = await run(pythonPath, args, { cwd: folder, env });
  expect(stdout).toContain("Deployed to");
  const theirs = hub.repositories.get("space", "ada/loud-thoughts");
  expect([...theirs.head.files.keys()].sort()).toEqual(["README.md", "app.py", "requirements.txt"]);
  expect(theirs.space!.secrets.get("KEY")!.value).toBe("theirs");
  const order = hub.seen.filter(({ method }) => method === "POST").map(({ path }) => path.split("/").at(-1));
  expect(order.indexOf("secrets")).toBeGreaterThan(order.indexOf("main"));

  const refused = await deploy(hub, token, project());
  expect(refused.stderr).toMatch(/was not made by daggr deploy: it holds app\.py, requirements\.txt/);
  const ran = await deploy(hub, token, project(), ["--yes", "--overwrite", "--secret", "OURS=ours"]);
  expect(ran.code).toBe(0);
  expect([...theirs.head.files.keys()]).toEqual(
    expect.arrayContaining(["app.py", "app.ts", "requirements.txt"]),
  );
  expect([...theirs.space!.secrets.keys()]).toEqual(["KEY", "OURS"]);
  const card = parse(theirs.head.files.get("README.md")!.toString().split("---")[1]!);
  expect(card).toMatchObject({ title: "Loud thoughts", sdk: "docker", app_port: 7860, tags: ["daggr"] });
  expect(card).not.toHaveProperty("sdk_version");
});
