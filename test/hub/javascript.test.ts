import { mkdtempSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRepo,
  deleteFile,
  listCommits,
  listModels,
  modelInfo,
  oauthHandleRedirect,
  oauthLoginUrl,
  snapshotDownload,
  spaceInfo,
  uploadFiles,
  whoAmI,
} from "@huggingface/hub";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HubStub } from "./hub-stub.ts";
import { route } from "./routes.ts";

let hub: HubStub;
let accessToken: string;

beforeEach(async () => {
  hub = await HubStub.start();
  accessToken = hub.accounts.add("ada", { fullName: "Ada L." }).token("write");
});
afterEach(() => hub[Symbol.asyncDispose]());

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("@huggingface/hub", () => {
  it("makes, fills, reads and downloads a Space", async () => {
    const hubUrl = hub.url;
    const repo = { type: "space", name: "ada/new" } as const;
    hub.pageSize = 1;
    hub.largeFileBytes = 100;
    expect((await whoAmI({ accessToken, hubUrl })).name).toBe("ada");
    await createRepo({ repo, accessToken, hubUrl, sdk: "docker", visibility: "private" });
    await expect(createRepo({ repo, accessToken, hubUrl, sdk: "docker" })).rejects.toMatchObject({
      statusCode: 409,
    });
    const files = [
      { path: "app/main.ts", content: new Blob(["1"]) },
      { path: "big.bin", content: new Blob(["x".repeat(500)]) },
      { path: "empty", content: new Blob([]) },
    ];
    const { commit } = (await uploadFiles({ repo, accessToken, hubUrl, files, useXet: false }))!;
    await deleteFile({ repo, accessToken, hubUrl, path: "app/main.ts" });
    const info = await spaceInfo({
      name: repo.name,
      accessToken,
      hubUrl,
      additionalFields: ["sha", "runtime"],
    });
    expect(info).toMatchObject({ private: true, sdk: "docker", runtime: { stage: "BUILDING" } });
    expect(info.sha).not.toBe(commit.oid);
    const folder = await snapshotDownload({
      repo,
      accessToken,
      hubUrl,
      revision: commit.oid,
      cacheDir: mkdtempSync(join(tmpdir(), "daggr-hub-")),
    });
    expect(await readFile(join(folder, "app/main.ts"), "utf8")).toBe("1");
    expect(await readFile(join(folder, "big.bin"), "utf8")).toBe("x".repeat(500));
    expect(await readFile(join(folder, "empty"), "utf8")).toBe("");
    const commits = await all(listCommits({ repo, accessToken, hubUrl, batchSize: 1 }));
    expect(commits.slice(0, 2).map(({ oid }) => oid)).toEqual([info.sha, commit.oid]);
  });

  it("finds models and who serves them", async () => {
    const groq = { status: "live", providerId: "l", task: "conversational" } as const;
    const options = { pipelineTag: "text-generation", inferenceProviderMapping: { groq } };
    hub.repositories.add("model", "meta/llama", options);
    const info = await modelInfo({
      name: "meta/llama",
      hubUrl: hub.url,
      additionalFields: ["inferenceProviderMapping"],
    });
    expect(info).toMatchObject({ task: "text-generation", inferenceProviderMapping: [{ provider: "groq" }] });
    const found = await all(listModels({ search: { query: "LLA" }, hubUrl: hub.url }));
    expect(found.map(({ name }) => name)).toEqual(["meta/llama"]);
  });

  it("logs somebody in with OAuth and PKCE", async () => {
    const redirectUrl = "http://127.0.0.1:1/back";
    hub.oauth.client("app", { redirectUris: [redirectUrl], scopes: ["openid", "profile", "inference-api"] });
    hub.oauth.user = hub.accounts.get("ada");
    const attempt = async (localStorage: { nonce?: string; codeVerifier?: string } = {}) => {
      const scopes = "openid profile inference-api write-repos";
      const options = { clientId: "app", redirectUrl, scopes, hubUrl: hub.url, localStorage };
      const response = await fetch(await oauthLoginUrl(options), { redirect: "manual" });
      return { redirectedUrl: response.headers.get("location")!, hubUrl: hub.url, ...localStorage } as const;
    };
    const first = await attempt();
    const done = await oauthHandleRedirect(first);
    expect(done).toMatchObject({
      scope: "openid profile inference-api",
      userInfo: { preferred_username: "ada", name: "Ada L." },
    });
    expect((await whoAmI({ accessToken: done.accessToken, hubUrl: hub.url })).auth.type).toBe("oauth");
    await expect(oauthHandleRedirect(first), "a code works once").rejects.toThrow("used already");
    const wrong = { ...(await attempt()), codeVerifier: "x".repeat(43) };
    await expect(oauthHandleRedirect(wrong)).rejects.toThrow("The code is not valid");
    hub.oauth.declines = true;
    await expect(attempt().then(oauthHandleRedirect)).rejects.toThrow("denied");
    hub.oauth.declines = false;
    hub.oauth.expiresInSeconds = -1;
    const late = oauthHandleRedirect(await attempt());
    await expect(late).rejects.toThrow("expired");
  });
});

describe("the stub", () => {
  it("holds a device that asks too often back", async () => {
    hub.oauth.client("device");
    const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
    const start = await fetch(`${hub.url}/oauth/device`, form({ client_id: "device" }));
    const { device_code } = (await start.json()) as { device_code: string };
    const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    const poll = async () => {
      const body = form({ grant_type, device_code, client_id: "device" });
      return ((await (await fetch(`${hub.url}/oauth/token`, body)).json()) as { error?: string }).error;
    };
    expect(await poll()).toBe("authorization_pending");
    expect(await poll()).toBe("slow_down");
  });

  it("knows what it was asked, and with what", async () => {
    hub.repositories.add("space", "ada/echo");
    await spaceInfo({ name: "ada/echo", hubUrl: hub.url });
    expect(hub.sightings(accessToken)).toEqual([]);
    await spaceInfo({ name: "ada/echo", accessToken, hubUrl: hub.url });
    expect(hub.sightings(accessToken)).toHaveLength(1);
  });

  it("follows a log as it grows", async () => {
    const { build } = hub.repositories.add("space", "ada/echo").space!.logs;
    build.isOpen = true;
    build.add("Step 1");
    const url = `${hub.url}/api/spaces/ada/echo/logs/build`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
    setTimeout(() => build.add("Step 2"), 20);
    setTimeout(() => build.end(), 40);
    const text = await response.text();
    expect(text.match(/Step \d/g)).toEqual(["Step 1", "Step 2"]);
  });

  it("takes routes of others, and fails when told to", async () => {
    hub.use(
      route("GET", "/api/spaces/:id/extra/:rest", ({ params, json: _, ...exchange }) => {
        exchange.response.end(JSON.stringify(params));
      }),
    );
    const response = await fetch(`${hub.url}/api/spaces/ada/echo/extra/a/b%20c`);
    expect(await response.json()).toEqual({ id: "ada/echo", rest: "a/b c" });
    hub.faults.add({ path: "/api/models", drop: true, times: 1 });
    await expect(fetch(`${hub.url}/api/models`)).rejects.toThrow();
    expect((await fetch(`${hub.url}/api/models`)).status).toBe(200);
  });
});
