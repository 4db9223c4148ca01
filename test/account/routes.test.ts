/** Nobody reaches what belongs to somebody else, by whichever route: a new one must be told of here. */
import { expect, test } from "vitest";
import { clientMessage } from "../../src/protocol/messages.ts";
import { createAddressBook } from "../../src/server/address-book.ts";
import { createApp } from "../../src/server/app.ts";
import type { RouteContext } from "../../src/server/context.ts";
import { DEFAULT_LIMITS } from "../../src/server/limits.ts";
import { partsOf } from "../../src/server/parts.ts";
import { addMachineLoginRoutes } from "../../src/server/visitors/account-routes.ts";
import { addSpaceLoginRoutes, SpaceVisits } from "../../src/server/visitors/space.ts";
import type { SocketClient } from "../server/socket-client.ts";
import { connectSocket } from "../server/socket-client.ts";
import { peopleGraph } from "./graphs.ts";
import { openSpace, type Space, Visitor } from "./space.ts";

const SECRET = "the secret of ada";

/** What Ada has, and how somebody else would ask for it. */
interface Adas {
  readonly sheet: string;
  readonly run: string;
  readonly result: string;
  readonly file: { readonly id: string; readonly name: string };
}

const nothing = "says nothing of a user";
const form = () => {
  const body = new FormData();
  body.append("file", new File(["mine"], "mine.txt"));
  return { method: "POST", body };
};
const post = (body: unknown) => ({ method: "POST", body: JSON.stringify(body) });

type Check = (adas: Adas) => readonly [path: string, init: RequestInit, status: number];

/** By route: why nobody can see anything of others there, or the attempt and its status. */
const checks: Readonly<Record<string, string | Check>> = {
  "POST /api/call": ({ file }) => ["/api/call", post({ inputs: { write__topic: { file: file.id } } }), 400],
  "POST /api/call/:subgraph": () => ["/api/call/main", post({}), 400],
  "GET /api/schema": nothing,
  "GET /api/openapi.json": nothing,
  "GET /api/health": nothing,
  "POST /api/runs": ({ sheet }) => ["/api/runs", post({ sheet }), 404],
  "GET /api/runs": () => ["/api/runs", {}, 200],
  "GET /api/runs/:id": ({ run }) => [`/api/runs/${run}`, {}, 404],
  "DELETE /api/runs/:id": ({ run }) => [`/api/runs/${run}`, { method: "DELETE" }, 404],
  "POST /api/runs/:id/resume": ({ run }) => [`/api/runs/${run}/resume`, post({}), 404],
  "POST /api/runs/:id/answers/:node": ({ run }) => [
    `/api/runs/${run}/answers/review`,
    post({ action: "approve" }),
    404,
  ],
  "GET /api/runs/:id/events": ({ run }) => [`/api/runs/${run}/events`, {}, 404],
  "POST /api/files": () => ["/api/files", form(), 201],
  "GET /files/:id/:name": ({ file }) => [`/files/${file.id}/${file.name}`, {}, 404],
  "GET /api/sheets": () => ["/api/sheets", {}, 200],
  "GET /api/sheets/:id/export": ({ sheet }) => [`/api/sheets/${sheet}/export`, {}, 404],
  "POST /api/sheets/import": () => ["/api/sheets/import", { method: "POST", body: "no zip" }, 400],
  "GET /api/account": () => ["/api/account", {}, 200],
  "GET /login": "begins a login of one's own; test/account/login.test.ts",
  "GET /login/callback": "ends a login that this browser began; test/account/login.test.ts",
  "GET /login.js": nothing,
  "POST /api/account/ticket": "hands on one's own login; test/account/login.test.ts",
  "POST /api/account/claim": "takes a ticket of one's own window; test/account/login.test.ts",
  "POST /api/account/logout": "ends one's own login; test/account/login.test.ts",
  "POST /api/account/device": "only on a person's own machine; test/account/machine.test.ts",
  "GET /api/account/device/:id": "only on a person's own machine; test/account/machine.test.ts",
  "DELETE /api/account/device/:id": "only on a person's own machine; test/account/machine.test.ts",
  "POST /api/account/token": "only on a person's own machine; test/account/machine.test.ts",
  "GET /api/share": () => ["/api/share", {}, 200],
  "DELETE /api/share": "a Space is not shared; test/share",
  "GET /theme.css": nothing,
  "GET /frame": nothing,
  "GET /": "the page itself; what it shows comes by the socket",
  "GET /app": "the page itself; what it shows comes by the socket",
  "GET /*": "files of the build",
};

function everyRoute(): string[] {
  const { definition } = peopleGraph();
  const context: RouteContext = {
    definition,
    book: createAddressBook(definition),
    parts: partsOf(definition),
    limits: DEFAULT_LIMITS,
    of: () => Promise.reject(new Error("not asked")),
  };
  const app = createApp(context, {
    hasApi: true,
    webRoot: undefined,
    theme: undefined,
    frameAncestors: "'self'",
    addLogin(app, routes) {
      addMachineLoginRoutes(app, routes, () => {});
      const visits = Object.create(SpaceVisits.prototype) as SpaceVisits;
      addSpaceLoginRoutes(app, routes, visits, { id: "a/b", origin: "https://a-b.hf.space" });
    },
  });
  return [...new Set(app.routes.map(({ method, path }) => `${method} ${path}`))];
}

async function openSocket(space: Space, visitor: Visitor): Promise<SocketClient> {
  const socket = await connectSocket(space.url, { cookie: visitor.cookie, origin: space.url });
  await socket.hello();
  return socket;
}

/** Ada's sheet with a value, results, a file and a run that waits for her. */
async function workOf(space: Space, visitor: Visitor): Promise<Adas> {
  const socket = await openSocket(space, visitor);
  const { view } = await socket.next("sheet");
  await socket.ask({ type: "set-input", address: "write__topic", value: SECRET });
  await socket.ask({ type: "run", mode: "all", nodes: [] });
  await expect.poll(async () => (await visitor.json("/api/runs")).runs[0]?.status).toBe("waiting");
  const { runs } = await visitor.json("/api/runs");
  const [entry] = ((await socket.ask({ type: "history", node: "keep", offset: 0, limit: 1 })) as any).result
    .entries;
  socket.close();
  return { sheet: view.sheet.id, run: runs[0].id, result: entry.id, file: entry.outputs.file };
}

test("every route is told of", () => {
  expect(everyRoute().sort()).toEqual(Object.keys(checks).sort());
});

test("two accounts and strangers: nobody reaches what is another's", async () => {
  await using space = await openSpace(peopleGraph);
  const [ada, bob, stranger, another] = [0, 1, 2, 3].map(() => new Visitor(space)) as [
    Visitor,
    Visitor,
    Visitor,
    Visitor,
  ];
  await ada.logIn(space.hub, space.hub.accounts.add("ada"));
  await bob.logIn(space.hub, space.hub.accounts.add("bob"));
  await stranger.ask("/");
  await another.ask("/");
  const owner = { authorization: `Bearer ${space.hub.accounts.get("owner")!.token("write")}` };
  const intruders: readonly [string, Visitor, Record<string, string>][] = [
    ["bob", bob, {}],
    ["a stranger", stranger, {}],
    ["the Space's owner", new Visitor(space), owner],
    ["nobody", new Visitor(space), {}],
  ];
  for (const [whose, victim] of [
    ["ada", ada],
    ["another stranger", another],
  ] as const) {
    const adas = await workOf(space, victim);
    for (const [name, visitor, headers] of intruders) {
      for (const [route, check] of Object.entries(checks)) {
        if (typeof check === "string") continue;
        const [path, init, status] = check(adas);
        const answer = await visitor.ask(path, { ...init, headers });
        const text = await answer.text();
        const who = `${name} at ${route} of ${whose}: ${text}`;
        expect(answer.status, who).toBe(status);
        // What was asked for may stand in the refusal.
        const asked = `${path} ${typeof init.body === "string" ? init.body : ""}`;
        for (const hers of [SECRET, adas.sheet, adas.result].filter((one) => !asked.includes(one)))
          expect(text.includes(hers), who).toBe(false);
      }
    }
    expect(await (await victim.ask(`/files/${adas.file.id}/${adas.file.name}`)).text()).toBe(
      `About ${SECRET}.`,
    );
    expect((await victim.json(`/api/runs/${adas.run}`)).status).toBe("waiting");
  }
}, 60_000);

/** By message of a page: with Ada's ids, or why it can have none of them. */
const messages: Readonly<Record<string, string | ((adas: Adas) => readonly [object, code: string])>> = {
  hello: "opens a sheet of one's own when the named one is not; see below",
  "open-sheet": ({ sheet }) => [{ sheet }, "SHEET_NOT_FOUND"],
  "create-sheet": "makes one's own",
  "rename-sheet": ({ sheet }) => [{ sheet, name: "mine" }, "SHEET_NOT_FOUND"],
  "delete-sheet": ({ sheet }) => [{ sheet }, "SHEET_NOT_FOUND"],
  "duplicate-sheet": ({ sheet }) => [{ sheet }, "SHEET_NOT_FOUND"],
  "clear-sheet": ({ sheet }) => [{ sheet }, "SHEET_NOT_FOUND"],
  service: () => [{ node: "write", action: "restart" }, "NO_SERVICE"],
  "set-input": ({ file }) => [
    { address: "write__topic", value: { $daggr: "file", ...file } },
    "FORBIDDEN_KEY",
  ],
  "set-variant": "on one's own open sheet",
  "move-cards": "on one's own open sheet",
  "set-viewport": "on one's own open sheet",
  plan: "on one's own open sheet",
  run: "on one's own open sheet",
  "run-item": "on one's own open sheet",
  stop: "a run of one's own, or none; see below",
  upstream: () => [{ kind: "space", id: "a/b", choice: "accept" }, "NOT_YOURS"],
  resume: ({ run }) => [{ run }, "RUN_NOT_FOUND"],
  answer: ({ run }) => [{ run, node: "review", answer: { action: "approve" } }, "RUN_NOT_FOUND"],
  history: "on one's own open sheet",
  result: ({ result }) => [{ node: "keep", result }, "RESULT_NOT_FOUND"],
  "items-of-result": ({ result }) => [{ node: "keep", result, offset: 0, limit: 1 }, "RESULT_NOT_FOUND"],
  "select-result": ({ result }) => [{ node: "keep", result }, "RESULT_NOT_FOUND"],
  "sheet-from-result": ({ result }) => [{ node: "keep", result }, "RESULT_NOT_FOUND"],
  "edit-output": ({ file }) => [
    { node: "keep", port: "file", value: { $daggr: "file", ...file } },
    "UNKNOWN_FILE",
  ],
  "discard-edit": "on one's own open sheet",
  restore: ({ result }) => [{ inputs: {}, variants: {}, results: { keep: result } }, "RESULT_NOT_FOUND"],
  items: "on one's own open sheet",
  outputs: "on one's own open sheet",
  logs: "on one's own open sheet",
};

test("every message of a page is told of", () => {
  const types = clientMessage.options.map(({ shape }) => shape.type.value as string);
  expect(types.sort()).toEqual(Object.keys(messages).sort());
});

test("no message of a page leads to what is another's, and nothing of theirs is told", async () => {
  await using space = await openSpace(peopleGraph);
  const [ada, bob, stranger] = [0, 1, 2].map(() => new Visitor(space)) as [Visitor, Visitor, Visitor];
  await ada.logIn(space.hub, space.hub.accounts.add("ada"));
  await bob.logIn(space.hub, space.hub.accounts.add("bob"));
  await stranger.ask("/");
  // They listen while Ada works.
  const listeners = [await openSocket(space, bob), await openSocket(space, stranger)];
  const adas = await workOf(space, ada);
  for (const socket of listeners) {
    for (const [type, attempt] of Object.entries(messages)) {
      if (typeof attempt === "string") continue;
      const [body, code] = attempt(adas);
      const answer = await socket.ask({ type, ...body });
      expect(answer, type).toMatchObject({ type: "refused", error: { code } });
    }
    await socket.hello({ sheet: adas.sheet });
    expect(await socket.ask({ type: "stop", run: adas.run })).toMatchObject({ result: { stopped: false } });
    expect(await socket.ask({ type: "history", node: "keep", offset: 0, limit: 10 })).toMatchObject({
      result: { total: 0 },
    });
    const told = JSON.stringify(socket.messages);
    for (const hers of [SECRET, adas.sheet, adas.run, adas.result, adas.file.id])
      expect(told).not.toContain(hers);
    socket.close();
  }
  expect((await ada.json(`/api/runs/${adas.run}`)).status).toBe("waiting");
});
