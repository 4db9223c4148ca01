/** A token goes to the Hub and to hosts that the Hub named; a visitor's steps run with the visitor's; nobody else sees either. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FnNode, GradioNode, Graph, gr } from "daggr";
import { expect, test, vi } from "vitest";
import { GradioStub } from "../gradio/support/gradio-stub.ts";
import { connectSocket } from "../server/socket-client.ts";
import { callingGraph } from "./graphs.ts";
import { graph as looking } from "./looking-script.ts";
import { OWNER_TOKEN, openSpace, Visitor } from "./space.ts";

const bearerOf = (token: string | undefined) => (token === undefined ? undefined : `Bearer ${token}`);

/** The joins of calls that an app has seen: with whose token, and for whose quota. */
function joins(app: GradioStub) {
  return app.seen
    .filter(({ path }) => path.includes("/queue/join"))
    .map(({ headers }) => ({ token: headers["x-hf-authorization"], ip: headers["x-ip-token"] }));
}

test("each visitor's steps run with their own token and quota, never with another's or the owner's", async () => {
  const app = await GradioStub.start();
  await using space = await openSpace(callingGraph());
  space.hub.repositories.add("space", "ada/echo", { sdk: "gradio", host: app.url });
  const { hub } = space;
  const [ada, bob, stranger] = [0, 1, 2].map(() => new Visitor(space)) as [Visitor, Visitor, Visitor];
  await ada.logIn(hub, hub.accounts.add("ada"));
  await bob.logIn(hub, hub.accounts.add("bob"));
  await stranger.ask("/");
  const program = new Visitor(space);
  const programToken = hub.accounts.get("bob")!.token("read");
  const call = (visitor: Visitor, ip?: string, more: Record<string, string> = {}) =>
    visitor.post("/api/call", {}, { ...(ip === undefined ? {} : { "x-ip-token": ip }), ...more });
  await call(ada, "ip.of.ada");
  await call(bob);
  await call(stranger, "ip.of.stranger");
  await call(program, "ip.of.program", { authorization: `Bearer ${programToken}` });
  await call(ada);
  const [first, second, third, fourth, fifth] = joins(app);
  const oauth = /^Bearer hf_oauth_/;
  expect(first).toEqual({ token: expect.stringMatching(oauth), ip: "ip.of.ada" });
  expect(second).toEqual({ token: expect.stringMatching(oauth), ip: undefined });
  expect(second!.token).not.toBe(first!.token);
  expect(third).toEqual({ token: undefined, ip: "ip.of.stranger" });
  expect(fourth).toEqual({ token: bearerOf(programToken), ip: "ip.of.program" });
  // The newest of the same browser, for a run that comes by a socket or a request without one.
  expect(fifth).toEqual({ token: first!.token, ip: "ip.of.ada" });

  const socket = await connectSocket(space.url, {
    cookie: ada.cookie,
    origin: space.url,
    "x-ip-token": "ip.by.socket",
  });
  await socket.hello();
  await socket.ask({ type: "run", mode: "all", nodes: [] });
  await expect.poll(() => joins(app).at(-1)).toEqual({ token: first!.token, ip: "ip.by.socket" });
  await ada.json("/api/account", { headers: { "x-ip-token": "ip.newer" } });
  await socket.ask({ type: "run", mode: "all", nodes: [] });
  await expect.poll(() => joins(app).at(-1)).toEqual({ token: first!.token, ip: "ip.newer" });
  socket.close();
  expect(hub.sightings(OWNER_TOKEN)).toEqual([]);
  expect(app.seen.some(({ headers }) => JSON.stringify(headers).includes(OWNER_TOKEN))).toBe(false);
  await app.close();
});

test("a private Space opens to who may read it, with their own token, and to nobody else", async () => {
  const app = await GradioStub.start();
  await using space = await openSpace(callingGraph("bob/private"));
  space.hub.repositories.add("space", "bob/private", { sdk: "gradio", host: app.url }).private = true;
  const [ada, bob] = [new Visitor(space), new Visitor(space)];
  await bob.logIn(space.hub, space.hub.accounts.add("bob"));
  await ada.logIn(space.hub, space.hub.accounts.add("ada"));
  expect(await bob.post("/api/call")).toEqual({ outputs: { echo: { said: "echo: hello" } } });
  // What was connected for one is not there for another.
  for (const visitor of [ada, new Visitor(space)])
    await expect(visitor.post("/api/call")).rejects.toMatchObject({
      code: "NODE_FAILED",
      message: expect.stringContaining("not found"),
    });
  expect(await bob.post("/api/call")).toEqual({ outputs: { echo: { said: "echo: hello" } } });
  await app.close();
});

test("quota and token go to no address that the Hub did not name", async () => {
  const app = await GradioStub.start();
  await using space = await openSpace(callingGraph(app.url));
  const ada = new Visitor(space);
  await ada.logIn(space.hub, space.hub.accounts.add("ada"));
  await ada.post("/api/call", {}, { "x-ip-token": "ip.of.ada" });
  expect(joins(app)).toEqual([{ token: undefined, ip: undefined }]);
  expect(JSON.stringify(app.seen)).not.toMatch(/hf_oauth_|ip\.of\.ada/);
  await app.close();
});

test("a step in a worker thread is told neither token nor quota", async () => {
  await using space = await openSpace(() => looking);
  const ada = new Visitor(space);
  await ada.logIn(space.hub, space.hub.accounts.add("ada"));
  const look = async () =>
    (await ada.post("/api/call", {}, { "x-ip-token": "ip.of.ada" })).outputs.look.seen as string;
  await look();
  // The second time the script listens to whatever its thread is told.
  expect(await look()).toMatch(/^[1-9]\d* heard, 0 of visitors$/);
});

/** All bytes under a folder. */
function bytesUnder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return Buffer.concat(files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)));
}

test("no token is in database, files, exports, answers, frames, logs, worker threads or child processes", async () => {
  const app = await GradioStub.start();
  /** What a step can see of this process, here, in a thread and in a child. */
  const look = new FnNode(
    async () => {
      const { execFileSync } = await import("node:child_process");
      const child = execFileSync(process.execPath, [
        "-e",
        "console.log(JSON.stringify([process.env, process.argv]))",
      ]);
      const seen = JSON.stringify([process.env, process.argv, process.execArgv, String(child)]);
      // Counted, because a token would be taken out of what is returned.
      return `${seen.split("hf_oauth_").length - 1} of visitors. ${seen}`;
    },
    { name: "look", inputs: {}, outputs: { seen: gr.Textbox() } },
  );
  const fails = new GradioNode("ada/echo", {
    name: "fails",
    apiName: "/echo",
    inputs: { text: "boom" },
    outputs: { said: gr.Textbox() },
    retries: 0,
  });
  const works = new GradioNode("ada/echo", {
    name: "works",
    apiName: "/echo",
    inputs: { text: "fine" },
    outputs: { said: gr.Textbox() },
    retries: 0,
  });
  const logged: string[] = [];
  const spies = (["log", "warn", "error", "info"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...args) => void logged.push(args.map(String).join(" "))),
  );
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => logged.push(String(text)) > 0);
  try {
    await using space = await openSpace(() => new Graph({ name: "Looking", nodes: [look, works, fails] }));
    space.hub.repositories.add("space", "ada/echo", { sdk: "gradio", host: app.url });
    // The app says back whatever it was told: its log, its result and its error are full of tokens.
    app.stream = (stream) => {
      const headers =
        JSON.stringify(app.seen.at(-1)!.headers) +
        JSON.stringify(app.seen.filter(({ path }) => path.includes("join")).map((one) => one.headers));
      const { eventId: event_id } = stream;
      stream.send({ msg: "process_starts", event_id });
      stream.send({ msg: "log", event_id, log: headers, level: "info" });
      const isGood = stream.data[0] === "fine";
      stream.send(
        isGood
          ? {
              msg: "process_completed",
              event_id,
              success: true,
              output: { data: [headers], is_generating: false },
            }
          : { msg: "process_completed", event_id, success: false, output: { error: headers } },
      );
      stream.send({ msg: "close_stream", event_id: null });
      stream.end();
    };
    const ada = space.hub.accounts.add("ada");
    const visitor = new Visitor(space);
    const answers: string[] = [await visitor.logIn(space.hub, ada)];
    const read = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) => {
      const response = await visitor.ask(path, init);
      answers.push(
        JSON.stringify([...response.headers]),
        Buffer.from(await response.arrayBuffer()).toString("latin1"),
      );
    };
    const socket = await connectSocket(space.url, {
      cookie: visitor.cookie,
      origin: space.url,
      "x-ip-token": "secret.ip.token",
    });
    await socket.hello();
    const { view } = await socket.next("sheet");
    await socket.ask({ type: "run", mode: "all", nodes: [] });
    await expect.poll(async () => (await visitor.json("/api/runs")).runs[0]?.status).toBe("failed");
    const { runs } = await visitor.json("/api/runs");
    for (const path of [
      "/",
      "/api/account",
      "/api/sheets",
      "/api/runs",
      `/api/runs/${runs[0].id}`,
      `/api/runs/${runs[0].id}/events`,
      `/api/sheets/${view.sheet.id}/export`,
      "/api/schema",
      "/api/openapi.json",
    ])
      await read(path);
    await read("/api/call", { method: "POST", body: "{}" });
    for (const node of ["look", "works", "fails"]) {
      await socket.ask({ type: "logs", node });
      await socket.ask({ type: "history", node, offset: 0, limit: 5 });
      await socket.ask({ type: "outputs", node });
    }
    const seenBySpace = app.seen
      .map(({ headers }) => headers["x-hf-authorization"])
      .filter((one) => one !== undefined);
    const [bearer] = seenBySpace as string[];
    expect(bearer).toMatch(/^Bearer hf_oauth_/);
    const secrets = [bearer!.slice("Bearer ".length), "space-secret"];
    const looked = (await socket.ask({ type: "outputs", node: "look" })) as {
      result: { outputs: { seen: string } };
    };
    expect(looked.result.outputs.seen).toMatch(/^0 of visitors/);
    const everything = [
      ["database and files", bytesUnder(space.folder).toString("latin1")],
      ["answers", answers.join("\n")],
      ["frames", JSON.stringify(socket.messages)],
      ["log", logged.join("\n")],
    ] as const;
    expect(everything[0][1]).toContain("hf_***");
    expect(everything[2][1]).toContain("hf_***");
    for (const [what, text] of everything)
      for (const secret of [...secrets, OWNER_TOKEN])
        expect(text.includes(secret), `${secret.slice(0, 12)}… in ${what}`).toBe(false);
    socket.close();
  } finally {
    for (const spy of [...spies, write]) spy.mockRestore();
    await app.close();
  }
});
