/** Drawn pictures to a real Gradio's ImageEditor and back: background, layers and composite, whichever the script asks for. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FnNode, GradioNode, Graph, gr } from "../../src/index.ts";
import type { PythonServer } from "../support/python.ts";
import { startApp } from "./support/app.ts";

let server: PythonServer;
beforeAll(async () => {
  server = await startApp();
});
afterAll(() => server?.close());

const folder = mkdtempSync(join(tmpdir(), "daggr-editor-"));
async function file(name: string, width: number): Promise<string> {
  const path = join(folder, `${name}.png`);
  await sharp({ create: { width, height: 8, channels: 4, background: "#e8590c80" } })
    .png()
    .toFile(path);
  return path;
}
const widthOf = async (path: unknown) => (await sharp(path as string).metadata()).width;

it("the parts go there and come back, also where a script asks for the composite only", async () => {
  const drawn = new FnNode(
    async () => ({
      background: await file("background", 11),
      layers: [await file("lower", 12), await file("upper", 13)],
      composite: await file("composite", 14),
    }),
    { name: "drawn", inputs: {}, outputs: { parts: gr.ImageEditor({ withLayers: true }) } },
  );
  const called = (name: string, outputs: object, value: unknown) =>
    new GradioNode(server.url, {
      name,
      apiName: "/image_layers",
      inputs: { value },
      outputs,
    } as never) as any;
  const whole = called("whole", { image: gr.ImageEditor() }, drawn.parts);
  const again = called("again", { parts: gr.ImageEditor({ withLayers: true }) }, whole.image);
  const counted = new GradioNode(server.url, {
    name: "counted",
    apiName: "/image_editor_in",
    inputs: { value: whole.image },
    outputs: { text: gr.Textbox() },
  });
  const seen = new FnNode(
    ({ image, parts }: { image: string; parts: { layers: string[] } }) =>
      `${typeof image} ${parts.layers.length}`,
    { name: "seen", inputs: { image: whole.image, parts: again.parts }, outputs: { text: gr.Textbox() } },
  );
  const graph = new Graph({ name: "drawn", nodes: [seen, counted] as never, persistKey: false });
  const outputs = (await graph.run()) as Record<string, Record<string, any>>;
  expect(await widthOf(outputs.whole!.image)).toBe(14);
  const parts = outputs.again!.parts;
  expect(await Promise.all([parts.background, ...parts.layers, parts.composite].map(widthOf))).toEqual([
    11, 12, 13, 14,
  ]);
  expect(outputs.seen!.text).toBe("string 2");
  expect(outputs.counted!.text).toBe("['background', 'composite', 'layers']True2");
});
