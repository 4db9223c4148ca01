import { type HostileCase, httpCase, own, type Target } from "./hostile-case.ts";
import { components } from "./hostile-graph.ts";
import { request } from "./raw-request.ts";

const TEXTS = ["textbox", "textarea", "text", "code", "markdown", "html"];
const FILES = [
  "image",
  "imageeditor",
  "audio",
  "video",
  "file",
  "files",
  "model3d",
  "imageslider",
  "gallery",
  "itemlist",
];
/** Take anything that is JSON, or nearly; what they are given must do no harm. */
const LOOSE = ["json", "plot", "label", "highlightedtext", "dataframe", "chatbot", "colorpicker", "datetime"];

/** Values of every JSON type, and those that smuggle something. */
const VALUES: readonly unknown[] = [
  0,
  5,
  -1,
  1.5,
  1e308,
  -0,
  2 ** 53,
  true,
  false,
  "x",
  "5",
  "true",
  "null",
  "a\u0000b",
  "\ud800",
  [],
  [1],
  ["a"],
  [[]],
  [null],
  {},
  { a: 1 },
  { length: 3 },
  { toString: "x" },
  { toJSON: "x" },
  { valueOf: 1, constructor: "x" },
  [{}],
  [["x", "y", "z"]],
  { value: "x" },
  { data: [[1]], headers: ["a"] },
  [{ role: "system", content: "x" }],
  [{ role: "root", content: {} }],
];

/** What a stranger would like to be read: paths and addresses, in every form that some client knows. */
const PATHS: readonly string[] = [
  "{canary}",
  "/etc/passwd",
  "../../../../etc/passwd",
  "./package.json",
  "package.json",
  "~/.ssh/id_rsa",
  "/proc/self/environ",
  "file:///etc/passwd",
  "file://{canary}",
  "FILE:///etc/passwd",
  "file:/etc/passwd",
  "\\\\evil.example\\share\\x",
  "C:\\Windows\\win.ini",
  "http://127.0.0.1:1/x.png",
  "http://169.254.169.254/latest/meta-data/",
  "https://evil.example/x.png",
  "//evil.example/x.png",
  "ftp://evil.example/x",
  "gopher://127.0.0.1:6379/_x",
  "javascript:alert(1)",
  "blob:http://127.0.0.1/x",
  "/files/{id}/x.png",
  "files/{id}/x.png",
  "{id}",
  "/file={canary}",
  "/gradio_api/file={canary}",
  "data:",
  "data:,",
  "data:;base64",
  "data:image/png",
  "data:image/png;base64",
  "data:image/png;base64,%%%",
  "data:image/png;base64,!!!",
  "data:../../x;base64,AAAA",
  "data:image/png;url=http://evil.example,%zz",
  "DATA:image/png;base64,AAAA",
  " data:image/png;base64,AAAA",
];

const wrap = (path: string): readonly unknown[] => [
  path,
  { path },
  { url: path },
  { path, meta: { _type: "gradio.FileData" } },
  { path, url: path, orig_name: "x.png", size: 1, is_stream: false, meta: { _type: "gradio.FileData" } },
  { file: path },
  { $daggr: "file", id: path, name: "x.png", mime: "image/png", size: 1 },
  { file: { path } },
];

/** Refs of what is not there, or made to look like ours. */
const REFS: readonly unknown[] = [
  { file: "0".repeat(64) },
  { file: "" },
  { file: null },
  { file: 1 },
  { file: ["{id}"] },
  { file: "{id}", path: "/etc/passwd" },
  { file: "{id}", name: "../../x" },
  { file: "{id} " },
  { $daggr: "file" },
  { $daggr: "file", id: "0".repeat(64), name: "x", mime: "image/png", size: 1 },
  { $daggr: "node", id: "{id}" },
  { $daggr: null },
  [{ file: "0".repeat(64) }],
  { image: "{canary}" },
  [{ image: "{canary}" }],
  [{ image: { file: "0".repeat(64) } }],
  [{ name: "x", picture: "{canary}" }],
  [{ picture: { $daggr: "file", id: "../../etc/passwd" } }],
  ["{canary}", "{canary}"],
  [{ path: "{canary}" }, { path: "{canary}" }],
];

const SCRIPTS: readonly string[] = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</script><svg onload=alert(1)>",
  "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "<!--<script>",
  "\u2028\u2029</title><script>",
  "fail",
  "<style>@import'//evil.example'</style>",
  "[x](javascript:alert(1))",
  "\x1b]8;;http://evil.example\x07x",
];

function fill(value: unknown, { fileId, canaryPath }: Target): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll("{id}", fileId).replaceAll("{canary}", canaryPath));
}

function bodyOf(path: string, input: string, value: unknown): (target: Target) => string {
  return (target) =>
    request(
      "POST",
      path,
      [own(target), ["Content-Type", "application/json"]],
      JSON.stringify({ inputs: { [`every__${input}`]: fill(value, target) } }),
    );
}

/** Whether a component may take a value of that type at all; the test's own opinion, not the component's. */
function mayTake(input: string, value: unknown): boolean {
  if (LOOSE.includes(input)) return true;
  if (TEXTS.includes(input)) return typeof value === "string";
  if (input === "number") return typeof value === "number";
  if (input === "slider") return typeof value === "number" && value >= 0 && value <= 10;
  if (input === "checkbox") return typeof value === "boolean";
  if (input === "dropdown" || input === "radio") return value === "a" || value === "b";
  if (input === "checkboxgroup")
    return Array.isArray(value) && value.every((item) => item === "a" || item === "b");
  // An empty list is an empty field.
  return (
    Array.isArray(value) &&
    (value.length === 0 ||
      (input === "itemlist" &&
        value.every((item) => typeof item === "object" && item !== null && !Array.isArray(item))))
  );
}

const short = (value: unknown): string => JSON.stringify(value).slice(0, 60);

/** Every component with values of every type. */
export function typeCases(): HostileCase[] {
  return ["/api/call", "/api/runs"].flatMap((path) =>
    Object.keys(components).flatMap((input) =>
      VALUES.map((value) =>
        httpCase(
          "type",
          `${path} ${input} = ${short(value)}`,
          mayTake(input, value) ? "harmless" : "refused",
          bodyOf(path, input, value),
        ),
      ),
    ),
  );
}

/** Paths and web addresses where a file is expected, and where a text is. */
export function pathValueCases(): HostileCase[] {
  const cases: HostileCase[] = [];
  for (const path of PATHS) {
    for (const input of FILES) {
      for (const value of wrap(path)) {
        const inList =
          input === "files" || input === "imageslider"
            ? [value, value]
            : input === "gallery"
              ? [{ image: value }]
              : input === "itemlist"
                ? [{ name: "x", picture: value }]
                : value;
        // An id is how a file is named, and an empty data URL is an empty file: neither reads anything.
        const isFile = (path === "{id}" && isRef(value)) || (value === path && path === "data:,");
        cases.push(
          httpCase(
            "path value",
            `${input} = ${short(inList)}`,
            isFile ? "harmless" : "refused",
            bodyOf("/api/call", input, inList),
          ),
        );
      }
    }
    for (const input of [...TEXTS, "json", "dropdown", "number"]) {
      for (const value of wrap(path).slice(0, 4))
        cases.push(
          httpCase(
            "path value",
            `${input} = ${short(value)}`,
            typeof value === "string" || input === "json" ? "harmless" : "refused",
            bodyOf("/api/call", input, value),
          ),
        );
    }
  }
  return cases;
}

const isRef = (value: unknown): boolean =>
  typeof value === "object" && value !== null && ("file" in value || "$daggr" in value);

/** References that a stranger made up. */
export function refCases(): HostileCase[] {
  return Object.keys(components).flatMap((input) =>
    REFS.map((value) => {
      const marked = JSON.stringify(value).includes("$daggr");
      // An item list keeps fields that it does not know, as data.
      const isData =
        (LOOSE.includes(input) ||
          (input === "itemlist" && Array.isArray(value) && !("picture" in Object(value[0])))) &&
        !marked;
      return httpCase(
        "reference",
        `${input} = ${short(value)}`,
        isData ? "harmless" : "refused",
        bodyOf("/api/call", input, value),
      );
    }),
  );
}

/** Texts that a careless page would run. */
export function scriptCases(): HostileCase[] {
  return ["/api/call", "/api/runs"].flatMap((path) =>
    [...TEXTS, "json", "chatbot", "dropdown"].flatMap((input) =>
      SCRIPTS.map((text) =>
        httpCase(
          "script",
          `${path} ${input} = ${text.slice(0, 30)}`,
          "harmless",
          bodyOf(path, input, text === "fail" ? text : `${text}x`),
          ({ status, head }) =>
            status !== 0 && !/\r\ncontent-type: application\/json/i.test(head)
              ? "an answer that is not JSON"
              : undefined,
        ),
      ),
    ),
  );
}
