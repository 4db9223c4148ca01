import { mkdtempSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ConnectOptions,
  connectGradio,
  describeGradio,
  type GradioUpdate,
  isRetryable,
} from "../../src/clients/gradio.ts";
import { HubStub } from "../hub/hub-stub.ts";
import type { Repository } from "../hub/repository.ts";
import { Caller } from "./support/app.ts";
import { GradioStub } from "./support/gradio-stub.ts";
import { rejection } from "./support/rejection.ts";

let hub: HubStub;
let app: GradioStub;
let echo: Repository;
let token: string;
let env: Record<string, string>;

beforeEach(async () => {
  hub = await HubStub.start();
  app = await GradioStub.start();
  token = hub.accounts.add("ada").token("read");
  echo = hub.repositories.add("space", "ada/echo", { sdk: "gradio", host: app.url });
  env = { HF_ENDPOINT: hub.url, HF_HOME: mkdtempSync(join(tmpdir(), "daggr-home-")), HF_TOKEN: token };
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await app.close();
});

const connect = async (source = "ada/echo", options: ConnectOptions = {}) =>
  new Caller(await connectGradio(source, { env, pollMs: 10, ...options }));

describe("finding a Space", () => {
  it.each([
    "ada/echo",
    "https://huggingface.co/spaces/ada/echo",
    "https://hf.co/spaces/ada/echo?logs=build",
    "hub page",
  ])("by %s", async (source) => {
    const caller = await connect(source === "hub page" ? `${hub.url}/spaces/ada/echo/tree/main` : source);
    expect(await caller.call("/echo", { text: "a" })).toEqual(["echo: a"]);
    expect(caller.app.space).toEqual({ id: "ada/echo", commit: echo.head.oid });
  });

  it("by asking for its address alone", async () => {
    echo.space!.tellsHost = false;
    expect(await (await connect()).call("/echo", { text: "a" })).toEqual(["echo: a"]);
  });

  it("says that there is none", async () => {
    const error = await rejection(connect("ada/ecko"));
    expect(error.code).toBe("SPACE_NOT_FOUND");
    expect(error.message).toContain("Space 'ada/ecko' not found on the Hugging Face Hub");
    expect(isRetryable(error)).toBe(false);
  });

  it("finds a private one with the token, and asks for it without", async () => {
    echo.private = true;
    expect(await (await connect()).call("/echo", { text: "a" })).toEqual(["echo: a"]);
    const error = await rejection(connect("ada/echo", { token: false }));
    expect(error.code).toBe("SPACE_NOT_FOUND");
    expect(error.message).toContain("set HF_TOKEN or log in");
  });

  it("says that the Hub is gone", async () => {
    hub.faults.add({ status: 502 });
    const error = await rejection(connect());
    expect(error.code).toBe("HUB_UNREACHABLE");
    expect(isRetryable(error)).toBe(true);
    expect(
      (await rejection(connect("ada/echo", { env: { ...env, HF_ENDPOINT: "http://127.0.0.1:9" } }))).code,
    ).toBe("HUB_UNREACHABLE");
  });

  it("asks nobody when it is to stay offline", async () => {
    const error = await rejection(connect("ada/echo", { env: { ...env, HF_HUB_OFFLINE: "1" } }));
    expect(error.code).toBe("HUB_OFFLINE");
    expect(hub.seen).toHaveLength(0);
  });
});

describe("the token", () => {
  it("goes to the Hub and, for its proxy, to the host that the Hub names", async () => {
    await (await connect()).call("/echo", { text: "a" });
    expect(hub.seen.every(({ authorization }) => authorization === `Bearer ${token}`)).toBe(true);
    expect(
      app.seen.every(
        ({ headers }) =>
          headers["x-hf-authorization"] === `Bearer ${token}` && headers.authorization === undefined,
      ),
    ).toBe(true);
  });

  it("goes to no address that the Hub did not name", async () => {
    await (await connect(app.url)).call("/echo", { text: "a" });
    await (await connect(app.url, { token })).call("/echo", { text: "a" });
    expect(app.seen.length).toBeGreaterThan(0);
    expect(JSON.stringify(app.seen)).not.toContain("hf_");
  });

  it("does not follow a Space that redirects elsewhere", async () => {
    app.fail("/config", 302, "", { location: `${app.foreignUrl}/elsewhere/config` });
    await rejection(connect());
    const elsewhere = app.seen.filter(({ path }) => path.startsWith("/elsewhere"));
    expect(elsewhere).toHaveLength(1);
    expect(JSON.stringify(elsewhere)).not.toContain("hf_");
  });

  it.each([
    ["the given one first", { token: "hf_givengivengiven" }, {}, "hf_givengivengiven"],
    ["none when told so", { token: false as const }, {}, undefined],
    ["none when it is not to be implicit", {}, { HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" }, undefined],
    [
      "the given one even then",
      { token: "hf_givengivengiven" },
      { HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" },
      "hf_givengivengiven",
    ],
    [
      "the older variable",
      {},
      { HF_TOKEN: "", HUGGING_FACE_HUB_TOKEN: "hf_olderolderolder" },
      "hf_olderolderolder",
    ],
    ["the saved login", {}, { HF_TOKEN: "" }, "hf_savedsavedsaved"],
    ["the saved login elsewhere", {}, { HF_TOKEN: "", HF_TOKEN_PATH: "own" }, "hf_otherotherother"],
  ])("is %s", async (_name, options, variables, expected) => {
    await writeFile(join(env["HF_HOME"]!, "token"), "hf_savedsavedsaved\n");
    await writeFile(join(env["HF_HOME"]!, "other"), "hf_otherotherother");
    const own = {
      ...env,
      ...variables,
      ...("HF_TOKEN_PATH" in variables ? { HF_TOKEN_PATH: join(env["HF_HOME"]!, "other") } : {}),
    };
    if (expected !== undefined) hub.accounts.add("lin").token("read", { value: expected });
    await connect("ada/echo", { ...options, env: own });
    expect(hub.seen[0]?.authorization).toBe(expected === undefined ? undefined : `Bearer ${expected}`);
  });
});

describe("a Space that does not run", () => {
  it("is woken by one request and waited for", async () => {
    echo.space!.stages.push("SLEEPING", "APP_STARTING", "APP_STARTING", "BUILDING");
    const updates: GradioUpdate[] = [];
    const caller = await connect("ada/echo", { onUpdate: (update) => updates.push(update) });
    expect(await caller.call("/echo", { text: "a" })).toEqual(["echo: a"]);
    expect(app.requests("/")).toHaveLength(1);
    expect(updates.map((update) => ("text" in update ? update.text : ""))).toEqual([
      "Space 'ada/echo' is not running yet (sleeping), waiting for it.",
      "Space 'ada/echo' is not running yet (app starting), waiting for it.",
      "Space 'ada/echo' is not running yet (building), waiting for it.",
    ]);
  });

  it.each([
    ["PAUSED", "SPACE_PAUSED", "is paused"],
    ["RUNTIME_ERROR", "SPACE_BROKEN", "RUNTIME_ERROR"],
    ["BUILD_ERROR", "SPACE_BROKEN", "BUILD_ERROR"],
    ["NO_APP_FILE", "SPACE_BROKEN", "NO_APP_FILE"],
    ["BUILDING", "SPACE_NOT_READY", "BUILDING"],
  ])("because it is %s", async (stage, code, words) => {
    echo.space!.stage = stage;
    const error = await rejection(connect("ada/echo", { wakeTimeoutMs: 50 }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it("can be given up", async () => {
    echo.space!.stage = "SLEEPING";
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await rejection(connect("ada/echo", { signal: abort.signal, pollMs: 10_000 }));
  });
});

describe("a Space that is already connected", () => {
  const rest = () => vi.spyOn(Date, "now").mockReturnValue(Date.now() + 100_000);

  it("is called where it is now, once it may have slept", async () => {
    const caller = await connect();
    await using moved = await GradioStub.start();
    moved.appId = 7;
    moved.functions = ["first", "echo"];
    const commit = echo.commit({ "app.py": "" });
    echo.space!.host = moved.url;
    echo.space!.stages.push("SLEEPING");
    const clock = rest();
    try {
      expect(await caller.call("/echo", { text: "a" })).toEqual(["echo: a"]);
    } finally {
      clock.mockRestore();
    }
    expect(moved.requests("/gradio_api/queue/join")).toHaveLength(1);
    expect(caller.app.space?.commit).toBe(commit);
  });

  it("is called where it was while the Hub is away", async () => {
    const caller = await connect();
    hub.faults.add({ status: 500 });
    const clock = rest();
    try {
      expect(await caller.call("/echo", { text: "a" })).toEqual(["echo: a"]);
    } finally {
      clock.mockRestore();
    }
  });
});

describe("what a Space offers", () => {
  it("is kept on disk with its commit, and asked again for a new one", async () => {
    const first = await describeGradio("ada/echo", { env });
    expect(first.endpoints.map(({ apiName }) => apiName)).toEqual(["/echo"]);
    expect(await readdir(join(env["HF_HOME"]!, "daggr", "gradio"))).toHaveLength(1);
    app.seen.length = 0;
    expect(await describeGradio("ada/echo", { env })).toEqual(first);
    expect(app.seen).toHaveLength(0);
    const commit = echo.commit({ "app.py": "" });
    app.functions = ["echo", "shout"];
    const second = await describeGradio("ada/echo", { env });
    expect(second.space?.commit).toBe(commit);
    expect(second.endpoints.map(({ apiName }) => apiName)).toEqual(["/echo", "/shout"]);
  });

  it("is known without the Hub", async () => {
    const first = await describeGradio("ada/echo", { env });
    expect(await describeGradio("ada/echo", { env: { ...env, HF_HUB_OFFLINE: "1" } })).toEqual(first);
    hub.faults.add({ status: 500 });
    expect(await describeGradio("ada/echo", { env })).toEqual(first);
  });

  it("does not wake a Space that is known", async () => {
    await describeGradio("ada/echo", { env });
    echo.space!.stage = "SLEEPING";
    app.seen.length = 0;
    await describeGradio("ada/echo", { env });
    expect(app.seen).toHaveLength(0);
  });

  it("is asked again after a restart that kept the commit", async () => {
    await connect();
    app.appId = 2;
    app.functions = ["other", "echo"];
    expect(await (await connect()).call("/echo", { text: "a" })).toEqual(["echo: a"]);
    app.seen.length = 0;
    expect(await (await connect()).call("/echo", { text: "b" })).toEqual(["echo: b"]);
    expect(app.requests("/config")).toHaveLength(0);
  });

  it("survives a damaged cache and a folder that cannot be written", async () => {
    await describeGradio("ada/echo", { env });
    const folder = join(env["HF_HOME"]!, "daggr", "gradio");
    const [name] = await readdir(folder);
    await writeFile(join(folder, name!), "{nope");
    expect((await describeGradio("ada/echo", { env })).endpoints).toHaveLength(1);
    expect(
      (await describeGradio("ada/echo", { env, cacheFolder: "/dev/null/nowhere" })).endpoints,
    ).toHaveLength(1);
  });
});
