/** Logging in on a Space: OAuth with PKCE against the Hub's stub, by bytes. */
import { randomBytes } from "node:crypto";
import { get } from "node:http";
import { expect, test, vi } from "vitest";
import { redact } from "../../src/base/redact.ts";
import { STRANGER_BYTES } from "../../src/server/visitors/stranger-quota.ts";
import { connectSocket } from "../server/socket-client.ts";
import { peopleGraph } from "./graphs.ts";
import { openSpace, type Space, Visitor } from "./space.ts";

/** The next imports of a sheet that fail. */
const disk = vi.hoisted(() => ({ fails: 0 }));
vi.mock("../../src/engine/sheet-file/import-sheet.ts", async (original) => {
  const { importSheet } = await original<typeof import("../../src/engine/sheet-file/import-sheet.ts")>();
  const mayFail: typeof importSheet = async (...args) => {
    if (disk.fails-- > 0) throw new Error("The disk is full.");
    return importSheet(...args);
  };
  return { importSheet: mayFail };
});

const sessionOf = (visitor: Visitor) => visitor.cookies.get("__Host-daggr");

async function openSocket(space: Space, visitor: Visitor) {
  const socket = await connectSocket(space.url, { cookie: visitor.cookie, origin: space.url });
  await socket.hello();
  return socket;
}

test("a stranger is greeted with a cookie that works in a frame, and nothing of theirs is kept", async () => {
  await using space = await openSpace(peopleGraph);
  const visitor = new Visitor(space);
  const page = await visitor.ask("/");
  expect(page.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^__Host-daggr=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=\d+$/,
    ),
  ]);
  expect(page.headers.get("content-security-policy")).toContain(
    "frame-ancestors 'self' https://huggingface.co",
  );
  expect(await visitor.json("/api/account")).toEqual({
    at: "space",
    login: ["oauth"],
    canLogOut: false,
    isKept: false,
    hasCookie: true,
  });
  const before = sessionOf(visitor);
  await visitor.ask("/");
  expect(sessionOf(visitor)).toBe(before);
});

test("a login goes by the Hub's page with state, nonce and PKCE, and gives a new session", async () => {
  await using space = await openSpace(peopleGraph);
  const ada = space.hub.accounts.add("ada", { fullName: "Ada Lovelace" });
  const visitor = new Visitor(space);
  await visitor.ask("/");
  const before = sessionOf(visitor);
  space.hub.oauth.user = ada;
  const started = await visitor.ask("/login");
  expect(started.status).toBe(302);
  const url = new URL(started.headers.get("location")!);
  expect(url.origin).toBe(space.hub.url);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: "code",
    client_id: "space-app",
    redirect_uri: `${space.url}/login/callback`,
    scope: "openid profile inference-api read-repos",
    code_challenge_method: "S256",
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(await visitor.logIn(space.hub, ada)).toContain("Logged in as ada");
  expect(sessionOf(visitor)).not.toBe(before);
  expect(await visitor.json("/api/account")).toMatchObject({
    user: { name: "ada", fullName: "Ada Lovelace" },
    isKept: true,
    canLogOut: true,
  });
  const old = new Visitor(space);
  old.cookies.set("__Host-daggr", before!);
  expect(await old.json("/api/account")).not.toHaveProperty("user");
});

test("what does not belong to a login of this browser is refused", async () => {
  await using space = await openSpace(peopleGraph);
  const ada = space.hub.accounts.add("ada");
  space.hub.oauth.user = ada;
  const [visitor, other] = [new Visitor(space), new Visitor(space)];
  const begin = async () => {
    const started = await visitor.ask("/login");
    const back = await fetch(started.headers.get("location")!, { redirect: "manual" });
    return back.headers.get("location")!;
  };
  const refused = async (who: Visitor, url: string) => {
    const answer = await who.ask(url);
    expect(answer.status).toBe(400);
    expect(await who.json("/api/account")).not.toHaveProperty("user");
    return answer.text();
  };
  // Another browser, with a login of its own on the way or without.
  expect(await refused(other, await begin())).toContain("not begun in this browser");
  await other.ask("/login");
  expect(await refused(other, await begin())).toContain("not begun in this browser");
  // Another state, and one that was used.
  const changed = new URL(await begin());
  changed.searchParams.set("state", "A".repeat(43));
  expect(await refused(visitor, changed.href)).toContain("not begun in this browser");
  expect(await refused(visitor, "/login/callback")).toContain("not begun in this browser");
  // A code of another login: neither verifier nor nonce fit.
  const [first, second] = [new URL(await begin()), new URL(await begin())];
  first.searchParams.set("code", second.searchParams.get("code")!);
  expect(await refused(visitor, first.href)).toContain("ended the login");
  // Who says no.
  space.hub.oauth.declines = true;
  expect(await refused(visitor, await begin())).toContain("declined");
  space.hub.oauth.declines = false;
  // Used once.
  const good = await begin();
  expect((await visitor.ask(good)).status).toBe(200);
  await visitor.post("/api/account/logout");
  expect(await refused(visitor, good)).toContain("not begun in this browser");
});

test("other sites may lead back from a login, and reach nothing else", async () => {
  await using space = await openSpace(peopleGraph);
  const visitor = new Visitor(space);
  await visitor.ask("/");
  /** `fetch` writes these headers itself. */
  const statusOf = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = {
        cookie: visitor.cookie,
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
      };
      get(new URL(path, space.url), { headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      }).on("error", reject);
    });
  expect(await statusOf("/")).toBe(200);
  expect(await statusOf("/login/callback")).toBe(400);
  for (const path of ["/login", "/api/account", "/api/sheets", "/login.js"])
    expect(await statusOf(path)).toBe(403);
  for (const origin of ["https://evil.example", "https://huggingface.co", "null"]) {
    const posted = visitor.ask("/api/account/logout", { method: "POST", headers: { origin } });
    expect((await posted).status).toBe(403);
  }
});

test("what a stranger has made is theirs after the login; what nobody touched is not taken along", async () => {
  await using space = await openSpace(peopleGraph);
  const ada = space.hub.accounts.add("ada");
  const visitor = new Visitor(space);
  await visitor.ask("/");
  const [{ id }] = (await visitor.json("/api/sheets")).sheets;
  const socket = await openSocket(space, visitor);
  expect(await socket.ask({ type: "set-input", address: "write__topic", value: "otters" })).toMatchObject({
    type: "reply",
  });
  expect(await socket.ask({ type: "run", mode: "to", nodes: ["keep"] })).toMatchObject({ type: "reply" });
  await expect.poll(async () => (await visitor.json("/api/sheets")).sheets[0].results).toBe(2);
  expect(await socket.ask({ type: "create-sheet", name: "Untouched" })).toMatchObject({ type: "reply" });
  await visitor.logIn(space.hub, ada);
  const { sheets } = await visitor.json("/api/sheets");
  expect(sheets).toMatchObject([{ name: "Sheet 1", results: 2 }]);
  const after = await openSocket(space, visitor);
  const { view } = await after.next("sheet");
  expect(view.inputs).toEqual({ write__topic: "otters" });
  const { file } = view.nodes.keep!.outputs as { file: { id: string; name: string } };
  const kept = await visitor.ask(`/files/${file.id}/${file.name}`);
  expect(await kept.text()).toBe("About otters.");
  expect(sheets[0].id).toBe(id);
});

test("what cannot be taken over is said and kept: for another login, and for who logs out", async () => {
  await using space = await openSpace(peopleGraph);
  const ada = space.hub.accounts.add("ada");
  const visitor = new Visitor(space);
  await visitor.ask("/");
  const socket = await openSocket(space, visitor);
  await socket.ask({ type: "set-input", address: "write__topic", value: "otters" });
  const second: any = await socket.ask({ type: "create-sheet", name: "Second" });
  await socket.ask({ type: "open-sheet", sheet: second.result.id });
  await socket.ask({ type: "set-input", address: "write__topic", value: "voles" });
  const names = async () =>
    (await visitor.json("/api/sheets")).sheets.map(({ name }: { name: string }) => name).toSorted();
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  disk.fails = 3;
  try {
    await visitor.logIn(space.hub, ada);
    const problem = {
      code: "SHEETS_NOT_TAKEN_OVER",
      text: expect.stringMatching(/'Sheet 1'.*'Second'|'Second'.*'Sheet 1'/),
    };
    expect(await visitor.json("/api/account")).toMatchObject({ user: { name: "ada" }, problem });
    expect(told.mock.calls.join()).toContain("The disk is full.");
    await visitor.post("/api/account/logout");
    expect(await names()).toEqual(["Second", "Sheet 1"]);
    // One is taken now, the other at the next try; neither twice.
    await visitor.logIn(space.hub, ada);
    expect((await visitor.json("/api/account")).problem.text).toMatch(/account: '[\w ]+'\.$/);
    await visitor.logIn(space.hub, ada);
    expect(await visitor.json("/api/account")).not.toHaveProperty("problem");
    expect(await names()).toEqual(["Second", "Sheet 1"]);
  } finally {
    disk.fails = 0;
    told.mockRestore();
  }
});

test("logging out ends sockets and event streams, and the account's things are out of reach", async () => {
  await using space = await openSpace(peopleGraph);
  const visitor = new Visitor(space);
  await visitor.logIn(space.hub, space.hub.accounts.add("ada"));
  const { id } = await visitor.post("/api/runs", { mode: "to", nodes: ["review"] });
  const socket = await openSocket(space, visitor);
  const closed = new Promise((resolve) => socket.ws.on("close", resolve));
  const events = await visitor.ask(`/api/runs/${id}/events`);
  const all = events.text();
  await visitor.post("/api/account/logout");
  expect(await closed).toBe(4001);
  expect(await all).toContain("run-started");
  await expect(visitor.json(`/api/runs/${id}`)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(visitor.post("/api/account/logout")).rejects.toMatchObject({ code: "NOT_LOGGED_IN" });
});

test("a window hands its login to the frame that opened it, once and for a minute", async () => {
  await using space = await openSpace(peopleGraph);
  const [frame, popup] = [new Visitor(space), new Visitor(space)];
  await frame.ask("/");
  await frame.post("/api/runs", { mode: "to", nodes: ["keep"] });
  space.hub.oauth.user = space.hub.accounts.add("ada");
  const started = await popup.ask("/login?popup");
  const back = await fetch(started.headers.get("location")!, { redirect: "manual" });
  const page = await popup.ask(back.headers.get("location")!);
  expect(page.headers.get("content-security-policy")).not.toContain("script-src 'unsafe");
  expect(await page.text()).toContain('<script src="/login.js"');
  await expect(frame.post("/api/account/ticket")).rejects.toMatchObject({ code: "LOGIN_NEEDED" });
  const { ticket } = await popup.post("/api/account/ticket");
  expect(await frame.post("/api/account/claim", { ticket })).toMatchObject({
    user: { name: "ada" },
    isKept: true,
  });
  expect(await frame.json("/api/account")).toMatchObject({ user: { name: "ada" } });
  expect(sessionOf(frame)).not.toBe(sessionOf(popup));
  for (const used of [ticket, "x", 5, undefined])
    await expect(frame.post("/api/account/claim", { ticket: used })).rejects.toMatchObject({
      code: "LOGIN_FAILED",
    });
  // One login, wherever its cookies are: nothing of it is left behind in the window.
  const late = (await frame.post("/api/account/ticket")).ticket;
  await frame.post("/api/account/logout");
  expect((await popup.json("/api/account")).user).toBeUndefined();
  await expect(frame.post("/api/account/claim", { ticket: late })).rejects.toMatchObject({
    code: "LOGIN_FAILED",
  });
});

test("a login that has expired runs nothing, shows everything, and says what to do", async () => {
  await using space = await openSpace(peopleGraph);
  const ada = space.hub.accounts.add("ada");
  const visitor = new Visitor(space);
  space.hub.oauth.expiresInSeconds = 1;
  await visitor.logIn(space.hub, ada);
  const socket = await openSocket(space, visitor);
  const { view } = await socket.next("sheet");
  await expect
    .poll(async () => (await visitor.json("/api/account")).problem?.code, { timeout: 3000 })
    .toBe("LOGIN_EXPIRED");
  expect(await socket.ask({ type: "set-input", address: "write__topic", value: "late" })).toMatchObject({
    type: "reply",
  });
  for (const message of [
    { type: "run", mode: "all", nodes: [] },
    { type: "resume", run: "x" },
  ])
    expect(await socket.ask(message)).toMatchObject({ type: "refused", error: { code: "LOGIN_EXPIRED" } });
  for (const path of ["/api/call", "/api/runs"])
    await expect(visitor.post(path, {})).rejects.toMatchObject({ code: "LOGIN_EXPIRED", status: 401 });
  space.hub.oauth.expiresInSeconds = 3600;
  await visitor.logIn(space.hub, ada);
  const [sheet] = (await visitor.json("/api/sheets")).sheets;
  expect(sheet.id).toBe(view.sheet.id);
});

test("an account's sheets outlive the server, logins do not; strangers' go", async () => {
  await using space = await openSpace(peopleGraph);
  const ada = space.hub.accounts.add("ada");
  const [visitor, stranger] = [new Visitor(space), new Visitor(space)];
  await visitor.logIn(space.hub, ada);
  await stranger.ask("/");
  const [mine] = (await visitor.json("/api/sheets")).sheets;
  const [theirs] = (await stranger.json("/api/sheets")).sheets;
  await space.restart();
  expect(await visitor.json("/api/account")).not.toHaveProperty("user");
  await visitor.logIn(space.hub, ada);
  expect((await visitor.json("/api/sheets")).sheets).toMatchObject([{ id: mine.id }]);
  expect((await stranger.json("/api/sheets")).sheets).not.toMatchObject([{ id: theirs.id }]);
});

test("a token of Hugging Face is its account, for programs; a wrong one is refused", async () => {
  await using space = await openSpace(peopleGraph);
  const ada = space.hub.accounts.add("ada");
  const visitor = new Visitor(space);
  await visitor.logIn(space.hub, ada);
  const [mine] = (await visitor.json("/api/sheets")).sheets;
  const program = new Visitor(space);
  const headers = { authorization: `Bearer ${ada.token("read")}` };
  expect(await program.json("/api/sheets", { headers })).toMatchObject({ sheets: [{ id: mine.id }] });
  expect(program.cookies.size).toBe(0);
  expect(space.hub.requests("/api/whoami-v2").length).toBe(2);
  await program.json("/api/sheets", { headers });
  expect(space.hub.requests("/api/whoami-v2").length).toBe(2);
  const wrong = [
    `Bearer hf_${"w".repeat(34)}`,
    `Bearer ${ada.token("read", { expired: true })}`,
    'Bearer "x"',
    "Bearer sk-123456789",
    "Bearer hf_transfer",
  ];
  for (const authorization of wrong) {
    for (const path of ["/api/sheets", "/api/call", "/files/x/y"]) {
      const answer = await program.ask(path, {
        headers: { authorization },
        ...(path === "/api/call" ? { method: "POST", body: "{}" } : {}),
      });
      expect(answer.status, `${authorization} ${path}`).toBe(401);
    }
  }
  await expect(connectSocket(space.url, { authorization: wrong[0]! })).rejects.toThrow("401");
  // What a stranger calls a token is taken out of nobody's texts, and remembered by nobody.
  expect(redact("pip install hf_transfer")).toBe("pip install hf_transfer");
});

test("without hf_oauth there is no login, and it says so", async () => {
  await using space = await openSpace(peopleGraph, { oauth: false });
  const visitor = new Visitor(space);
  await visitor.ask("/");
  expect(await visitor.json("/api/account")).toMatchObject({ login: [], isKept: false });
  const answer = await visitor.ask("/login");
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("hf_oauth: true");
});

test("strangers leave only so much here, by whichever way; whoever has logged in has room", async () => {
  const { each } = STRANGER_BYTES;
  STRANGER_BYTES.each = 5_000;
  try {
    await using space = await openSpace(peopleGraph);
    const upload = async (visitor: Visitor, bytes: number) => {
      const body = new FormData();
      body.append("file", new File([randomBytes(bytes)], "a.bin"));
      return (await visitor.ask("/api/files", { method: "POST", body })).status;
    };
    const visitor = new Visitor(space);
    await visitor.ask("/");
    expect(await upload(visitor, 3_000)).toBe(201);
    expect(await upload(visitor, 3_000)).toBe(413);
    const ada = new Visitor(space);
    await ada.logIn(space.hub, space.hub.accounts.add("ada"));
    expect(await upload(ada, 30_000)).toBe(201);
    const socket = await openSocket(space, ada);
    socket.close();
    const [sheet] = (await ada.json("/api/sheets")).sheets;
    const zip = await (await ada.ask(`/api/sheets/${sheet.id}/export`)).arrayBuffer();
    const other = new Visitor(space);
    await other.ask("/");
    STRANGER_BYTES.each = 100;
    expect((await other.ask("/api/sheets/import", { method: "POST", body: zip })).status).toBe(413);
    STRANGER_BYTES.each = 5_000;
    expect((await other.ask("/api/sheets/import", { method: "POST", body: zip })).status).toBe(201);
  } finally {
    STRANGER_BYTES.each = each;
  }
});
