/** One's own machine: whose token is used, logging in by code and by pasting, renewing, logging out. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { logout, whoami } from "../../src/cli/account/account-commands.ts";
import { login } from "../../src/cli/account/login-command.ts";
import { checks } from "../../src/cli/doctor/checks.ts";
import { loginPath, readLogin, saveLogin } from "../../src/clients/login/saved-login.ts";
import { forgetWhoAmI } from "../../src/clients/login/who-am-i.ts";
import { hubToken } from "../../src/clients/tokens.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import type { Account } from "../hub/accounts.ts";
import { HubStub } from "../hub/hub-stub.ts";
import { type OpenGraph, openGraph } from "../server/open-graph.ts";
import { connectSocket } from "../server/socket-client.ts";
import { peopleGraph } from "./graphs.ts";

let hub: HubStub;
let ada: Account;
let home: string;
let server: OpenGraph;
const saved = { ...process.env };

beforeEach(async () => {
  hub = await HubStub.start();
  ada = hub.accounts.add("ada", { fullName: "Ada Lovelace" });
  hub.oauth.client("daggr-app");
  hub.oauth.device.intervalSeconds = 0;
  home = mkdtempSync(join(tmpdir(), "daggr-home-"));
  Object.assign(process.env, { HF_ENDPOINT: hub.url, HF_HOME: home, DAGGR_OAUTH_CLIENT_ID: "daggr-app" });
  forgetWhoAmI();
  server = await openGraph(peopleGraph().definition, { store: createMemoryStore() });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
  await hub[Symbol.asyncDispose]();
  for (const name of ["HF_ENDPOINT", "HF_HOME", "DAGGR_OAUTH_CLIENT_ID", "HF_TOKEN", "HF_HUB_OFFLINE"]) {
    if (saved[name] === undefined) delete process.env[name];
    else process.env[name] = saved[name];
  }
  rmSync(home, { recursive: true, force: true });
});

async function ask(path: string, method = "GET", body?: unknown): Promise<any> {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return (await fetch(new URL(path, server.url), init)).json();
}
const account = () => ask("/api/account");
const stateOf = async (id: string) => (await ask(`/api/account/device/${id}`)).state;

test("nobody is logged in, and the page is told how one can", async () => {
  expect(await account()).toEqual({
    at: "machine",
    isKept: true,
    login: ["device", "paste"],
    canLogOut: false,
  });
  delete process.env.DAGGR_OAUTH_CLIENT_ID;
  expect((await account()).login).toEqual(["paste"]);
  expect(await ask("/api/account/device", "POST")).toMatchObject({
    code: "NO_LOGIN_APPLICATION",
    error: expect.stringContaining("hf auth login"),
  });
  expect(hub.seen).toEqual([]);
});

test("by code: shown, approved on the Hub, kept for its owner alone, told to every page", async () => {
  const socket = await connectSocket(server.url);
  await socket.hello();
  expect((await socket.next("account")).account).not.toHaveProperty("user");
  const started = await ask("/api/account/device", "POST");
  expect(started).toMatchObject({ state: "waiting", userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/) });
  expect(started.url).toContain(hub.url);
  expect(JSON.stringify(started)).not.toContain([...hub.oauth.devices.keys()][0]);
  expect(await stateOf(started.id)).toBe("waiting");
  hub.oauth.approve(ada);
  await expect.poll(() => stateOf(started.id)).toBe("done");
  expect(await account()).toMatchObject({
    user: { name: "ada", fullName: "Ada Lovelace" },
    from: loginPath(),
    canLogOut: true,
  });
  expect((await socket.next("account")).account).toMatchObject({ user: { name: "ada" } });
  expect(statSync(loginPath()).mode & 0o777).toBe(0o600);
  expect(await hubToken()).toMatch(/^hf_oauth_/);
  expect(JSON.stringify(socket.messages)).not.toContain(await hubToken());
  expect(await ask("/api/account/logout", "POST")).not.toHaveProperty("user");
  expect(existsSync(loginPath())).toBe(false);
  socket.close();
});

test("by code: declined, void, cancelled, and asked too often", async () => {
  const begin = async () => (await ask("/api/account/device", "POST")).id as string;
  const problemOf = async (id: string) => (await ask(`/api/account/device/${id}`)).problem?.code;
  const declined = await begin();
  hub.oauth.deny();
  await expect.poll(() => problemOf(declined)).toBe("LOGIN_DENIED");
  hub.oauth.device.expiresInSeconds = 0.3;
  const late = await begin();
  await expect.poll(() => problemOf(late)).toBe("LOGIN_CODE_EXPIRED");
  hub.oauth.device.expiresInSeconds = 900;
  const first = await begin();
  const second = await begin();
  expect(await ask(`/api/account/device/${first}`)).toMatchObject({ code: "LOGIN_NOT_FOUND" });
  await ask(`/api/account/device/${second}`, "DELETE");
  expect(await ask(`/api/account/device/${second}`)).toMatchObject({ code: "LOGIN_NOT_FOUND" });
  hub.oauth.approve(ada);
  await sleep(100);
  expect(existsSync(loginPath())).toBe(false);
  hub.faults.add({ path: /oauth\/token/, status: 502, times: 2 });
  const patient = await begin();
  hub.oauth.approve(ada);
  await expect.poll(() => stateOf(patient)).toBe("done");
});

test("a login is renewed before it ends, once for all who ask; one that cannot be says so", async () => {
  hub.oauth.expiresInSeconds = 1;
  const { id } = await ask("/api/account/device", "POST");
  hub.oauth.approve(ada);
  await expect.poll(() => stateOf(id)).toBe("done");
  const first = (await readLogin())!.token;
  hub.oauth.expiresInSeconds = 3600;
  await sleep(600);
  const tokens = await Promise.all(Array.from({ length: 8 }, () => hubToken()));
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).not.toBe(first);
  expect(hub.seen.filter(({ body }) => body.includes("grant_type=refresh_token"))).toHaveLength(1);
  expect(await account()).toMatchObject({ user: { name: "ada" } });
  hub.oauth.revokeRefreshTokens();
  hub.accounts.revoke(tokens[0]!);
  await saveLogin({ ...(await readLogin())!, expiresAt: Date.now() - 1000 });
  forgetWhoAmI();
  expect(await account()).toMatchObject({
    problem: { code: "TOKEN_REFUSED", advice: expect.stringContaining("Log in again") },
    canLogOut: true,
  });
});

test("a pasted token is asked about before it is kept; what is none goes nowhere", async () => {
  for (const token of ["", "hello", "hf_", "sk-1234567890", 5, null, `hf_${"x".repeat(20)}\nCookie: a`])
    expect(await ask("/api/account/token", "POST", { token })).toMatchObject({ code: "INVALID_TOKEN" });
  expect(hub.seen).toEqual([]);
  expect(await ask("/api/account/token", "POST", { token: `hf_${"w".repeat(34)}` })).toMatchObject({
    code: "TOKEN_REFUSED",
  });
  expect(existsSync(loginPath())).toBe(false);
  const token = ada.token("read");
  const answer = await ask("/api/account/token", "POST", { token: ` ${token}\n` });
  expect(answer).toMatchObject({ user: { name: "ada" }, canLogOut: true });
  expect(JSON.stringify(answer)).not.toContain(token);
  expect(await hubToken()).toBe(token);
});

test("what another tool has saved is used, named, and not deleted", async () => {
  const token = ada.token("read");
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "token"), token);
  expect(await account()).toMatchObject({
    user: { name: "ada" },
    from: join(home, "token"),
    canLogOut: false,
  });
  expect(await ask("/api/account/logout", "POST")).toMatchObject({ code: "LOGIN_OF_OTHERS" });
  expect(readFileSync(join(home, "token"), "utf8")).toBe(token);
  process.env.HF_TOKEN = ada.token("read", { expired: true });
  expect(await account()).toMatchObject({
    from: "HF_TOKEN",
    login: [],
    problem: { code: "TOKEN_REFUSED", text: expect.stringContaining("HF_TOKEN") },
  });
});

test("guests with a link of their own change nothing about the machine's account", async () => {
  const open = await openGraph(peopleGraph().definition, {
    store: createMemoryStore(),
    host: "0.0.0.0",
    trustProxy: true,
  });
  try {
    const from = async (headers: Record<string, string>) => {
      const init = {
        method: "POST",
        headers: { authorization: `Bearer ${open.token}`, ...headers },
        body: JSON.stringify({ token: ada.token() }),
      };
      return (await (await fetch(`http://127.0.0.1:${open.port}/api/account/token`, init)).json()) as {
        code?: string;
      };
    };
    for (const header of ["x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "via"]) {
      expect(await from({ [header]: "192.0.2.7" }), header).toMatchObject({ code: "ONLY_ON_THE_MACHINE" });
    }
    expect(existsSync(loginPath())).toBe(false);
    expect(await from({})).toMatchObject({ user: { name: "ada" } });
  } finally {
    await open.close();
  }
});

test("daggr login, whoami, doctor and logout speak of the same", async () => {
  const lines: string[] = [];
  for (const name of ["log", "error"] as const)
    vi.spyOn(console, name).mockImplementation((text) => void lines.push(String(text)));
  const said = () => lines.splice(0).join("\n");
  expect(await whoami([])).toBe(1);
  expect(said()).toContain("Nobody is logged in");
  const waiting = login(["--no-open"]);
  await expect.poll(() => hub.oauth.devices.size).toBe(1);
  hub.oauth.approve(ada);
  expect(await waiting).toBe(0);
  expect(said()).toMatch(/[A-Z]{4}-[A-Z]{4}.*Logged in as ada/s);
  expect(await whoami(["--json"])).toBe(0);
  expect(said()).toContain('"name": "ada"');
  const doctor = async () => (await checks()).find(({ name }) => name === "Hugging Face account");
  expect(await doctor()).toEqual({
    name: "Hugging Face account",
    state: "good",
    value: `ada (token from ${loginPath()})`,
  });
  process.env.HF_HUB_OFFLINE = "1";
  expect(await doctor()).toMatchObject({ state: "missing", value: expect.stringContaining("Offline") });
  delete process.env.HF_HUB_OFFLINE;
  expect(await logout([])).toBe(0);
  await expect(logout([])).rejects.toMatchObject({ code: "NOT_LOGGED_IN" });
  await expect(login(["hf_token_as_argument"])).rejects.toThrow("never an argument");
  delete process.env.DAGGR_OAUTH_CLIENT_ID;
  expect(await doctor()).toMatchObject({
    state: "missing",
    value: "none",
    advice: expect.stringContaining("daggr login"),
  });
  await expect(login([])).rejects.toMatchObject({
    code: "NO_LOGIN_APPLICATION",
    message: expect.stringContaining("hf auth login"),
  });
  expect(said()).not.toMatch(/hf_oauth_\w/);
});
