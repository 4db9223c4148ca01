import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectGradio, type GradioUpdate, isRetryable } from "../../src/clients/gradio.ts";
import { freePort, type PythonServer } from "../support/python.ts";
import { askPeer, Caller, fixture, startApp } from "./support/app.ts";
import { rejection } from "./support/rejection.ts";

let server: PythonServer;
let caller: Caller;

beforeAll(async () => {
  server = await startApp();
  caller = new Caller(await connectGradio(server.url, { cacheFolder: false }));
});
afterAll(() => server?.close());

const partials = (updates: readonly GradioUpdate[]) =>
  updates.flatMap((update) => (update.type === "partial" ? [update.outputs] : []));
const counter = async (name: string) => (await caller.call("/tools", { name }))[0] as number;

describe("results while they come", () => {
  it("gives every step of a generator", async () => {
    expect(await caller.call("/count", { steps: 3 })).toEqual(["step 2"]);
    expect(partials(caller.updates)).toEqual([["step 0"], ["step 1"], ["step 2"]]);
  });

  it("puts a growing conversation together as the Python client does", async () => {
    const text = "grüße 🦊";
    const [chat, seen] = await caller.call("/typewriter", { text });
    expect(chat).toEqual([
      { role: "user", content: text },
      { role: "assistant", content: text },
    ]);
    const told = partials(caller.updates);
    const [answer] = await askPeer(server.url, [{ apiName: "/typewriter", args: { text } }]);
    expect(told.map((outputs) => outputs[1])).toEqual(
      answer?.partials?.map((outputs) => (outputs as unknown[])[1]),
    );
    expect(told.at(-1)).toEqual([chat, seen]);
  });

  it("has the right result where the server's own changes are wrong", async () => {
    expect(await caller.call("/shrinking")).toEqual([[[1, 5], [7]], "c"]);
    expect(partials(caller.updates)[0]).toEqual([
      [
        [1, 2, 3],
        [1, 2],
      ],
      "a",
    ]);
  });

  it("tells progress with its words, queue and start", async () => {
    await caller.call("/with_progress", { steps: 2 });
    const types = caller.updates.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(["queue", "started"]);
    expect(caller.updates).toContainEqual({ type: "progress", value: 0.5, text: "Counting 1/2 steps" });
    expect(caller.updates).toContainEqual({ type: "progress", value: 0.75, text: "Nearly" });
  });

  it("fetches what was streamed as one file at the end", async () => {
    const [file] = await caller.call("/spoken", { parts: 3 });
    expect(file).toMatchObject({ mime: expect.stringMatching(/^audio\//) });
    expect((file as { size: number }).size).toBeGreaterThan(20_000);
    expect(partials(caller.updates)).toEqual([[null], [null], [null]]);
  });

  it("tells log messages", async () => {
    await caller.call("/logs", { text: "q" });
    expect(caller.updates).toContainEqual({ type: "log", level: "info", text: "info q" });
    expect(caller.updates).toContainEqual({ type: "log", level: "warning", text: "warning q" });
  });

  it("tells the place in the queue", async () => {
    const first = caller.call("/one_at_a_time", { seconds: 0.4 });
    await delay(100);
    const other = new Caller(caller.app);
    await other.call("/one_at_a_time", { seconds: 0 });
    await first;
    expect(other.updates[0]).toMatchObject({ type: "queue", position: 0, size: 1 });
  });
});

describe("errors in the server's own words", () => {
  it.each([
    ["/app_error", { text: "q" }, "GRADIO_APP_ERROR", "No good: Cannot use 'q'"],
    ["/plain_error", { text: "q" }, "GRADIO_APP_ERROR", "broken by q"],
    ["/unqueued_error", { text: "q" }, "GRADIO_APP_ERROR", "broken by q"],
    ["/hidden_error", {}, "GRADIO_APP_ERROR", "does not say why"],
    ["/checked", { value: "too long" }, "GRADIO_VALIDATION", "value: at most four letters"],
  ])("%s", async (apiName, args, code, words) => {
    const error = await rejection(caller.call(apiName, args));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`'${apiName}' of ${server.url}`);
    expect(error.message).toContain(words);
  });

  it("names the endpoints there are", async () => {
    const error = await rejection(caller.call("/txt", { value: "" }));
    expect(error.code).toBe("UNKNOWN_ENDPOINT");
    expect(error.message).toContain(
      `API endpoint '/txt' not found in '${server.url}'. Available endpoints: ['/text', '/number',`,
    );
    expect(error.message).toContain("Did you mean '/text'?");
    expect(isRetryable(error)).toBe(false);
  });

  it("names the parameters there are", async () => {
    const error = await rejection(caller.call("/defaults", { choise: "x" }));
    expect(error.code).toBe("UNKNOWN_PARAMETER");
    expect(error.sentence).toBe(
      `Invalid parameter(s) {'choise'} for endpoint '/defaults' in '${server.url}'. Did you mean: 'choise' -> 'choice'? Valid parameters: {'text', 'n', 'flag', 'choice'}`,
    );
  });

  it("names the parameters that are missing", async () => {
    const error = await rejection(caller.call("/defaults", { n: 1 }));
    expect(error.code).toBe("MISSING_PARAMETER");
    expect(error.sentence).toBe(
      `Missing required parameter(s) {'choice'} for endpoint '/defaults' in '${server.url}'. These parameters have no default values.`,
    );
  });

  it("refuses a file where none belongs, and a text where a file belongs", async () => {
    const dot = await caller.file("dot.png");
    expect((await rejection(caller.call("/text", { value: dot }))).code).toBe("INVALID_VALUE");
    const error = await rejection(caller.call("/image", { value: "/etc/passwd" }));
    expect(error.code).toBe("INVALID_VALUE");
    expect(error.message).toContain('(Image): expected a file, got the text "/etc/passwd"');
    expect((await rejection(caller.call("/gallery", { value: "/etc/passwd" }))).code).toBe("INVALID_VALUE");
    expect(
      (await rejection(caller.call("/multimodal", { value: { text: "", files: ["/etc/passwd"] } }))).code,
    ).toBe("INVALID_VALUE");
  });
});

describe("values", () => {
  it("takes paths only of the user's own script", async () => {
    const trustedPaths = new Set(["file"]);
    expect(await caller.call("/describe_file", { file: fixture("notes ünï.txt") }, { trustedPaths })).toEqual(
      ["notes ünï.txt 11"],
    );
    const error = await rejection(
      caller.call("/describe_file", { file: fixture("no.txt") }, { trustedPaths }),
    );
    expect(error.code).toBe("FILE_MISSING");
  });

  it("leaves JSON that looks like a file alone", async () => {
    expect(await caller.call("/plain_json")).toEqual([
      { path: "/etc/passwd", note: "not a file", list: [{ path: "x" }] },
    ]);
  });

  it("takes the value out of an update", async () => {
    expect(await caller.call("/updated", { text: "x" })).toEqual(["X", null, "x"]);
  });

  it("calls undocumented endpoints, and passes over buttons", async () => {
    expect(await caller.call("/undocumented", { value: "x" })).toEqual(["x"]);
    expect(await caller.call("/button")).toEqual([]);
    expect(caller.app.endpoints.find(({ apiName }) => apiName === "/undocumented")?.documented).toBe(false);
  });

  it("sends null where null is given, the default where nothing is", async () => {
    expect(await caller.call("/describe_file", { file: null })).toEqual(["none"]);
    expect(await caller.call("/defaults", { choice: "y", text: undefined })).toEqual(["preset 7 True y"]);
  });

  it("keeps state within a session and nowhere else", async () => {
    expect(await caller.call("/remember", { text: "a" }, { session: "one" })).toEqual(["a"]);
    expect(await caller.call("/remember", { text: "b" }, { session: "one" })).toEqual(["a, b"]);
    expect(await caller.call("/remember", { text: "c" })).toEqual(["c"]);
  });

  it("takes calls of one session in turn", async () => {
    const session = "turns";
    const texts = await Promise.all(
      ["1", "2", "3"].map((text) => caller.call("/remember", { text }, { session })),
    );
    expect(texts.flat()).toEqual(["1", "1, 2", "1, 2, 3"]);
  });

  it("carries long texts", async () => {
    const [text] = await caller.call("/long_text", { n: 3_000_000 });
    expect((text as string).length).toBe(3_000_000);
  });

  it("says that a file is too large before it is sent", async () => {
    const large = await caller.files.put({ bytes: new Uint8Array(1_100_000) }, "large.bin");
    const error = await rejection(caller.call("/describe_file", { file: large }));
    expect(error.code).toBe("FILE_TOO_LARGE");
    expect(error.message).toContain("'large.bin' has 1100000 bytes");
  });
});

describe("stopping", () => {
  it.each(["/late_async", "/late_generator"])(
    "%s stops on the server, its sibling goes on",
    async (apiName) => {
      const name = apiName === "/late_async" ? "async" : "generator";
      const abort = new AbortController();
      const sibling = new Caller(caller.app).call(apiName, { seconds: 0.6 });
      const running = rejection(
        new Caller(caller.app).call(apiName, { seconds: 30 }, { signal: abort.signal }),
      );
      await delay(300);
      const start = performance.now();
      abort.abort();
      expect((await running).code).toBe("CANCELLED");
      expect(performance.now() - start).toBeLessThan(1000);
      expect(await sibling).toEqual([apiName === "/late_async" ? "late" : 11]);
      const before = await counter(name);
      await delay(200);
      expect(await counter(name)).toBe(before);
    },
  );

  it("leaves the running one when a waiting one is cancelled", async () => {
    const running = new Caller(caller.app).call("/one_at_a_time", { seconds: 0.5 });
    await delay(100);
    const abort = new AbortController();
    const waiting = rejection(
      new Caller(caller.app).call("/one_at_a_time", { seconds: 30 }, { signal: abort.signal }),
    );
    await delay(100);
    abort.abort();
    expect((await waiting).code).toBe("CANCELLED");
    expect(await running).toEqual([]);
    expect(await caller.call("/one_at_a_time", { seconds: 0 })).toEqual([]);
  });

  it("cancels at any moment without leaving work behind", async () => {
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const abort = new AbortController();
        const call = rejection(
          new Caller(caller.app).call("/late_async", { seconds: 30 }, { signal: abort.signal }),
        );
        await delay(index * 4);
        abort.abort();
        expect((await call).code).toBe("CANCELLED");
      }),
    );
    await delay(300);
    const before = await counter("async");
    await delay(200);
    expect(await counter("async")).toBe(before);
  });

  it("ends after its time", async () => {
    const error = await rejection(caller.call("/late_async", { seconds: 30 }, { timeoutMs: 200 }));
    expect(error.code).toBe("TIMEOUT");
    expect(error.message).toContain("took longer than 200 ms");
  });

  it("does nothing when it is cancelled before it starts", async () => {
    expect((await rejection(caller.call("/text", { value: "" }, { signal: AbortSignal.abort() }))).code).toBe(
      "CANCELLED",
    );
  });
});

describe("addresses", () => {
  it("finds an app under a path", async () => {
    for (const address of [`${server.url}/nested/path`, `${server.url}/nested/path/?__theme=dark#x`]) {
      const nested = new Caller(await connectGradio(address, { cacheFolder: false }));
      expect(nested.app.endpoints.map(({ apiName }) => apiName)).toContain("/greet");
      expect(await nested.call("/greet", { name: "Ada" })).toEqual(["Hello Ada."]);
    }
  });

  it("talks with a chat interface, whose labels are to be translated", async () => {
    const talk = new Caller(await connectGradio(`${server.url}/talk`, { cacheFolder: false }));
    expect(await talk.call("/answer", { message: "hey" })).toEqual(["hey"]);
    expect(talk.app.endpoints.filter(({ documented }) => documented).map(({ apiName }) => apiName)).toEqual([
      "/answer",
    ]);
  });

  it("says that there is no app", async () => {
    const error = await rejection(connectGradio(`${server.url}/nowhere`, { cacheFolder: false }));
    expect(error.code).toBe("GRADIO_PROTOCOL");
    const refused = await rejection(
      connectGradio(`http://127.0.0.1:${await freePort()}`, { cacheFolder: false }),
    );
    expect(refused.code).toBe("GRADIO_UNREACHABLE");
    expect(refused.message).toContain("ECONNREFUSED");
    expect((await rejection(connectGradio("localhost:7860", {}))).message).toContain(
      "Did you mean 'http://localhost:7860'?",
    );
  });

  it("logs in, and carries the login through uploads, calls and downloads", async () => {
    const address = `${server.url}/locked`;
    expect((await rejection(connectGradio(address, { cacheFolder: false }))).code).toBe("GRADIO_LOGIN");
    const wrong = await rejection(
      connectGradio(address, { cacheFolder: false, auth: ["ada", "wrong secret"] }),
    );
    expect(wrong.code).toBe("GRADIO_LOGIN");
    expect(wrong.message).toContain("Incorrect credentials");
    expect(wrong.message).not.toContain("wrong secret");
    const open = await rejection(
      connectGradio(`${server.url}/nested/path`, { cacheFolder: false, auth: ["ada", "löve lace"] }),
    );
    expect(open.message).toContain("has no login of its own");
    const member = new Caller(
      await connectGradio(address, { cacheFolder: false, auth: ["ada", "löve lace"] }),
    );
    expect(await member.call("/greet", { name: "Ada" })).toEqual(["Hello Ada."]);
    expect(await member.call("/describe_file", { file: await member.file("dot.png") })).toEqual([
      "dot.png 86",
    ]);
    expect(await member.call("/picture")).toMatchObject([{ mime: "image/png" }]);
  });
});

describe("many at once", () => {
  it("keeps 60 calls apart", async () => {
    const calls = Array.from({ length: 60 }, (_, index) =>
      new Caller(caller.app).call("/text", { value: `call ${index}` }),
    );
    expect((await Promise.all(calls)).flat()).toEqual(calls.map((_, index) => `call ${index}`));
  });
});

describe("a server that dies", () => {
  it("fails the call at once, and the next one works when it is back", async () => {
    const port = await freePort();
    const first = await startApp(port);
    const own = new Caller(await connectGradio(first.url, { cacheFolder: false }));
    const running = rejection(own.call("/late_async", { seconds: 30 }));
    await delay(400);
    first.process.kill("SIGKILL");
    const dropped = await running;
    expect(dropped.code).toBe("GRADIO_DROPPED");
    expect(isRetryable(dropped)).toBe(true);
    expect((await rejection(own.call("/text", { value: "x" }))).code).toBe("GRADIO_UNREACHABLE");
    await first.close();
    await using again = await startApp(port);
    expect(await own.call("/text", { value: again.url })).toEqual([again.url]);
  });
});
