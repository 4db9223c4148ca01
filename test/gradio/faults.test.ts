import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConnectOptions, connectGradio, isRetryable } from "../../src/clients/gradio.ts";
import { Caller } from "./support/app.ts";
import { complete, endpoint, fileEndpoint, GradioStub, type Stream } from "./support/gradio-stub.ts";
import { rejection } from "./support/rejection.ts";

let stub: GradioStub;
beforeEach(async () => {
  stub = await GradioStub.start();
});
afterEach(() => stub.close());

const connect = async (options: ConnectOptions = {}) =>
  new Caller(await connectGradio(stub.url, { cacheFolder: false, connectTimeoutMs: 500, ...options }));
const api = (path: string) => `/gradio_api/${path}`;

describe("a stream that goes wrong fails its call, and the next call works", () => {
  const half = ({ send }: Stream) => send({ msg: "process_starts" });
  const faults: [
    name: string,
    stream: (stream: Stream) => void | Promise<void>,
    code: string,
    words: string | RegExp,
  ][] = [
    [
      "breaks off",
      async (stream) => {
        half(stream);
        await delay(20);
        stream.destroy();
      },
      "GRADIO_DROPPED",
      "was lost before the result",
    ],
    [
      "ends in order without a result",
      (stream) => {
        half(stream);
        stream.end();
      },
      "GRADIO_DROPPED",
      "ended the connection before '/echo' had a result",
    ],
    ["is silent", half, "GRADIO_IDLE", "has sent nothing for 200 ms"],
    [
      "sends no JSON",
      ({ raw, end }) => {
        raw("data: {nope\n\n");
        end();
      },
      "GRADIO_PROTOCOL",
      "cannot be read",
    ],
    ["sends JSON that is no message", ({ raw }) => raw("data: [1]\n\n"), "GRADIO_PROTOCOL", "cannot be read"],
    [
      "knows nothing of the session",
      ({ send, end }) => {
        send({ msg: "unexpected_error", message: "404: Not Found", session_not_found: true, event_id: null });
        end();
      },
      "GRADIO_DROPPED",
      "404: Not Found",
    ],
    [
      "stops unexpectedly",
      ({ send }) =>
        send({ msg: "unexpected_error", message: "Server stopped unexpectedly.", event_id: null }),
      "GRADIO_DROPPED",
      "Server stopped unexpectedly.",
    ],
    [
      "fails without a word",
      ({ send }) => send({ msg: "process_completed", success: false, output: { error: "" }, title: null }),
      "GRADIO_APP_ERROR",
      "does not say why",
    ],
    [
      "fails with null",
      ({ send }) => send({ msg: "process_completed", success: false, output: { error: null } }),
      "GRADIO_APP_ERROR",
      "does not say why",
    ],
    [
      "is cancelled by somebody else",
      ({ send }) => send({ msg: "process_completed", success: true, output: {} }),
      "GRADIO_CANCELLED",
      "was cancelled on the server",
    ],
    [
      "returns too little",
      ({ send }) => send({ msg: "process_completed", success: true, output: { data: [] } }),
      "GRADIO_PROTOCOL",
      "returned 0 values; it declares 1",
    ],
    ["has a full queue", ({ send }) => send({ msg: "queue_full" }), "GRADIO_BUSY", "its queue is full"],
  ];
  it.each(faults)("%s", async (_name, stream, code, words) => {
    const caller = await connect();
    stub.stream = stream;
    const error = await rejection(caller.call("/echo", { text: "a" }, { idleMs: 200 }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    stub.stream = complete;
    expect(await caller.call("/echo", { text: "b" })).toEqual(["echo: b"]);
  });

  it("bears messages that come in crumbs, late, unknown, and of other calls", async () => {
    stub.stream = async ({ raw, send, data, end }) => {
      send({ msg: "something_new", event_id: null });
      send({ msg: "process_completed", success: true, output: { data: ["not mine"] }, event_id: "other" });
      const text = `data: ${JSON.stringify({ msg: "process_completed", success: true, output: { data: [`${data[0]} ü🦊`] } })}\r\n\r\n`;
      for (const byte of Buffer.from(text).toString("latin1")) raw(Buffer.from(byte, "latin1") as never);
      await delay(30);
      end();
    };
    const caller = await connect();
    expect(await caller.call("/echo", { text: "a" })).toEqual(["echo: a ü🦊"]);
  });

  it("bears changes that do not fit: the result comes whole", async () => {
    stub.stream = ({ send, data, end }) => {
      send({ msg: "process_generating", success: true, output: { data } });
      send({ msg: "process_generating", success: true, output: { data: [[["append", ["a", "b"], 1]]] } });
      send({ msg: "process_completed", success: true, output: { data: ["whole"] } });
      end();
    };
    const caller = await connect();
    expect(await caller.call("/echo", { text: "a" })).toEqual(["whole"]);
    expect(caller.updates).toEqual([{ type: "partial", outputs: ["echo: a"] }]);
  });

  it("stays alive on heartbeats", async () => {
    stub.stream = async ({ send, data, end }) => {
      for (let beat = 0; beat < 8; beat++) {
        await delay(60);
        send({ msg: "heartbeat", event_id: null });
      }
      send({ msg: "process_completed", success: true, output: { data } });
      end();
    };
    expect(await (await connect()).call("/echo", { text: "a" }, { idleMs: 150 })).toEqual(["echo: a"]);
  });

  it("survives 200 calls over a slow stream", async () => {
    stub.stream = async (stream) => {
      await delay(20);
      complete(stream);
    };
    const caller = await connect();
    const calls = Array.from({ length: 200 }, (_, index) =>
      new Caller(caller.app).call("/echo", { text: `${index}` }),
    );
    expect((await Promise.all(calls)).flat()).toEqual(calls.map((_, index) => `echo: ${index}`));
  });
});

describe("answers that are none", () => {
  it.each([
    [401, { detail: "Not authenticated" }, "GRADIO_LOGIN", "Not authenticated", false],
    [413, "Too large", "FILE_TOO_LARGE", "Too large", false],
    [
      422,
      { detail: [{ type: "missing", loc: ["body", "data"], msg: "Field required" }] },
      "GRADIO_VALIDATION",
      "body.data: Field required",
      false,
    ],
    [
      422,
      {
        detail: [
          { __type__: "validate", is_valid: true, message: "" },
          { __type__: "validate", is_valid: false, message: "Too long", parameter_name: "text" },
        ],
      },
      "GRADIO_VALIDATION",
      "text: Too long",
      false,
    ],
    [429, "slow down", "GRADIO_BUSY", "slow down", true],
    [503, { detail: "Queue is full" }, "GRADIO_BUSY", "Queue is full", true],
    [
      500,
      "<html><style>p{}</style><h1>Internal Server Error</h1></html>",
      "GRADIO_HTTP",
      "HTTP 500: Internal Server Error",
      true,
    ],
    [400, { detail: "Session hash not found." }, "GRADIO_HTTP", "Session hash not found.", true],
    [200, "not json", "GRADIO_PROTOCOL", "gave no id", false],
  ])("HTTP %i %j", async (status, body, code, words, retryable) => {
    const caller = await connect();
    stub.fail(api("queue/join"), status, body);
    const error = await rejection(caller.call("/echo", { text: "a" }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(isRetryable(error)).toBe(retryable);
    stub.answers.clear();
    expect(await caller.call("/echo", { text: "b" })).toEqual(["echo: b"]);
  });

  it("says what the upload was refused for", async () => {
    stub.info = {
      named_endpoints: { "/echo": endpoint({ type: { title: "FileData" }, component: "File" }) },
    };
    const caller = await connect();
    stub.fail(api("upload"), 413, "Maximum upload size exceeded");
    const error = await rejection(caller.call("/echo", { text: await caller.file("dot.png") }));
    expect(error.code).toBe("FILE_TOO_LARGE");
    expect(error.message).toContain("dot.png");
    expect(stub.requests(api("queue/join"))).toHaveLength(0);
  });

  it("sends name and type with an upload", async () => {
    stub.info = {
      named_endpoints: { "/echo": endpoint({ type: { title: "FileData" }, component: "File" }) },
    };
    const caller = await connect();
    await caller.call("/echo", { text: await caller.file("notes ünï.txt") });
    expect(stub.requests(api("upload"))[0]?.body).toMatch(
      /filename="notes ünï.txt"\r\nContent-Type: text\/plain/,
    );
    const [sent] = JSON.parse(stub.requests(api("queue/join"))[0]!.body).data;
    expect(sent).toEqual({
      path: "/tmp/uploaded/file.txt",
      orig_name: "notes ünï.txt",
      size: 11,
      mime_type: "text/plain",
      meta: { _type: "gradio.FileData" },
    });
  });
});

describe("connecting to what is no app, or a lying one", () => {
  it.each([
    [
      "a web page",
      () => stub.fail("/config", 200, "<html>hello</html>"),
      "GRADIO_PROTOCOL",
      "something else than JSON",
    ],
    [
      "JSON of another kind",
      () => stub.fail("/config", 200, { hello: 1 }),
      "GRADIO_PROTOCOL",
      "what it says of itself has no such 'components' as Gradio's has",
    ],
    ["a broken server", () => stub.fail("/config", 500, "<h1>Oops</h1>"), "GRADIO_HTTP", "HTTP 500: Oops"],
    ["a server that starts", () => stub.fail("/config", 503, "starting"), "GRADIO_BUSY", "starting"],
    ["a hung server", () => stub.answers.set("/config", () => {}), "GRADIO_UNREACHABLE", "no answer in time"],
    [
      "an old Gradio",
      () => Object.assign(stub.config, { protocol: "ws", version: "3.50.2" }),
      "GRADIO_PROTOCOL",
      "runs Gradio 3.50.2",
    ],
    [
      "an API on another host",
      () => Object.assign(stub.config, { api_prefix: "@evil.example/x" }),
      "GRADIO_PROTOCOL",
      "which is no path",
    ],
    [
      "an API above the root",
      () => Object.assign(stub.config, { api_prefix: "/../x" }),
      "GRADIO_PROTOCOL",
      "which is no path",
    ],
    [
      "information that contradicts",
      () => (stub.info = { named_endpoints: { "/echo": { parameters: [], returns: [] } } }),
      "GRADIO_PROTOCOL",
      "contradicts itself about '/echo'",
    ],
    [
      "endless redirects",
      () => stub.fail("/config", 302, "", { location: "/config" }),
      "GRADIO_PROTOCOL",
      "is not followed",
    ],
    [
      "a redirect to a file",
      () => stub.fail("/config", 302, "", { location: "file:///etc/passwd" }),
      "GRADIO_PROTOCOL",
      "is not followed",
    ],
  ])("%s", async (_name, prepare, code, words) => {
    prepare();
    const error = await rejection(connect());
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it("ignores the root that a configuration claims", async () => {
    stub.config = { root: "http://evil.example" };
    expect(await (await connect()).call("/echo", { text: "a" })).toEqual(["echo: a"]);
  });
});

describe("secrets", () => {
  const headers = { "x-key": "top-secret-key" };
  const withSecret = () =>
    stub.seen
      .filter((request) => request.headers["x-key"] !== undefined)
      .map(({ headers: { host } }) => host);

  it("go with every request to their own origin", async () => {
    await (await connect({ headers })).call("/echo", { text: "a" });
    expect(withSecret()).toHaveLength(stub.seen.length);
  });

  it("never follow a redirect to another origin", async () => {
    stub.answers.set("/config", (request, response) => {
      if (request.headers.host?.startsWith("localhost")) {
        stub.answers.delete("/config");
        response.writeHead(302, { location: `${stub.foreignUrl}/config` }).end();
      } else response.writeHead(302, { location: `${stub.foreignUrl}/config` }).end();
    });
    await connect({ headers }).catch(() => {});
    expect(stub.seen.some((request) => request.headers.host?.startsWith("localhost"))).toBe(true);
    expect(new Set(withSecret())).toEqual(new Set([new URL(stub.url).host]));
  });

  it("never leave with a call that is redirected", async () => {
    const caller = await connect({ headers });
    stub.fail(api("queue/join"), 307, "", { location: `${stub.foreignUrl}/gradio_api/queue/join` });
    expect((await rejection(caller.call("/echo", { text: "a" }))).code).toBe("GRADIO_PROTOCOL");
    expect(stub.seen.filter((request) => request.headers.host?.startsWith("localhost"))).toHaveLength(0);
  });

  it("never go to the host of a returned file", async () => {
    stub.info = { named_endpoints: { "/echo": fileEndpoint() } };
    stub.fail("/pictures/cat.png", 200, "cat");
    stub.stream = ({ send, end }) => {
      const url = `${stub.foreignUrl}/pictures/cat.png`;
      send({
        msg: "process_completed",
        success: true,
        output: { data: [{ path: url, url, orig_name: "cat.png", meta: { _type: "gradio.FileData" } }] },
      });
      end();
    };
    const caller = await connect({ headers });
    const [file] = await caller.call("/echo", { text: "a" });
    expect(await caller.files.text(file)).toBe("cat");
    expect(stub.requests("/pictures/cat.png")[0]?.headers["x-key"]).toBeUndefined();
  });

  it("are not in errors", async () => {
    stub.fail(api("info"), 500, { detail: "bad key top-secret-key" });
    expect((await rejection(connect({ headers }))).message).not.toContain("top-secret-key");
  });

  it("come out of the address", async () => {
    const caller = new Caller(
      await connectGradio(stub.url.replace("//", "//ada:love%20lace@"), { cacheFolder: false }),
    );
    await caller.call("/echo", { text: "a" });
    expect(caller.app.root).toBe(`${stub.url}/`);
    expect(
      stub.seen.every(
        (request) =>
          request.headers.authorization === `Basic ${Buffer.from("ada:love lace").toString("base64")}`,
      ),
    ).toBe(true);
  });
});

describe("returned files", () => {
  const returning = (data: object) => {
    stub.info = { named_endpoints: { "/echo": fileEndpoint() } };
    stub.stream = ({ send, end }) => {
      send({
        msg: "process_completed",
        success: true,
        output: { data: [{ meta: { _type: "gradio.FileData" }, ...data }] },
      });
      end();
    };
  };

  it("come from the app's own address, with a harmless name", async () => {
    returning({
      path: "/tmp/a b/#1.txt",
      url: "http://inside.invalid/x",
      orig_name: "../../../etc/pass\u0000wd",
      mime_type: "text/plain",
    });
    stub.fail(api("file=/tmp/a%20b/%231.txt"), 200, "content");
    const caller = await connect();
    const [file] = await caller.call("/echo", { text: "a" });
    expect(file).toMatchObject({ name: "passwd.txt" });
    expect(await caller.files.text(file)).toBe("content");
  });

  it("may be inline", async () => {
    returning({ path: null, url: "data:image/png;base64,iVBORw0KGgo=" });
    expect(await (await connect()).call("/echo", { text: "a" })).toMatchObject([
      { mime: "image/png", size: 8 },
    ]);
  });

  it.each([
    ["is gone", () => {}, "GRADIO_HTTP", "HTTP 404"],
    [
      "breaks off",
      () =>
        stub.answers.set(
          api("file=/x.txt"),
          (_, response) =>
            void response
              .writeHead(200, { "content-length": "100" })
              .write("x", () => setTimeout(() => response.destroy(), 20)),
        ),
      "GRADIO_DROPPED",
      "broke off",
    ],
    [
      "hangs",
      () => stub.answers.set(api("file=/x.txt"), (_, response) => void response.writeHead(200).write("x")),
      "GRADIO_IDLE",
      "has sent nothing",
    ],
  ])("that %s is an error", async (_name, prepare, code, words) => {
    returning({ path: "/x.txt" });
    prepare();
    const error = await rejection((await connect()).call("/echo", { text: "a" }, { idleMs: 200 }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it("are what the endpoint declares, not what looks like it", async () => {
    returning({ path: "/x.txt" });
    stub.info = { named_endpoints: { "/echo": endpoint({}, { type: {}, component: "JSON" }) } };
    expect(await (await connect()).call("/echo", { text: "a" })).toEqual([
      { meta: { _type: "gradio.FileData" }, path: "/x.txt" },
    ]);
  });
});
