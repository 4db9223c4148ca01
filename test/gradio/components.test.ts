import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFileRef } from "../../src/base/files.ts";
import { connectGradio } from "../../src/clients/gradio.ts";
import type { PythonServer } from "../support/python.ts";
import { askPeer, Caller, fixture, type PeerAnswer, startApp } from "./support/app.ts";

const image = "dot.png";
const text = "notes ünï.txt";

/** Marks a fixture inside an argument, for both clients. */
class Fixture {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
const file = (name: string) => new Fixture(name);

interface Case {
  readonly apiName: string;
  /** daggr's value. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** What Python has to give for the same call, where its shape is another. */
  readonly peerArgs?: Readonly<Record<string, unknown>>;
  /** Brings Python's result into daggr's shape. */
  readonly peer?: (result: never) => unknown;
}

const echo = (
  name: string,
  value: unknown,
  peerValue: unknown = value,
  peer?: (result: never) => unknown,
): Case => ({
  apiName: `/${name}`,
  args: { value },
  peerArgs: { value: peerValue },
  ...(peer === undefined ? {} : { peer }),
});

const cases: readonly Case[] = [
  echo("text", 'hé\n"q" 🦊'),
  echo("text", ""),
  echo("number", 1.5),
  echo("slider", 4),
  echo("checkbox", false),
  echo("checkbox_group", ["a", "ü"]),
  echo("radio", "two"),
  echo("dropdown", "one"),
  echo("dropdown_many", ["one", "three"]),
  echo("date_time", "2026-01-02T03:04:05", "2026-01-02 03:04:05", (result: string) =>
    result.replace(" ", "T"),
  ),
  echo("color", "#ff0000"),
  echo("code", "x = 1"),
  echo("markdown", "# hi"),
  echo("html", "<b>x</b>"),
  echo("json", { a: [1, null, { b: "c" }] }),
  echo("image", file(image)),
  echo("audio", file("beep.wav")),
  echo("video", file("clip.mp4"), file("clip.mp4"), (result: { video?: unknown }) => result.video ?? result),
  echo("file", file(text)),
  echo("files", [file(text), file(image)]),
  echo("model3d", file("triangle.obj")),
  echo("image_slider", [file(image), file(image)]),
  echo("gallery", [{ image: file(image), caption: "c" }], [{ image: file(image), caption: "c" }]),
  echo(
    "highlighted",
    [
      ["a", "x"],
      ["b", null],
    ],
    [
      { token: "a", class_or_confidence: "x" },
      { token: "b", class_or_confidence: null },
    ],
    (tokens: object[]) => tokens.map((token) => Object.values(token)),
  ),
  echo(
    "dataframe",
    {
      headers: ["name", "n"],
      data: [
        ["a", 1],
        ["b", 2],
      ],
    },
    {
      headers: ["name", "n"],
      data: [
        ["a", 1],
        ["b", 2],
      ],
      metadata: null,
    },
    ({ headers, data }: { headers: unknown; data: unknown }) => ({ headers, data }),
  ),
  echo(
    "chatbot",
    [
      { role: "user", content: "hi" },
      { role: "assistant", content: "you" },
    ],
    [
      { role: "user", content: [{ type: "text", text: "hi" }] },
      { role: "assistant", content: [{ type: "text", text: "you" }] },
    ],
    (messages: { role: string; content: { text: string }[] }[]) =>
      messages.map(({ role, content }) => ({ role, content: content[0]?.text })),
  ),
  echo("multimodal", { text: "t", files: [file(text)] }),
  echo("dialogue", [{ speaker: "A", text: "x" }]),
  echo("explorer", [["dot.png"]]),
  echo("upload_button", file(text)),
  echo("download_button", file(text)),
  echo("timer", 3),
  echo("browser_state", { k: 1 }),
  { apiName: "/label", args: { value: "x" } },
  {
    apiName: "/label_in",
    args: { value: { cat: 0.9, dog: 0.1 } },
    peerArgs: {
      value: {
        label: "cat",
        confidences: [
          { label: "cat", confidence: 0.9 },
          { label: "dog", confidence: 0.1 },
        ],
      },
    },
  },
  {
    apiName: "/image_editor_in",
    args: { value: file(image) },
    peerArgs: { value: { background: file(image), layers: [], composite: file(image) } },
  },
  {
    apiName: "/image_editor",
    args: { value: file(image) },
    peerArgs: { value: { background: file(image), layers: [], composite: file(image) } },
    peer: ({ composite }: { composite: unknown }) => composite,
  },
  { apiName: "/annotated", args: { image: file(image) } },
  { apiName: "/line_plot" },
  { apiName: "/param_viewer" },
  {
    apiName: "/frame_out",
    peer: ({ headers, data }: { headers: unknown; data: unknown }) => ({ headers, data }),
  },
  { apiName: "/picture", args: { width: 9 } },
  { apiName: "/sound" },
  { apiName: "/describe_file", args: { file: file(text) } },
  { apiName: "/describe_files", args: { files: [file(text), file(image)] } },
  { apiName: "/describe_message", args: { message: { text: "m", files: [file(text)] } } },
  { apiName: "/count" },
  { apiName: "/batched", args: { words: "hello", lengths: 2 } },
  { apiName: "/unqueued", args: { value: "q" } },
  { apiName: "/many", args: { a: 2, b: 3 } },
  { apiName: "/nothing", args: { text: "x" } },
  { apiName: "/no_inputs" },
  { apiName: "/grüße_世界", args: { wert: "x" } },
  { apiName: "/checked", args: { value: "ok" } },
  { apiName: "/numbers" },
  { apiName: "/defaults", args: { choice: "x", n: 3 } },
  { apiName: "/file_default" },
  { apiName: "/python_default", args: { a: "1" } },
  { apiName: "/reserved_names", args: { param_0: "a", param_1: "b" } },
  { apiName: "/invisible", args: { text: "x" } },
  { apiName: "/with_progress", args: { steps: 1 } },
  { apiName: "/logs", args: { text: "x" } },
];

/** Every fixture replaced by what one of the clients takes. */
async function place(value: unknown, make: (name: string) => unknown): Promise<unknown> {
  if (value instanceof Fixture) return make(value.name);
  if (Array.isArray(value)) return Promise.all(value.map((item) => place(item, make)));
  if (typeof value !== "object" || value === null) return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await place(item, make)] as const),
  );
  return Object.fromEntries(entries);
}

/** Files by their content, as the peer prints them. */
function byContent(value: unknown): unknown {
  if (isFileRef(value)) return { $file: value.id };
  if (Array.isArray(value)) return value.map(byContent);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, byContent(item)]));
}

describe("every component, compared with the Python client", () => {
  let server: PythonServer;
  let caller: Caller;
  let answers: PeerAnswer[];

  beforeAll(async () => {
    server = await startApp();
    const calls = await Promise.all(
      cases.map(async ({ apiName, args = {}, peerArgs = args }) => ({
        apiName,
        args: (await place(peerArgs, (name) => ({ $path: fixture(name) }))) as Record<string, unknown>,
      })),
    );
    caller = new Caller(await connectGradio(server.url, { cacheFolder: false }));
    answers = await askPeer(server.url, calls);
  });
  afterAll(() => server?.close());

  it.each(cases.map((one, index) => ({ ...one, index })))(
    "$apiName $args",
    async ({ apiName, args = {}, peer, index }) => {
      const placed = (await place(args, (name) => caller.file(name))) as Record<string, unknown>;
      const returned = byContent(await caller.call(apiName, placed)) as unknown[];
      const answer = answers[index]!;
      expect(answer.error).toBeUndefined();
      // Python returns one value bare and none as an empty list.
      const theirs = returned.length === 1 ? [answer.result] : (answer.result as unknown[]);
      expect(returned).toEqual(theirs.map((value) => (peer === undefined ? value : peer(value as never))));
    },
  );
});
