/** What `daggr deploy` refuses, what the Hub refuses, and builds that fail: one clear sentence, and nothing lost. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeFiles } from "../cli/command.ts";
import { startHub } from "./hub.ts";
import { deploy, files, project, script } from "./project.ts";

const at = startHub();
const { repository, writes } = at;

describe("what is refused before anything is sent", () => {
  const cases: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    [
      "a token in a module",
      { "lib/shout.ts": `export const shout = (t: string) => t + "hf_${"a".repeat(34)}";` },
      /lib\/shout\.ts:1 {2}a Hugging Face token/,
    ],
    [
      "an enum",
      { "lib/shout.ts": "export enum Kind { A }\nexport const shout = (t: string) => t + Kind.A;" },
      /The script does not load[\s\S]*enum/,
    ],
    [
      "a host that nobody reaches",
      { "app.ts": script.replace(".launch()", '.launch({ host: "127.0.0.1" })') },
      /launches its graph on 127\.0\.0\.1/,
    ],
  ];
  test.each(cases)("%s", async (_name, more, message) => {
    const ran = await deploy(at.hub, at.token, project(more));
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(1);
    expect(writes()).toEqual([]);
    expect(ran.stderr).not.toMatch(/dist\/|node:internal/);
  });

  test("a module outside of the folder", async () => {
    const folder = project({
      "inner/package.json": '{"type":"module"}',
      "inner/app.ts": script.replace("./lib/", "../lib/"),
    });
    const ran = await deploy(at.hub, at.token, join(folder, "inner"));
    expect(ran.stderr).toMatch(
      /The script needs files outside of .*inner, .*\n +.*lib\/shout\.ts \(imported/,
    );
    expect(writes()).toEqual([]);
  });

  test("a secret of this machine's environment in a file", async () => {
    const ran = await deploy(
      at.hub,
      at.token,
      project({ "a.txt": "x\npassword: opensesame-42\n" }),
      ["--yes", "-i", "a.txt"],
      {
        MY_PASSWORD: "opensesame-42",
      },
    );
    expect(ran.stderr).toMatch(/a\.txt:2 {2}a secret of this machine's environment/);
    expect(ran.stderr).not.toContain("opensesame");
  });

  test("nobody at the terminal to ask", async () => {
    const ran = await deploy(at.hub, at.token, project(), []);
    expect(ran.stderr).toMatch(/Nobody is here to ask, so nothing was sent: say --yes/);
    expect(ran.code).toBe(1);
    expect(writes()).toEqual([]);
  });

  test("a command line that says something else, and a secret that nobody knows", async () => {
    for (const [args, message] of [
      [["--nmae", "x"], /Did you mean '--name'/],
      [["--secret", "NOT_THERE_AT_ALL", "--yes"], /the environment has no variable of this name/],
    ] as const) {
      const ran = await deploy(at.hub, at.token, project(), args);
      expect(ran.stderr).toMatch(message);
      expect(ran.code).toBe(2);
    }
    expect(writes()).toEqual([]);
  });
});

describe("what the Hub refuses is one sentence", () => {
  const api = "/api/spaces/ada/loud-thoughts";
  const json = { "content-type": "application/json" };

  test("no token, a token that only reads, an expired one, a revoked one", async () => {
    const folder = project();
    const nobody = await deploy(at.hub, undefined, folder);
    expect(nobody.stderr).toMatch(/^daggr: To deploy you need a Hugging Face token with the role 'write'/m);
    const reader = await deploy(at.hub, at.ada.token("read"), folder);
    expect(reader.stderr).toMatch(/Your token \(of ada\) may only read/);
    const expired = await deploy(at.hub, at.ada.token("write", { expired: true }), folder);
    expect(expired.stderr).toMatch(/does not accept the token: .* is expired\. Make a new one/);
    const unknown = await deploy(at.hub, `hf_${"x".repeat(34)}`, folder);
    expect(unknown.stderr).toMatch(/does not accept the token/);
    expect([nobody, reader, expired, unknown].map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(writes()).toEqual([]);
  });

  test("a fine-grained token without the right to write, and one with it", async () => {
    const folder = project();
    const without = await deploy(
      at.hub,
      at.ada.token("fineGrained", { permissions: ["repo.content.read"] }),
      folder,
    );
    expect(without.stderr).toMatch(
      /Your token may not create the Space ada\/loud-thoughts\. It says: You don't have the rights/,
    );
    const permissions = ["repo.content.read", "repo.write"];
    const ran = await deploy(at.hub, at.ada.token("fineGrained", { permissions }), folder);
    expect(ran.code).toBe(0);
  });

  test("an owner that one does not belong to", async () => {
    const ran = await deploy(at.hub, at.token, project(), ["--yes", "--org", "labs"]);
    expect(ran.stderr).toMatch(
      /You \(ada\) are no member of 'labs'\. Did you mean 'lab'\? You can deploy under: ada, lab/,
    );
  });

  test.each([
    [
      "a rate limit",
      { path: "/api/repos/create", status: 429, headers: { "retry-after": "37" } },
      /takes no more requests.*Try again in 37 s: what was done already is not done twice/,
    ],
    [
      "no payment",
      { path: "/api/repos/create", status: 402, headers: json, body: '{"error":"Payment required"}' },
      /asks for a payment method.*It says: Payment required\./,
    ],
    [
      "a name that is taken by another",
      { path: "/api/repos/create", status: 409, headers: json, body: '{"error":"exists"}' },
      /exists, but your token may not see it/,
    ],
    [
      "a quota",
      {
        path: `${api}/commit/main`,
        status: 413,
        headers: json,
        body: '{"error":"Repository storage limit reached"}',
      },
      /too large.*storage limit/,
    ],
    [
      "a breakdown",
      { path: `${api}/commit/main`, status: 503 },
      /has a problem just now \(HTTP 503\).*what was done already is not done twice/,
    ],
    ["a lost connection", { path: "/api/whoami-v2", drop: true }, /cannot be reached/],
    [
      "a lost connection in the commit",
      { path: `${api}/commit/main`, drop: true },
      /did not put the files into ada\/loud-thoughts/,
    ],
    [
      "a card",
      {
        path: "/api/validate-yaml",
        status: 400,
        headers: json,
        body: '{"errors":[{"message":"\\"colorFrom\\" must be one of red"}],"warnings":[]}',
      },
      /refuses the front matter of README\.md: "colorFrom" must be one of red/,
    ],
  ])("%s", async (_name, fault, message) => {
    at.hub.faults.add(fault);
    const folder = project();
    const ran = await deploy(at.hub, at.token, folder);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n\s+at .*\.(js|ts):\d+/);
    expect(ran.code).toBe(1);
    at.hub.faults.clear();
    // Nothing stands in the way of trying again.
    expect((await deploy(at.hub, at.token, folder)).code).toBe(0);
  });
});

describe("the build", () => {
  test("is followed, and its log's end is told when it fails", async () => {
    const folder = project();
    await deploy(at.hub, at.token, folder);
    const space = repository().space!;
    space.afterStart = ["BUILDING", "BUILDING", "BUILDING", "BUILD_ERROR"];
    space.errorMessage = "Job failed with exit code: 1";
    space.logs.build.add("npm ci --omit=dev", "npm error 404 Not Found: daggr", `using ${at.token}`);
    writeFiles(folder, { "lib/shout.ts": "export const shout = (text: string) => text;\n" });
    const ran = await deploy(at.hub, at.token, folder);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/\| npm error 404 Not Found: daggr/);
    expect(ran.stderr).toMatch(
      /its image could not be built \(BUILD_ERROR\)\.\nJob failed with exit code: 1\nThe end of its log:\n {2}npm ci/,
    );
    expect(ran.stderr).not.toContain(at.token);
  });

  test("that ends at the start shows what the app said", async () => {
    const folder = project();
    await deploy(at.hub, at.token, folder);
    const space = repository().space!;
    space.afterStart = ["BUILDING", "APP_STARTING", "RUNTIME_ERROR"];
    space.logs.run.add("Error: Cannot find module 'x'");
    writeFiles(folder, { "lib/shout.ts": 'export const shout = (text: string) => text + "?";\n' });
    const ran = await deploy(at.hub, at.token, folder);
    expect(ran.stderr).toMatch(
      /it ended when it started \(RUNTIME_ERROR\)\.\nThe end of its log:\n {2}Error: Cannot find module 'x'/,
    );
  });

  test("a paused Space, and --no-wait", async () => {
    const folder = project();
    await deploy(at.hub, at.token, folder, ["--yes", "--no-wait"]);
    repository().space!.afterStart = ["PAUSED"];
    writeFiles(folder, { "lib/shout.ts": 'export const shout = (text: string) => text + ".";\n' });
    const paused = await deploy(at.hub, at.token, folder);
    expect(paused.stderr).toMatch(/is paused, so that it does not start\. Start it: .*\/settings/);
    expect(paused.code).toBe(1);
    repository().space!.afterStart = ["BUILDING"];
    writeFiles(folder, { "lib/shout.ts": files["lib/shout.ts"] });
    const ran = await deploy(at.hub, at.token, folder, ["--yes", "--no-wait"]);
    expect(ran.stdout).toMatch(/It is being built/);
    expect(ran.code).toBe(0);
  });

  test("is waited for so long and no longer", async () => {
    const folder = project();
    await deploy(at.hub, at.token, folder);
    repository().space!.afterStart = ["BUILDING"];
    writeFiles(folder, { "lib/shout.ts": 'export const shout = (text: string) => text + ",";\n' });
    const ran = await deploy(at.hub, at.token, folder, ["--yes", "--timeout", "0.005"]);
    expect(ran.stderr).toMatch(/does not run after 0 min \(building the image\)/);
  });
});
