import { mkdtempSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { tellUpstream } from "../../src/app/tell-upstream.ts";
import { UpstreamDesk } from "../../src/app/upstream.ts";
import { FnNode, GradioNode, Graph, gr, InferenceNode, oneOf } from "../../src/index.ts";
import { HubStub } from "../hub/hub-stub.ts";
import type { Repository } from "../hub/repository.ts";
import { type PythonServer, startPython } from "../support/python.ts";

let before: PythonServer;
let after: PythonServer;
let hub: HubStub;
let space: Repository;
let token: string;
let folder: string;

beforeAll(async () => {
  const app = join(import.meta.dirname, "app.py");
  [before, after] = await Promise.all([startPython(app, ["old"]), startPython(app, ["new"])]);
});
afterAll(() => Promise.all([before?.close(), after?.close()]));

beforeEach(async () => {
  hub = await HubStub.start();
  token = hub.accounts.add("lin").token("read");
  space = hub.repositories.add("space", "ada/draw", { sdk: "gradio", host: before.url });
  folder = mkdtempSync(join(tmpdir(), "daggr-upstream-"));
  vi.stubEnv("HF_ENDPOINT", hub.url);
  vi.stubEnv("HF_HOME", join(folder, "home"));
  vi.stubEnv("HF_TOKEN", token);
  vi.stubEnv("DAGGR_DB_PATH", join(folder, "sessions.db"));
  vi.stubEnv("DAGGR_DEPENDENCY_CHECK", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub[Symbol.asyncDispose]();
});

const draw = (options: object = {}, source = "ada/draw") =>
  new GradioNode(source, {
    name: "draw",
    apiName: "/generate",
    inputs: { prompt: gr.Textbox({ value: "a cat" }) },
    outputs: { image: gr.Textbox() },
    validate: false,
    ...options,
  });
const graphOf = (...nodes: object[]) => new Graph({ name: "Upstream", nodes: nodes as never });
const deskOf = (...nodes: object[]) => new UpstreamDesk(graphOf(...nodes).definition);
const recordFile = () => join(folder, ".daggr_upstream.json");
const record = async () => JSON.parse(await readFile(recordFile(), "utf8")).upstream;

/** The Space gets a new commit, and what it offers is another. */
function change(): string {
  const commit = space.commit({ "app.py": "new" });
  space.space!.host = after.url;
  return commit;
}

describe("the upstream of a graph", () => {
  it("is recorded when it is seen first, with what it offers and without a token", async () => {
    expect(await deskOf(draw()).check()).toEqual([]);
    const { "space ada/draw": known } = await record();
    expect(known).toMatchObject({ commit: space.head.oid });
    expect(known.endpoints.map(({ apiName }: { apiName: string }) => apiName)).toEqual([
      "/generate",
      "/upscale",
    ]);
    expect(await readFile(recordFile(), "utf8")).not.toContain("hf_");
    expect(await deskOf(draw()).check(), "the same again").toEqual([]);
  });

  it("is said with the difference of the signatures when it changed, once for all nodes that use it", async () => {
    const first = space.head.oid;
    await deskOf(draw()).check();
    const now = change();
    const also = draw({ name: "also", apiName: "/upscale" }, "https://huggingface.co/spaces/ada/draw");
    const desk = deskOf(draw(), oneOf(also, draw({ name: "third" }), { name: "pick" } as never));
    const [told, ...more] = await desk.check();
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      kind: "space",
      id: "ada/draw",
      url: `${hub.url}/spaces/ada/draw/commits/main`,
      nodes: ["draw", "pick"],
      from: first,
      to: now,
      isCompared: true,
      pin: `revision: "${first}", runLocally: true`,
    });
    expect(told!.differences).toEqual([
      { breaking: true, text: "/generate: parameter 'steps' is gone" },
      { breaking: true, text: "/generate: parameter 'style' has lost the choice \"photo\"" },
      { breaking: true, text: "/upscale is gone; '/describe', which is new, looks the same" },
      { breaking: false, text: "/generate: parameter 'style' has gained the choice \"painting\"" },
      { breaking: false, text: '/generate: parameter \'style\' has another default: "drawing", was "photo"' },
      {
        breaking: false,
        text: "/generate: parameter 'seed' is new (number | null), with the default 0",
      },
      { breaking: false, text: "/generate: return value 2, 'Note' (Textbox), is new" },
      { breaking: false, text: "/describe is new" },
    ]);
    expect(tellUpstream(desk, "app.ts")).toContain(
      `Space 'ada/draw' has changed, used by draw, pick
  ${first.slice(0, 7)} (accepted ${new Date().toISOString().slice(0, 10)}) is ${now.slice(0, 7)} now: 8 differences, 3 may break
    - /generate: parameter 'steps' is gone`,
    );
    expect(hub.seen.every(({ authorization }) => authorization === `Bearer ${token}`)).toBe(true);
  });

  it("is accepted for good, ignored until the next start, and not touched by another project", async () => {
    await deskOf(draw()).check();
    const now = change();
    const desk = deskOf(draw());
    await desk.check();
    await desk.choose("space", "ada/draw", "ignore");
    expect(desk.changes).toEqual([]);
    expect(await deskOf(draw()).check(), "asked anew").toHaveLength(1);

    vi.stubEnv("DAGGR_DB_PATH", join(mkdtempSync(join(tmpdir(), "daggr-other-")), "sessions.db"));
    expect(await deskOf(draw()).check("update"), "another project knows nothing of it").toEqual([]);
    vi.stubEnv("DAGGR_DB_PATH", join(folder, "sessions.db"));

    const accepting = deskOf(draw());
    await accepting.check();
    await accepting.choose("space", "ada/draw", "accept");
    expect(accepting.changes).toEqual([]);
    expect(await deskOf(draw()).check()).toEqual([]);
    expect((await record())["space ada/draw"].commit).toBe(now);
  });

  it("is refused with `error`, accepted with `update`, not looked at with `skip`", async () => {
    const graph = () => graphOf(draw());
    await deskOf(draw()).check();
    change();
    vi.stubEnv("DAGGR_DEPENDENCY_CHECK", "error");
    const refusal = /Space 'ada\/draw' \(\w{7} → \w{7}, 8 differences, 2 may break\): not what was accepted/;
    await expect(graph().run()).rejects.toThrow(refusal);
    await expect(graph().launch({ port: 0, open: false })).rejects.toMatchObject({
      code: "UPSTREAM_CHANGED",
    });
    hub.seen.length = 0;
    expect(await deskOf(draw()).check("skip")).toEqual([]);
    expect(hub.seen).toEqual([]);
    expect(await deskOf(draw()).check("update")).toHaveLength(1);
    await expect(deskOf(draw()).check("error")).resolves.toEqual([]);
    vi.stubEnv("DAGGR_DEPENDENCY_CHECK", "eror");
    await expect(graph().run()).rejects.toThrow(
      "DAGGR_DEPENDENCY_CHECK is skip, error or update, got 'eror'",
    );
  });

  it("is what was last known while the Hub is away, and that is said", async () => {
    await deskOf(draw()).check();
    change();
    const offline = deskOf(draw());
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    expect(await offline.check("error")).toEqual([]);
    expect(tellUpstream(offline, "app.ts")).toMatch(
      /^Taken as last known: ada\/draw \(\w{7}\)\. HF_HUB_OFFLINE is set/,
    );
    vi.stubEnv("HF_HUB_OFFLINE", "");
    hub.faults.rateLimit();
    const limited = deskOf(draw());
    await limited.check();
    expect(tellUpstream(limited, "app.ts")).toContain("takes no more requests from you just now (HTTP 429)");
    const strangers = deskOf(draw({}, "ada/never-seen"));
    await strangers.check();
    expect(tellUpstream(strangers, "app.ts"), "nothing is known of it").toBe("");
  });

  it("of a Space that sleeps is compared once it runs, and nobody is woken for it", async () => {
    space.space!.stage = "SLEEPING";
    await deskOf(draw()).check();
    expect((await record())["space ada/draw"].endpoints).toBeUndefined();
    space.space!.stage = "RUNNING";
    await deskOf(draw()).check();
    expect((await record())["space ada/draw"].endpoints).toHaveLength(2);
    space.space!.stage = "SLEEPING";
    change();
    const [told] = await deskOf(draw()).check();
    expect(told).toMatchObject({ isCompared: false, differences: [] });
  });

  it("cannot change where the script names a revision", async () => {
    const { oid } = space.head;
    await deskOf(draw({ revision: oid.slice(0, 7) })).check("error");
    await deskOf(draw({ runLocally: { revision: oid } })).check("error");
    expect(hub.seen).toEqual([]);
    const pinned = () => graphOf(draw({ revision: oid, validate: true }));
    expect(await pinned().run()).toEqual({ draw: { image: "a cat in 20 steps, photo" } });
    change();
    await expect(pinned().run()).rejects.toThrow(
      /Space 'ada\/draw' is at \w{7}, and the script asks for revision \w{7}\. .*runLocally: true.*daggr pin ada\/draw/,
    );
    expect(() => draw({ revision: "main" })).toThrow("revision must be a commit");
    expect(() => draw({ revision: oid }, "http://127.0.0.1:7860")).toThrow("revision belongs to a Space");
  });

  it("of a model tells its commit, and what changed of its card and who serves it", async () => {
    const serves = (providerId: string) => ({ status: "live", providerId, task: "conversational" }) as const;
    const model = hub.repositories.add("model", "meta/llama", {
      pipelineTag: "text-generation",
      files: { "README.md": "---\nlicense: mit\n---" },
      inferenceProviderMapping: { groq: serves("llama-3"), nebius: serves("llama") },
    });
    const write = (own: string) =>
      new InferenceNode("meta/llama:groq", {
        name: "write",
        token: own,
        inputs: { messages: gr.Textbox() },
        outputs: { text: gr.Textbox() },
      } as never);
    await deskOf(write(token)).check();
    const first = model.head.oid;
    const now = model.commit({ "README.md": "---\nlicense: llama3\n---" });
    model.gated = "manual";
    model.inferenceProviderMapping = { groq: serves("llama-4"), together: serves("l") };
    // What a process has just heard of a model counts for a minute; the next start is another process.
    const [told] = await deskOf(write(hub.accounts.get("lin")!.token("read"))).check();
    expect(told).toMatchObject({ kind: "model", id: "meta/llama", nodes: ["write"], from: first, to: now });
    expect(told!.pin, "no provider can be asked for an older one").toBeUndefined();
    expect(told!.url).toBe(`${hub.url}/meta/llama/commits/main`);
    expect(told!.differences).toEqual([
      { breaking: true, text: "it is gated now: its page asks for your agreement" },
      { breaking: true, text: "provider 'nebius' serves it no more" },
      { breaking: false, text: "provider 'groq' serves 'llama-4' now, was 'llama-3'" },
      { breaking: false, text: "provider 'together' is new" },
      { breaking: false, text: "its license is llama3 now, was mit" },
    ]);
  });

  it("is kept in a file that nobody's mistake can break", async () => {
    await deskOf(draw()).check();
    await writeFile(recordFile(), "<<<<<<< HEAD");
    await expect(deskOf(draw()).check()).rejects.toMatchObject({ code: "UPSTREAM_RECORD" });
    expect(await readFile(recordFile(), "utf8"), "left as it is").toBe("<<<<<<< HEAD");
  });

  it("leaves no file behind for a graph that saves nothing", async () => {
    const graph = new Graph({ name: "Nothing", nodes: [draw()], persistKey: false });
    await new UpstreamDesk(graph.definition).check();
    await expect(readFile(recordFile())).rejects.toThrow("ENOENT");
  });

  it("is nothing for a graph of functions", async () => {
    const plain = new FnNode(() => "x", { name: "plain", inputs: {}, outputs: { x: gr.Textbox() } });
    expect(await deskOf(plain).check("error")).toEqual([]);
    expect(hub.seen).toEqual([]);
  });
});
