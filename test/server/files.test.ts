/** Files over a real port: in by upload or data URL, out by id, and only to whom they belong. */
import { writeFile } from "node:fs/promises";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import type { FileRef } from "../../src/base/files.ts";
import * as gr from "../../src/components/gr.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import { fileUrl } from "../../src/protocol/values.ts";
import { type OpenGraph, openGraph } from "./open-graph.ts";
import { connectSocket } from "./socket-client.ts";

let opened: OpenGraph | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function post(url: string, body: unknown): Promise<{ status: number; json: any }> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, json: await response.json() };
}

const sameImage = () => {
  const same = new FnNode(({ image }: { image: string }) => image, {
    name: "same",
    inputs: { image: gr.Image() },
    outputs: { image: gr.Image() },
  });
  return buildDefinition({ name: "Files", persistKey: false, nodes: [same as never], edges: [] });
};
const upload = async (url: string, content: string, name: string) => {
  const form = new FormData();
  form.append("file", new Blob([content]), name);
  const response = await fetch(`${url}api/files`, { method: "POST", body: form });
  return { status: response.status, json: (await response.json()) as any };
};

test("files are uploaded, used by id and come out as a URL", async () => {
  opened = await openGraph(sameImage());
  const { url } = opened;
  const { status, json } = await upload(url, "not really a picture", "cat one.png");
  expect(status).toBe(201);
  expect(json).toMatchObject({ name: "cat one.png", mime: "image/png", size: 20 });
  const { json: called } = await post(`${url}api/call`, { inputs: { same__image: { file: json.id } } });
  const out = called.outputs.same.image as string;
  expect(out).toBe(`/files/${json.id}/cat%20one.png`);
  const file = await fetch(new URL(out, url));
  expect(await file.text()).toBe("not really a picture");
  expect(file.headers.get("content-type")).toBe("image/png");
  expect(file.headers.get("cache-control")).toContain("immutable");
  expect(file.headers.get("x-content-type-options")).toBe("nosniff");
});

test("files made by a call can be fetched, and given to the next call", async () => {
  const draw = new FnNode(
    async (_given: object, { file }) => {
      await writeFile(file("drawn.png"), "drawn");
      return file("drawn.png");
    },
    { name: "draw", inputs: {}, outputs: { image: gr.Image() } },
  );
  const same = new FnNode(({ image }: { image: string }) => image, {
    name: "same",
    inputs: { image: gr.Image() },
    outputs: { image: gr.Image() },
  });
  opened = await openGraph(
    buildDefinition({ name: "Draw", persistKey: false, nodes: [draw as never, same as never], edges: [] }),
  );
  const first = await post(`${opened.url}api/call/subgraph_0`, {});
  const url = first.json.outputs.draw.image as string;
  expect(await (await fetch(new URL(url, opened.url))).text()).toBe("drawn");
  const id = url.split("/")[2];
  const second = await post(`${opened.url}api/call/subgraph_1`, { inputs: { same__image: { file: id } } });
  expect(second.json.outputs.same.image).toBe(url);
});

test("files of somebody else are as good as not there", async () => {
  opened = await openGraph(sameImage());
  const { id } = await opened.engine.store.files.put({ bytes: Buffer.from("theirs") }, "theirs.png");
  await opened.engine.store.ownFile({ user: "somebody", graph: "Files" }, id);
  expect((await fetch(`${opened.url}files/${id}/theirs.png`)).status).toBe(404);
  const { status, json } = await post(`${opened.url}api/call`, { inputs: { same__image: { file: id } } });
  expect([status, json.code]).toEqual([400, "UNKNOWN_FILE"]);
});

test("a picture's thumbnail has its own tag, and only its owner gets one", async () => {
  opened = await openGraph(sameImage());
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: "#888", noise } })
    .png()
    .toBuffer();
  const { files } = opened.engine.store;
  const theirs = await files.put({ bytes: picture }, "theirs.png");
  await opened.engine.store.ownFile({ user: "somebody", graph: "Files" }, theirs.id);
  expect((await fetch(`${opened.url}files/${theirs.id}/a.png?thumb=320`)).status).toBe(404);

  const { json } = await upload(opened.url, "unused", "a.txt");
  const text = await fetch(new URL(`${json.url}?thumb=320`, opened.url));
  expect([await text.text(), text.headers.get("etag")]).toEqual(["unused", `"${json.id}"`]);

  await opened.engine.store.ownFile({ user: "local", graph: "Files" }, theirs.id);
  const url = `${opened.url}files/${theirs.id}/a%20b.png`;
  const small = await fetch(`${url}?thumb=320`);
  const bytes = Buffer.from(await small.arrayBuffer());
  expect((await sharp(bytes).metadata()).width).toBe(320);
  expect(Object.fromEntries(small.headers)).toMatchObject({
    "content-type": "image/webp",
    "content-disposition": expect.stringMatching(/^inline; filename="a b.png.webp"/),
    "content-security-policy": expect.stringContaining("sandbox"),
    "cache-control": "private, max-age=31536000, immutable",
    etag: `"${theirs.id}-320"`,
  });
  const again = await fetch(`${url}?thumb=320`, { headers: { "if-none-match": `"${theirs.id}-320"` } });
  expect(again.status).toBe(304);
  const whole = await fetch(url, { headers: { "if-none-match": `"${theirs.id}-320"` } });
  expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, picture.byteLength]);
  const refused = await fetch(`${url}?thumb=50`);
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { error: 'A thumbnail is 96, 320 or 640 pixels wide, got the text "50".', code: "INVALID_THUMBNAIL" },
  ]);
});

test("what a picture was drawn from is kept with it, and has to be one's own", async () => {
  opened = await openGraph(sameImage());
  const { store } = opened.engine;
  const mine = await Promise.all(
    ["whole", "ground", "layer"].map(async (name) => {
      const { json } = await upload(opened!.url, name, `${name}.png`);
      return {
        $daggr: "file",
        id: json.id,
        name: `${name}.png`,
        mime: "image/png",
        size: json.size,
      } as FileRef;
    }),
  );
  const theirs = await store.files.put({ bytes: Buffer.from("theirs") }, "theirs.png");
  await store.ownFile({ user: "somebody", graph: "Files" }, theirs.id);
  const page = await connectSocket(opened.url);
  await page.hello();
  const [whole, background, layer] = mine as [FileRef, FileRef, FileRef];
  const put = (layers: FileRef[]) =>
    page.ask({
      type: "set-input",
      address: "same__image",
      value: { ...whole, drawing: { background, layers } },
    });
  expect(await put([theirs])).toMatchObject({ type: "refused", error: { code: "UNKNOWN_FILE" } });
  expect(await put([layer])).toMatchObject({ type: "reply" });
  await page.ask({ type: "run", mode: "all", nodes: [] });
  for (;;) {
    const { state } = await page.next("node");
    if (state.status !== "done") continue;
    expect(state.outputs?.image).toMatchObject({ id: whole.id });
    break;
  }
});

test("files of a partial output can be seen before they are kept", async () => {
  const { promise: shown, resolve: go } = Promise.withResolvers<void>();
  const draw = new FnNode<any, any, any>(
    async function* (_given: object, { file }: { file(name: string): string }) {
      await writeFile(file("half.png"), "half");
      yield file("half.png");
      await shown;
      await writeFile(file("whole.png"), "whole");
      return file("whole.png");
    },
    { name: "draw", inputs: {}, outputs: { image: gr.Image() } as never },
  );
  opened = await openGraph(
    buildDefinition({ name: "Draw", persistKey: false, nodes: [draw as never], edges: [] }),
  );
  const page = await connectSocket(opened.url);
  await page.hello();
  await page.ask({ type: "run", mode: "all", nodes: [] });
  let url: string | undefined;
  while (url === undefined) {
    const { state } = await page.next("node");
    if (state.partial === true) url = fileUrl(state.outputs!.image as FileRef);
  }
  expect(await (await fetch(new URL(url, opened.url))).text()).toBe("half");
  go();
});

test("files come in as data URLs", async () => {
  opened = await openGraph(sameImage());
  const { json } = await post(`${opened.url}api/call`, {
    inputs: { same__image: `data:image/png;base64,${btoa("pixels")}` },
  });
  const file = await fetch(new URL(json.outputs.same.image, opened.url));
  expect(await file.text()).toBe("pixels");
});

test.each(["/etc/passwd", "https://example.com/cat.png", "file:///etc/passwd"])(
  "files are never read from %s",
  async (path) => {
    opened = await openGraph(sameImage());
    const { status, json } = await post(`${opened.url}api/call`, { inputs: { same__image: path } });
    expect([status, json.code, json.node, json.port]).toEqual([400, "NOT_A_FILE", "same", "image"]);
  },
);

test("files are sent in parts", async () => {
  opened = await openGraph(sameImage());
  const { json } = await upload(opened.url, "0123456789", "digits.txt");
  const part = async (range: string) => {
    const response = await fetch(new URL(json.url, opened!.url), { headers: { range } });
    return [response.status, await response.text(), response.headers.get("content-range")];
  };
  expect(await part("bytes=2-4")).toEqual([206, "234", "bytes 2-4/10"]);
  expect(await part("bytes=-3")).toEqual([206, "789", "bytes 7-9/10"]);
  expect(await part("bytes=8-")).toEqual([206, "89", "bytes 8-9/10"]);
  expect((await part("bytes=10-"))[0]).toBe(416);
  expect(await part("bytes=4-2")).toEqual([200, "0123456789", null]);
});

test("files past the limit are refused and not kept", async () => {
  opened = await openGraph(sameImage(), { limits: { uploadBytes: 1_000 } });
  const { status, json } = await upload(opened.url, "x".repeat(100_000), "big.png");
  expect([status, json.code]).toEqual([413, "TOO_LARGE"]);
});
