/** Every kind of field once, editable and shown, and values that do not fit. */

import type { FileRef } from "../../src/protocol/values.ts";
import type { CardView, GraphView, PortView } from "../../src/protocol/view.ts";

const text =
  "A longer text that has to be wrapped over several lines, and then some more of it, to see what happens.";

export function gallery(
  image: FileRef,
  other: FileRef,
  sound: FileRef,
): { graph: GraphView; values: Record<string, unknown> } {
  const samples: [kind: string, value: unknown, props?: Record<string, unknown>][] = [
    ["textbox", "One line"],
    ["textbox", text, { lines: 4 }],
    ["number", 42],
    ["slider", 7, { maximum: 12 }],
    ["checkbox", true],
    ["dropdown", "b", { choices: ["a", "b", "c"] }],
    [
      "dropdown",
      ["Blue", "Teal"],
      { multiselect: true, choices: ["Red", "Green", "Blue", "Teal", "Orange"] },
    ],
    ["dropdown", 12, { choices: Array.from({ length: 40 }, (_, n) => [`Option ${n}`, n]) }],
    ["radio", "y", { choices: ["x", "y", "z"] }],
    ["checkboxgroup", ["x"], { choices: ["x", "y", "z"] }],
    ["colorpicker", "#e8590c"],
    ["datetime", "2026-11-23T09:30:00"],
    ["code", "const a = 1;\nfunction b() {\n  return a;\n}", { language: "typescript" }],
    ["image", image],
    ["image", null],
    ["audio", sound],
    ["audio", null],
    ["video", null],
    ["file", [image, sound], { fileCount: "multiple" }],
    ["json", { a: [1, 2, { b: null }], title: "x", ok: true }],
    [
      "markdown",
      "# Title\n\nSome **bold** text, a [link](https://example.com) and\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<img src=x onerror=alert(1)>",
    ],
    ["html", "<h3>Framed</h3><p>Some <b>markup</b>.</p><script>parent.document.title='owned'</script>"],
    ["gallery", [{ image, caption: "One" }, { image, caption: "Two" }, { image }, { image }]],
    ["label", { cat: 0.82, dog: 0.13, fox: 0.05 }],
    [
      "dataframe",
      {
        headers: ["Name", "Count"],
        data: [
          ["Octopus", 3],
          ["Human", 1],
          ["Worm", 5],
        ],
      },
    ],
    [
      "highlightedtext",
      [
        ["Octopus", "ANIMAL"],
        [" has ", null],
        ["three", "NUMBER"],
        [" hearts", null],
      ],
    ],
    [
      "chatbot",
      [
        { role: "user", content: "Why three?" },
        { role: "assistant", content: "Two serve the **gills**." },
      ],
    ],
    [
      "itemlist",
      [
        { who: "Host", says: "Hello" },
        { who: "Guest", says: "Hi" },
      ],
      {
        fields: {
          who: { kind: "dropdown", props: { choices: ["Host", "Guest"] } },
          says: { kind: "textbox", props: {} },
        },
      },
    ],
    ["image", { url: "not a file" }],
    ["model3d", image],
    ["model3d", null],
    ["imageeditor", image],
    ["imageslider", [other, image]],
    ["imageslider", null],
    ["plot", { mark: "bar", data: { values: [1, 2] } }],
    ["chatbot", "not a chat"],
  ];
  const cards: CardView[] = [];
  const values: Record<string, unknown> = {};
  const perCard = 4;
  for (let at = 0; at < samples.length; at += perCard) {
    const part = samples.slice(at, at + perCard);
    const ports = part.map(([kind, value, props = {}], index): PortView => {
      const name = `p${at + index}`;
      values[`in${at}__${name}`] = value;
      return {
        name,
        label: kind,
        type: "any",
        list: false,
        component: { kind, props: { label: kind, ...props } },
      };
    });
    cards.push({
      id: `in${at}`,
      type: "input",
      name: `Fields ${at / perCard + 1}`,
      kind: "input",
      scattered: false,
      inputs: [],
      outputs: ports.map((port) => ({ ...port, address: `in${at}__${port.name}` })),
    });
    cards.push({
      id: `out${at}`,
      type: "step",
      name: `Shown ${at / perCard + 1}`,
      kind: "fn",
      scattered: false,
      inputs: [],
      outputs: ports,
    });
  }
  return { graph: { name: "All fields", persisted: true, hash: "gallery-1", cards, edges: [] }, values };
}
