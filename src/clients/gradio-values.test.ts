import { describe, expect, it } from "vitest";
import { RemoteFile, ShapeError } from "./gradio-codec.ts";
import { componentName, type Declared, decode, encode } from "./gradio-values.ts";

const declared = (
  component: string,
  file: Declared["file"] = false,
  schema: Declared["schema"] = {},
): Declared => ({ component, file, schema });
const data = (path: string) => ({ path, url: null, orig_name: path, meta: { _type: "gradio.FileData" } });
const ref = (name: string, mime = "image/png") => ({
  $daggr: "file" as const,
  id: name.padEnd(64, "0").replace(/[^0-9a-f]/g, "0"),
  name,
  mime,
  size: 1,
});
const isRef = (value: unknown) => typeof value === "object" && value !== null && "$daggr" in value;
const upload = Object.assign(
  async (value: unknown) => {
    if (!isRef(value)) throw new ShapeError("a file");
    return data((value as unknown as { name: string }).name);
  },
  { isFile: isRef },
);
const image = declared("Image", "one");
const inParts = { $defs: { Message: { properties: { content: { type: "array" } } } } };

/** Remote files as `<path>`, to be compared. */
const shown = (value: unknown): unknown => {
  if (value instanceof RemoteFile) {
    const { background, layers } = value.drawing ?? { background: null, layers: [] };
    const parts = [background, ...layers].filter((part) => part !== null).map(shown);
    return `<${value.data.path}>${parts.length > 0 ? ` of ${parts.join(", ")}` : ""}`;
  }
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
};

describe("what comes back", () => {
  it.each([
    ["an image", image, data("a.png"), "<a.png>"],
    [
      "an image as an address alone",
      image,
      { path: null, url: "data:,x", meta: { _type: "gradio.FileData" } },
      "<null>",
    ],
    ["a file of an older Gradio", declared("File", "one"), { path: "a", orig_name: "a" }, "<a>"],
    ["a list of files", declared("File", "many"), [data("a"), data("b")], ["<a>", "<b>"]],
    ["one file for a list", declared("File", "many"), data("a"), ["<a>"]],
    [
      "a gallery",
      declared("Gallery", "inside"),
      [
        { image: data("a"), caption: "A" },
        { video: data("b"), caption: null },
      ],
      [{ image: "<a>", caption: "A" }, { image: "<b>" }],
    ],
    [
      "an edited image",
      declared("ImageEditor", "inside"),
      { background: data("a"), layers: [], composite: data("b") },
      "<b>",
    ],
    [
      "an image nobody edited",
      declared("ImageEditor", "inside"),
      { background: data("a"), layers: [], composite: null },
      "<a>",
    ],
    [
      "an image with what was drawn on it",
      declared("ImageEditor", "inside"),
      { background: data("a"), layers: [data("b"), data("c")], composite: data("d") },
      "<d> of <a>, <b>, <c>",
    ],
    ["two images", declared("ImageSlider", "inside"), [data("a"), null], ["<a>", null]],
    [
      "annotations",
      declared("AnnotatedImage", "inside"),
      { image: data("a"), annotations: [{ image: data("b"), label: "x" }] },
      { image: "<a>", annotations: [{ image: "<b>", label: "x" }] },
    ],
    [
      "tokens",
      declared("HighlightedText"),
      [
        { token: "a", class_or_confidence: "x" },
        { token: "b", class_or_confidence: null },
      ],
      [
        ["a", "x"],
        ["b", null],
      ],
    ],
    [
      "a table",
      declared("Dataframe"),
      { headers: ["a", 1], data: [[1, 2]], metadata: null },
      { headers: ["a", "1"], data: [[1, 2]] },
    ],
    [
      "messages",
      declared("Chatbot", "inside"),
      [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
            { type: "file", file: data("f") },
          ],
          metadata: null,
        },
      ],
      [{ role: "user", content: "a\nb", files: ["<f>"] }],
    ],
    [
      "messages of Gradio 5",
      declared("Chatbot", "inside"),
      [
        { role: "user", content: "a" },
        { role: "assistant", content: data("f") },
      ],
      [
        { role: "user", content: "a" },
        { role: "assistant", content: "", files: ["<f>"] },
      ],
    ],
    [
      "pairs of Gradio 4",
      declared("Chatbot", "inside"),
      [
        ["a", "b"],
        ["c", null],
      ],
      [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
        { role: "user", content: "c" },
      ],
    ],
    [
      "a message with files",
      declared("MultimodalTextbox", "inside"),
      { text: "a", files: [data("f")] },
      { text: "a", files: ["<f>"] },
    ],
    ["a date", declared("DateTime"), "2026-01-02 03:04:05", "2026-01-02T03:04:05"],
    ["a day", declared("DateTime"), "2026-01-02", "2026-01-02"],
    ["a figure", declared("Plot"), { type: "plotly", plot: '{"data":[]}' }, { data: [] }],
    [
      "a drawn plot",
      declared("Plot"),
      { type: "matplotlib", plot: "data:image/webp;base64,x" },
      { type: "matplotlib", plot: "data:image/webp;base64,x" },
    ],
    ["an update", declared("Textbox"), { __type__: "update", value: "x", label: "y" }, "x"],
    ["an update without a value", declared("Textbox"), { __type__: "update", visible: false }, "before"],
    ["an update of an image", image, { __type__: "update", value: data("a") }, "<a>"],
    ["null", image, null, null],
    ["JSON that looks like a file", declared("JSON"), data("a"), data("a")],
    ["a shape nobody knows", declared("Gallery", "inside"), { odd: data("a") }, { odd: "<a>" }],
  ])("%s", (_name, as, value, expected) => {
    expect(shown(decode(value, as, "before"))).toEqual(expected);
  });
});

describe("what goes out", () => {
  it.each([
    ["an image", image, ref("a"), data("a")],
    ["one file for a list", declared("File", "many"), ref("a"), [data("a")]],
    [
      "a gallery",
      declared("Gallery", "inside"),
      [ref("a"), { image: ref("b"), caption: "B" }, { image: ref("c", "video/mp4") }],
      [
        { image: data("a"), caption: null },
        { image: data("b"), caption: "B" },
        { video: data("c"), caption: null },
      ],
    ],
    [
      "an image to edit",
      declared("ImageEditor", "inside"),
      ref("a"),
      { background: data("a"), layers: [], composite: data("a") },
    ],
    [
      "layers to edit",
      declared("ImageEditor", "inside"),
      { background: ref("a"), layers: [ref("b")] },
      { background: data("a"), layers: [data("b")], composite: data("a") },
    ],
    [
      "a drawn image",
      declared("ImageEditor", "inside"),
      { ...ref("c"), drawing: { background: null, layers: [ref("a"), ref("b")] } },
      { background: null, layers: [data("a"), data("b")], composite: data("c") },
    ],
    ["two images", declared("ImageSlider", "inside"), [ref("a"), null], [data("a"), null]],
    [
      "tokens",
      declared("HighlightedText"),
      [["a", "x"], ["b"]],
      [
        { token: "a", class_or_confidence: "x" },
        { token: "b", class_or_confidence: null },
      ],
    ],
    [
      "confidences",
      declared("Label"),
      { cat: 0.2, dog: 0.8 },
      {
        label: "dog",
        confidences: [
          { label: "dog", confidence: 0.8 },
          { label: "cat", confidence: 0.2 },
        ],
      },
    ],
    ["a label", declared("Label"), "cat", { label: "cat", confidences: null }],
    [
      "a label as it came",
      declared("Label"),
      { label: "cat", confidences: [{ label: "cat", confidence: 1 }] },
      { label: "cat", confidences: [{ label: "cat", confidence: 1 }] },
    ],
    ["rows", declared("Dataframe"), [[1, 2]], { headers: ["1", "2"], data: [[1, 2]], metadata: null }],
    [
      "records",
      declared("Dataframe"),
      [{ a: 1 }, { b: 2 }],
      {
        headers: ["a", "b"],
        data: [
          [1, null],
          [null, 2],
        ],
        metadata: null,
      },
    ],
    [
      "messages",
      declared("Chatbot", "inside", inParts),
      [{ role: "user", content: "a", files: [ref("f")] }],
      [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "file", file: data("f"), alt_text: null },
          ],
        },
      ],
    ],
    [
      "messages of Gradio 5",
      declared("Chatbot", "inside"),
      [{ role: "user", content: "a" }],
      [{ role: "user", content: "a" }],
    ],
    ["a text with no files", declared("MultimodalTextbox", "inside"), "a", { text: "a", files: [] }],
    [
      "an ISO date",
      declared("DateTime", false, { description: "Formatted as YYYY-MM-DD HH:MM:SS" }),
      "2026-01-02T03:04:05.678Z",
      "2026-01-02 03:04:05",
    ],
    [
      "a day where a time is wanted",
      declared("DateTime", false, { description: "Formatted as YYYY-MM-DD HH:MM:SS" }),
      "2026-01-02",
      "2026-01-02 00:00:00",
    ],
    [
      "a time where a day is wanted",
      declared("DateTime", false, { description: "Formatted as YYYY-MM-DD" }),
      "2026-01-02T03:04",
      "2026-01-02",
    ],
    ["what Gradio's date understands itself", declared("DateTime"), "now - 5d", "now - 5d"],
    [
      "files of a component nobody knows",
      declared("Mine", "inside"),
      { a: [ref("a")], b: "/etc/passwd" },
      { a: [data("a")], b: "/etc/passwd" },
    ],
    ["null", image, null, null],
  ])("%s", async (_name, as, value, expected) => {
    expect(await encode(value, as, upload)).toEqual(expected);
  });

  it.each([
    ["a text for an image", image, "/etc/passwd", "a file"],
    ["two files for one", image, [ref("a"), ref("b")], "one file"],
    ["a file for a text", declared("Textbox"), ref("a"), "a value without files"],
    ["a file inside JSON", declared("JSON"), { a: [ref("a")] }, "a value without files"],
    ["a text for a gallery", declared("Gallery", "inside"), "x", "a list of { image, caption? }"],
    ["three images for two", declared("ImageSlider", "inside"), [null, null, null], "two pictures"],
    ["a text for messages", declared("Chatbot", "inside"), "x", "a list of { role, content }"],
    ["numbers for tokens", declared("HighlightedText"), [1], "a list of [text, label]"],
    ["texts for confidences", declared("Label"), { cat: "much" }, "a confidence from 0 to 1 for each label"],
  ])("%s is refused", async (_name, as, value, expected) => {
    const error = await (async () => encode(value, as, upload))().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as ShapeError).expected).toBe(expected);
  });
});

describe("names of components", () => {
  it.each([
    ["Imageeditor", "ImageEditor"],
    ["Textbox", "Textbox"],
    ["Json", "JSON"],
    ["Mycomponent", "Mycomponent"],
  ])("%s is %s", (given, expected) => {
    expect(componentName(given)).toBe(expected);
  });
});
