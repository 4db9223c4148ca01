import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConnectOptions, connectGradio } from "../../src/clients/gradio.ts";
import { Caller } from "./support/app.ts";
import { endpoint, GradioStub } from "./support/gradio-stub.ts";
import { rejection } from "./support/rejection.ts";

let stub: GradioStub;
beforeEach(async () => {
  stub = await GradioStub.start();
});
afterEach(() => stub.close());

const connect = async (options: ConnectOptions = {}) =>
  new Caller(await connectGradio(stub.url, { cacheFolder: false, connectTimeoutMs: 500, ...options }));
const api = (path: string) => `/gradio_api/${path}`;

describe("another app at the same address", () => {
  it("is noticed before a call, which goes to the right function", async () => {
    const caller = await connect();
    expect(await caller.call("/echo", { text: "a" })).toEqual(["echo: a"]);
    stub.appId = 2;
    stub.functions = ["delete_all", "echo"];
    expect(await caller.call("/echo", { text: "b" })).toEqual(["echo: b"]);
    stub.appId = 3;
    stub.functions = ["delete_all"];
    expect((await rejection(caller.call("/echo", { text: "c" }))).code).toBe("UNKNOWN_ENDPOINT");
  });
});

describe("cancelling", () => {
  it("waits for the id of a call that is being taken, and cancels that", async () => {
    const caller = await connect();
    stub.stream = () => {};
    const abort = new AbortController();
    stub.answers.set(api("queue/join"), async (_request, response) => {
      abort.abort();
      await delay(100);
      response.setHeader("content-type", "application/json").end('{"event_id":"late"}');
    });
    expect((await rejection(caller.call("/echo", { text: "a" }, { signal: abort.signal }))).code).toBe(
      "CANCELLED",
    );
    const [cancel] = stub.requests(api("cancel"));
    expect(JSON.parse(cancel!.body)).toMatchObject({ event_id: "late", fn_index: 0 });
  });

  it("sends the credentials along, and rejects once the server knows", async () => {
    const caller = await connect({ headers: { "x-key": "top-secret-key" } });
    stub.stream = ({ send }) => send({ msg: "process_starts" });
    const abort = new AbortController();
    const call = rejection(caller.call("/echo", { text: "a" }, { signal: abort.signal }));
    await delay(50);
    abort.abort();
    expect((await call).code).toBe("CANCELLED");
    expect(stub.requests(api("cancel"))[0]?.headers["x-key"]).toBe("top-secret-key");
  });

  it("does not wait for a hung server for long", async () => {
    const caller = await connect();
    stub.stream = () => {};
    stub.answers.set(api("cancel"), () => {});
    const start = performance.now();
    const error = await rejection(caller.call("/echo", { text: "a" }, { timeoutMs: 100 }));
    expect(error.code).toBe("TIMEOUT");
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("tells a server that has gone quiet to stop", async () => {
    const caller = await connect();
    stub.stream = () => {};
    await rejection(caller.call("/echo", { text: "a" }, { idleMs: 100 }));
    await delay(50);
    expect(stub.requests(api("cancel"))).toHaveLength(1);
  });
});

describe("what is never sent", () => {
  it("a token that an endpoint asks for", async () => {
    stub.info = { named_endpoints: { "/echo": { ...endpoint(), oauth_token: "required" } } };
    const caller = await connect({ env: { HF_TOKEN: "hf_secretsecretsecret" } });
    await caller.call("/echo", { text: "a" });
    expect(JSON.stringify(stub.seen)).not.toContain("hf_secret");
    expect(caller.app.endpoints[0]?.asksForToken).toBe(true);
  });
});

describe("sessions", () => {
  const sessions = () =>
    stub.requests(api("queue/join")).map(({ body }) => JSON.parse(body).session_hash as string);

  it("serve one call at a time, and again where nothing can be left in them", async () => {
    const caller = await connect();
    const other = new Caller(caller.app);
    await Promise.all([caller.call("/echo", { text: "a" }), other.call("/echo", { text: "b" })]);
    await delay(20);
    await caller.call("/echo", { text: "c" });
    const [first, second, third] = sessions();
    expect(first).not.toBe(second);
    expect([first, second]).toContain(third);
  });

  it.each([
    ["an error", { success: false, output: { error: "no" } }],
    ["an update", { success: true, output: { data: [{ __type__: "update", choices: [] }] } }],
  ])("end with %s", async (_name, message) => {
    const caller = await connect();
    stub.stream = ({ send, end }) => {
      send({ msg: "process_completed", ...message });
      end();
    };
    for (let call = 0; call < 2; call++) {
      await caller.call("/echo", { text: "a" }).catch(() => {});
      await delay(20);
    }
    expect(new Set(sessions()).size).toBe(2);
  });

  it("end with a call that keeps state", async () => {
    stub.config = {
      components: [1, 2, 3].map((id) => ({
        id,
        type: id === 3 ? "state" : "textbox",
        props: {},
        skip_api: id === 3,
      })),
      dependencies: [{ id: 0, api_name: "echo", inputs: [1, 3], outputs: [2] }],
    };
    const caller = await connect();
    for (const text of ["a", "b"]) {
      await caller.call("/echo", { text });
      await delay(20);
    }
    expect(new Set(sessions()).size).toBe(2);
    expect(JSON.parse(stub.requests(api("queue/join"))[0]!.body).data).toEqual(["a", null]);
  });
});
