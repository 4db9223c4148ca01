/**
 * One table of samples for every kind of field: the page `/dev/fields` shows them in every state, the mock server's
 * graph `fields` puts them on cards, and `test/browser/gallery.test.ts` takes their pictures.
 *
 * A new kind needs one entry: `value` that fits, `wrong` that does not, `refused` as the server would say it. A state
 * that only this kind has (a property, a size, an awkward value) is one line in `more`.
 */
import type { FileRef } from "../../src/protocol/values.ts";

/** The files that samples are made of, one of each sort; `sampleFiles` of `mock-files.ts` makes them. */
export interface SampleFiles {
  readonly image: FileRef;
  readonly other: FileRef;
  readonly sound: FileRef;
  readonly video: FileRef;
  readonly model: FileRef;
  readonly text: FileRef;
}

type Props = Readonly<Record<string, unknown>>;

/** A state of its own. It stands beside those that every kind is shown in. */
export interface Extra {
  readonly name: string;
  readonly value?: unknown;
  readonly props?: Props;
  /** Default: an input. */
  readonly output?: boolean;
  readonly large?: boolean;
}

export interface Samples {
  /** A value that fits. */
  readonly value: unknown;
  /** What the field holds before anybody touched it, where that is not `null`. */
  readonly empty?: unknown;
  readonly props?: Props;
  /** A value of another type. */
  readonly wrong: unknown;
  /** What the server says about a value that it refuses. */
  readonly refused: string;
  readonly more?: readonly Extra[];
}

const longText =
  "A longer text that has to be wrapped over several lines, and then some more of it, to see what happens. ".repeat(
    8,
  );
const manyChoices = Array.from({ length: 240 }, (_, n) => [`Option ${n}`, n]);
const colours = ["Red", "Green", "Blue", "Teal", "Orange"];
const markdown = [
  "# Three hearts",
  "Two **serve the gills**, a [link](https://example.com), and `inline code`.",
  "- [x] written\n- [ ] read",
  "| creature | hearts |\n|---|--:|\n| Octopus | 3 |\n| Worm | 5 |",
  "> Calm is a feature.",
  "```python\ndef beat(n: int) -> str:\n    return 'thump ' * n  # three times\n```",
  "Inline $E = mc^2$ and\n\n$$\\int_0^1 x^2\\,dx = \\tfrac{1}{3}$$",
].join("\n\n");
const typescript = `/** Waits, then shouts. */
export async function shout(text: string, times = 3): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return Array.from({ length: times }, () => text.toUpperCase()).join(" ");
}
`;
const bigJson = Object.fromEntries(
  Array.from({ length: 3000 }, (_, n) => [`key ${n}`, { id: n, tags: ["a", "b"], nested: { ok: true } }]),
);
const bigTable = {
  headers: Array.from({ length: 20 }, (_, n) => `Column ${n + 1}`),
  data: Array.from({ length: 10_000 }, (_, row) =>
    Array.from({ length: 20 }, (_, column) => (column === 0 ? `Row ${row + 1}` : row * 20 + column)),
  ),
};
const table = {
  headers: ["Creature", "Hearts", "Wild", "Seen", "Note"],
  data: [
    ["Octopus", 3, true, "2026-01-31", "**three**"],
    ["Human", 1, false, "2026-02-01", "one, *mostly*"],
    ["Worm", 5, true, "2026-03-09", ""],
  ],
};

export function samples(files: SampleFiles): Readonly<Record<string, Samples>> {
  const { image, other, sound, video, model, text } = files;
  const textbox: Samples = {
    value: "Why octopuses have three hearts",
    empty: "",
    props: { placeholder: "A topic", maxLength: 80 },
    wrong: { text: "in an object" },
    refused: "Topic must be a text of at most 80 characters, got a text of 96.",
    more: [
      { name: "four lines", value: longText, props: { lines: 4 } },
      { name: "password", value: "s3cret", props: { type: "password" } },
      { name: "long output", value: longText.repeat(3), output: true },
      { name: "right to left", value: "שלום עולם", props: { rtl: true } },
    ],
  };
  const aFile = { path: "/somewhere/else.bin" };
  return {
    textbox,
    textarea: { ...textbox, value: longText, props: { lines: 5, placeholder: "Notes" }, more: [] },
    text: { ...textbox, more: [] },
    code: {
      value: typescript,
      empty: "",
      props: { language: "typescript", placeholder: "Some code" },
      wrong: 12,
      refused: "Code must be a text, got a number.",
      more: [
        ...["python", "json", "html", "css", "markdown", "yaml", "shell", "sql-pgSQL"].map((language) => ({
          name: language,
          value: languages[language],
          props: { language, lines: 3 },
        })),
        { name: "no language", value: "plain text\n  as it is", props: { lines: 3 } },
        {
          name: "no line numbers",
          value: typescript,
          props: { language: "typescript", showLineNumbers: false },
        },
        { name: "wrapped", value: longText, props: { wrapLines: true } },
      ],
    },
    number: {
      value: 42,
      props: { minimum: 0, maximum: 100, step: 0.5, placeholder: "How many" },
      wrong: "forty-two",
      refused: "Count must be a number from 0 to 100, got 420.",
      more: [
        { name: "whole numbers", value: 7, props: { precision: 0 } },
        { name: "out of range", value: 420, props: { maximum: 100 } },
        { name: "two digits", value: 1234.5, props: { precision: 2 }, output: true },
      ],
    },
    slider: {
      value: 7,
      empty: 0,
      props: { minimum: 0, maximum: 12 },
      wrong: [7],
      refused: "Size must be a number from 0 to 12, got 70.",
      more: [
        { name: "fractions", value: 0.25, props: { minimum: 0, maximum: 1, step: 0.05 } },
        { name: "out of range", value: 70, props: { minimum: 0, maximum: 12 } },
      ],
    },
    checkbox: {
      value: true,
      empty: false,
      wrong: "yes",
      refused: "Fine must be true or false, got a text.",
    },
    radio: {
      value: "water",
      props: { choices: ["ink", ["Water colour", "water"], "oil"] },
      wrong: { style: "water" },
      refused: "Style must be one of 'ink', 'water', 'oil', got 'pen'.",
    },
    checkboxgroup: {
      value: ["ink", "oil"],
      empty: [],
      props: { choices: ["ink", ["Water colour", "water"], "oil"] },
      wrong: "ink",
      refused: "Styles must be a list of some of 'ink', 'water', 'oil', got ['pen'].",
      more: [
        { name: "select all", value: ["Red"], props: { choices: colours, showSelectAll: true } },
        { name: "many", value: [3, 5], props: { choices: manyChoices.slice(0, 40) } },
      ],
    },
    dropdown: {
      value: "b",
      props: { choices: [["The first", "a"], ["The second", "b"], "c"] },
      wrong: { choice: "b" },
      refused: "Style must be one of 'a', 'b', 'c', got 'd'.",
      more: [
        { name: "several", value: ["Blue", "Teal"], props: { multiselect: true, choices: colours } },
        {
          name: "at most two",
          value: ["Blue", "Teal"],
          props: { multiselect: true, maxChoices: 2, choices: colours },
        },
        { name: "custom value", value: "Violet", props: { allowCustomValue: true, choices: colours } },
        { name: "many", value: 12, props: { choices: manyChoices } },
        {
          name: "several, output",
          value: ["Blue", "Teal"],
          props: { multiselect: true, choices: colours },
          output: true,
        },
      ],
    },
    colorpicker: {
      value: "#e8590c",
      wrong: 16_733_525,
      refused: "Paint must be a colour such as #e8590c, got 'orangeish'.",
      more: [{ name: "rgba", value: "rgba(24, 100, 171, 0.5)" }],
    },
    datetime: {
      value: "2026-11-23T09:30:00",
      wrong: { year: 2026 },
      refused: "When must be a date and time in ISO form, such as 2026-01-31T12:00:00, got 'soon'.",
      more: [
        { name: "without time", value: "2026-11-23", props: { includeTime: false } },
        { name: "time zone", value: "2026-11-23T09:30:00", props: { timezone: "Europe/Paris" } },
      ],
    },
    markdown: {
      value: markdown,
      empty: "",
      wrong: 3,
      refused: "Text must be a text, got a number.",
    },
    html: {
      value:
        "<h3>Framed</h3><p>Some <b>markup</b>, <em>styled</em>.</p><style>em{color:teal}</style><script>parent.document.title='owned'</script>",
      empty: "",
      wrong: ["<b>"],
      refused: "Page must be a text, got a list.",
    },
    json: {
      value: {
        title: "Three hearts",
        ok: true,
        parts: [1, 2.5, { note: null }],
        link: "https://example.com",
      },
      wrong: undefined,
      refused: "Settings must be a JSON value.",
      more: [
        { name: "3,000 keys", value: bigJson, output: true },
        { name: "a text", value: "only a text", output: true },
        { name: "3,000 keys as input", value: bigJson },
      ],
    },
    label: {
      value: { cat: 0.82, dog: 0.13, "a fox with a very long name that does not fit": 0.05 },
      wrong: [0.8, 0.2],
      refused: "Class must be numbers by label, or { label, confidences }.",
      more: [
        {
          name: "label and confidences",
          value: {
            label: "cat",
            confidences: [
              { label: "cat", confidence: 0.9 },
              { label: "dog", confidence: 0.1 },
            ],
          },
          output: true,
        },
        { name: "only a label", value: { label: "cat" }, output: true },
      ],
    },
    highlightedtext: {
      value: [
        ["Octopus", "ANIMAL"],
        [" has ", null],
        ["three", "NUMBER"],
        [" hearts", null],
      ],
      props: { showLegend: true },
      wrong: "Octopus",
      refused: "Marked must be a list of [text, label] pairs.",
      more: [
        {
          name: "scores",
          value: [
            ["great", 0.9],
            [" and ", null],
            ["awful", -0.8],
            [" and ", 0],
          ],
          output: true,
        },
        {
          name: "own colours",
          value: [
            ["Octopus", "ANIMAL"],
            [" has ", null],
            ["three", "NUMBER"],
          ],
          props: { colorMap: { ANIMAL: "purple", NUMBER: "#ffee22" } },
          output: true,
        },
      ],
    },
    dataframe: {
      value: table,
      props: { datatype: ["str", "number", "bool", "date", "markdown"] },
      wrong: { headers: "none" },
      refused: "Table must be { headers, data } with a list of rows.",
      more: [
        { name: "10,000 rows", value: bigTable, output: true },
        { name: "10,000 rows as input", value: bigTable },
        {
          name: "two rows at most",
          value: { ...table, data: table.data.slice(0, 2) },
          props: { rowLimits: [1, 2], columnLimits: [5, 5] },
        },
        { name: "headers only", value: null, props: { headers: ["Name", "Age"] } },
      ],
    },
    itemlist: {
      value: [
        { who: "Host", says: "Hello", loud: true },
        { who: "Guest", says: "Hi", loud: false },
      ],
      empty: [],
      props: {
        fields: {
          who: { kind: "dropdown", props: { choices: ["Host", "Guest"] } },
          says: { kind: "textbox", props: { label: "Line" } },
          loud: { kind: "checkbox", props: {} },
        },
      },
      wrong: "Hello",
      refused: "Lines must be a list whose item 2 has one of 'Host', 'Guest' as who.",
      more: [
        {
          name: "all sorts of fields",
          value: [{ name: "One", size: 3, picture: image, when: "2026-11-23" }],
          props: {
            fields: {
              name: { kind: "textbox", props: {} },
              size: { kind: "slider", props: { maximum: 10 } },
              picture: { kind: "image", props: {} },
              when: { kind: "datetime", props: { includeTime: false } },
            },
          },
        },
      ],
    },
    image: {
      value: image,
      wrong: { url: "not a file" },
      refused: "Photo must be an image, got a text file.",
      more: [
        { name: "camera only", value: null, props: { sources: ["webcam"] } },
        { name: "clipboard only", value: null, props: { sources: ["clipboard"] } },
        { name: "broken picture", value: { ...text, name: "broken.png", mime: "image/png" }, output: true },
      ],
    },
    imageeditor: {
      value: image,
      wrong: 5,
      refused: "Sketch must be an image, got a text file.",
      more: [
        {
          name: "in its parts",
          value: { background: image, layers: [], composite: image },
          props: { withLayers: true },
        },
        { name: "on a blank canvas", value: { ...image, drawing: { background: null, layers: [image] } } },
      ],
    },
    imageslider: {
      value: [other, image],
      wrong: [image, null],
      refused: "Pair must be two images, got one.",
    },
    gallery: {
      value: [{ image, caption: "One" }, { image: other, caption: "Two" }, { image }, { image: other }],
      wrong: [{ picture: "no file" }],
      refused: "Pictures must be a list of { image, caption }.",
      more: [
        { name: "no pictures", value: [], output: true },
        {
          name: "two columns, whole pictures",
          value: [{ image, caption: "A caption that is longer than its picture is wide" }, { image: video }],
          props: { columns: 2, objectFit: "contain" },
          output: true,
        },
      ],
    },
    picture: {
      value: { image, caption: "One of several" },
      wrong: image.name,
      refused: "Picture must be { image, caption }.",
    },
    audio: { value: sound, wrong: aFile, refused: "Voice must be a sound, got an image." },
    video: { value: video, wrong: aFile, refused: "Clip must be a video, got an image." },
    file: {
      value: text,
      wrong: aFile,
      refused: "Notes must be a file.",
      more: [
        { name: "several", value: [image, sound, text], props: { fileCount: "multiple" } },
        {
          name: "several, output",
          value: [image, sound, text],
          props: { fileCount: "multiple" },
          output: true,
        },
      ],
    },
    model3d: { value: model, wrong: aFile, refused: "Shape must be a 3D model, got an image." },
    chatbot: {
      value: [
        { role: "system", content: "You are calm." },
        { role: "user", content: "Why three?" },
        { role: "assistant", content: "Two serve the **gills**:\n\n- left\n- right" },
      ],
      wrong: "not a chat",
      refused: "Chat must be a list of { role, content } messages.",
    },
    plot: {
      value: {
        $schema: "https://vega.github.io/schema/vega-lite/v6.json",
        mark: "bar",
        data: {
          values: [
            { a: "Octopus", b: 3 },
            { a: "Human", b: 1 },
            { a: "Worm", b: 5 },
          ],
        },
        encoding: { x: { field: "a", type: "nominal" }, y: { field: "b", type: "quantitative" } },
      },
      wrong: [1, 2],
      refused: "Chart must be a Vega-Lite or Plotly figure.",
    },
  };
}

const languages: Readonly<Record<string, string>> = {
  python: "def beat(n: int) -> str:\n    return 'thump ' * n  # three times",
  json: '{ "hearts": 3, "calm": true }',
  html: '<p class="a">Three <b>hearts</b></p>',
  css: ".a > b { color: teal; margin: 4px }",
  markdown: "# Three hearts\n\nTwo **serve** the gills.",
  yaml: "hearts: 3\ncalm: true # always",
  shell: 'for n in 1 2 3; do echo "thump $n"; done',
  "sql-pgSQL": "SELECT name, count(*) FROM hearts WHERE n > 2 GROUP BY name;",
};
