import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { lives, makeFakeFrpc, ShareService } from "../share/support/share-service.ts";
import { freePort } from "../support/python.ts";
import { daggr, makeProject, writeFiles } from "./command.ts";
import { greeting } from "./scripts.ts";

async function start(service: ShareService, script: string, ...flags: string[]) {
  const cwd = makeProject({ ...greeting, "app.ts": script });
  const env = {
    GRADIO_SHARE_SERVER_ADDRESS: service.address,
    DAGGR_FRPC_PATH: makeFakeFrpc(),
    HF_HOME: mkdtempSync(join(tmpdir(), "daggr-home-")),
    SPACE_ID: undefined,
  };
  const args = ["app.ts", "--port", String(await freePort()), "--no-open", "--no-typecheck", ...flags];
  const running = daggr(args, { cwd, env });
  return { running, cwd, url: await running.url() };
}

test("daggr --share makes a link that outlives the versions of the script", async () => {
  await using service = await ShareService.start();
  service.host = "127.0.0.1";
  const { running, cwd, url } = await start(service, greeting["app.ts"], "--share");
  await using _ = running;
  const [, link = ""] = await running.until(/Shared on (http:\/\/\S+)/);
  await running.until(/Anybody with this link can run the workflow/);
  const { port, searchParams } = new URL(link);
  const headers = { authorization: `Bearer ${searchParams.get("token")}` };
  const share = async (): Promise<unknown> => (await fetch(`${url}api/share`)).json();
  await vi.waitFor(
    async () => expect(await share()).toMatchObject({ share: { status: "open", link }, canStop: true }),
    5_000,
  );
  expect((await fetch(`http://127.0.0.1:${port}/api/schema`)).status).toBe(401);
  expect((await fetch(link)).status).toBe(200);

  const printed = running.output().length;
  writeFiles(cwd, { "app.ts": greeting["app.ts"].replace("text.length", "text.length + 1") });
  await running.until(/reloaded after a change of app\.ts/, printed);
  await vi.waitFor(
    async () => expect(await share()).toMatchObject({ share: { status: "open", link } }),
    5_000,
  );
  expect((await fetch(`http://127.0.0.1:${port}/api/schema`, { headers })).status).toBe(200);
  expect(service.logins).toHaveLength(1);

  const pid = service.logins[0]?.pid ?? -1;
  expect(lives(pid)).toBe(true);
  running.process.kill("SIGKILL");
  await vi.waitFor(() => expect(lives(pid)).toBe(false), 5_000);
});

test("share: true in the script does the same; stopped on the page it stays so", async () => {
  await using service = await ShareService.start();
  const script = greeting["app.ts"].replace("graph.launch()", "graph.launch({ share: true })");
  const { running, cwd, url } = await start(service, script);
  await using _ = running;
  await running.until(/Shared on http:/);
  expect((await fetch(`${url}api/share`, { method: "DELETE" })).status).toBe(200);
  await vi.waitFor(() => expect(lives(service.logins[0]?.pid ?? -1)).toBe(false), 5_000);
  const printed = running.output().length;
  writeFiles(cwd, { "app.ts": script.replace("text.length", "text.length + 1") });
  await running.until(/reloaded after a change of app\.ts/, printed);
  expect(await (await fetch(`${url}api/share`)).json()).toMatchObject({ share: null });
  expect(service.logins).toHaveLength(1);
});

test("without a link the canvas is there, and the terminal says why", async () => {
  await using service = await ShareService.start();
  service.mode = "refuse";
  const { running, url } = await start(service, greeting["app.ts"], "--share");
  await using _ = running;
  await running.until(/Not shared: Gradio's share service gave no link: its server refused the login\./);
  expect((await fetch(url)).status).toBe(200);
});
