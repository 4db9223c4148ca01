import { type HostileCase, httpCase, own, type Target } from "./hostile-case.ts";
import { request } from "./raw-request.ts";

export const post =
  (path: string, body: string, type = "application/json") =>
  (target: Target) =>
    request("POST", path, [own(target), ["Content-Type", type]], body);

export const ENDPOINTS = ["/api/call", "/api/call/main", "/api/runs"];

/** Bodies that are no JSON, no object, or JSON of another kind than was asked for. */
export function malformedCases(): HostileCase[] {
  const whole = JSON.stringify({
    inputs: { every__textbox: "hello ü", every__number: -1.5e3, every__json: { a: [true, null] } },
  });
  const wrong = [
    "[]",
    "null",
    "1",
    '"x"',
    "true",
    "{",
    "}",
    "{]",
    "{'inputs':{}}",
    "{inputs:{}}",
    '{"inputs":{},}',
    '{"inputs":{}}x',
    '{"inputs":{}}{"inputs":{}}',
    "\u0000",
    "\ufeff\ufeff{}",
    "NaN",
    "Infinity",
    "undefined",
    "<xml/>",
    '{"inputs":"\\ud800\\x"}',
    '{"inputs":{"every__number":01}}',
    '{"inputs":{"every__number":1e}}',
    "a=b&c=d",
    "{}\n{}",
    '{"inputs":{"every__textbox":"\t"}}',
    "[".repeat(1_000),
    '{"a":'.repeat(1_000),
  ];
  const objects = [
    '{"inputs":[]}',
    '{"inputs":null}',
    '{"inputs":1}',
    '{"inputs":"x"}',
    '{"input":{}}',
    '{"Inputs":{}}',
    '{"inputs":{},"sudo":true}',
    '{"inputs":{},"__proto__":{"a":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"toString":1}',
  ];
  const cases: HostileCase[] = [];
  for (const path of ENDPOINTS) {
    for (let length = 1; length < whole.length; length++)
      cases.push(
        httpCase(
          "malformed",
          `${path} with the first ${length} characters`,
          "refused",
          post(path, whole.slice(0, length)),
        ),
      );
    for (const body of [...wrong, ...objects])
      cases.push(httpCase("malformed", `${path} with ${body.slice(0, 40)}`, "refused", post(path, body)));
    cases.push(
      httpCase("malformed", `${path} with bytes that are no text`, "refused", (target) =>
        Buffer.concat([
          Buffer.from(
            `POST ${path} HTTP/1.1\r\nHost: ${own(target)[1]}\r\nContent-Length: 4\r\nConnection: close\r\n\r\n`,
          ),
          Buffer.from([0xff, 0xfe, 0x80, 0x00]),
        ]),
      ),
    );
  }
  const runs = [
    '{"mode":"sudo"}',
    '{"mode":1}',
    '{"mode":"step"}',
    '{"mode":"to","nodes":[]}',
    '{"nodes":"every"}',
    '{"nodes":[1]}',
    '{"nodes":["nobody"]}',
    '{"nodes":["__proto__"]}',
    '{"nodes":["constructor"]}',
    '{"nodes":{}}',
    '{"sheet":1}',
    '{"sheet":"../../x"}',
    '{"sheet":"nowhere"}',
    '{"sheet":{"$ne":1}}',
    '{"variants":[]}',
    '{"variants":{"nobody":0}}',
    '{"variants":{"every":0}}',
    '{"variants":{"pick":9}}',
    '{"variants":{"pick":-1}}',
    '{"variants":{"pick":0.5}}',
    '{"variants":{"pick":"nobody"}}',
    '{"variants":{"pick":null}}',
    '{"variants":{"pick":[0]}}',
    '{"variants":{"__proto__":0}}',
    `{"nodes":[${'"every",'.repeat(10_001)}"every"]}`,
  ];
  for (const body of runs)
    cases.push(httpCase("malformed", `a run with ${body.slice(0, 50)}`, "refused", post("/api/runs", body)));
  return cases;
}

/** Names that are no input: misspelt, of another spelling, and names that objects have by themselves. */
export function nameCases(): HostileCase[] {
  const names = [
    "",
    "x",
    "every",
    "every__",
    "__textbox",
    "every__textbo",
    "every_textbox",
    "every.textbox",
    "EVERY__TEXTBOX",
    "every__textbox ",
    " every__textbox",
    "every__textbox\u0000",
    "every__textbox__x",
    "every___textbox",
    "every___selected_variant",
    "pick___selected_variants",
    "___selected_variant",
    "nobody___selected_variant",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "__defineGetter__",
    "every__out",
    "every____proto__",
    "every__constructor",
    "0",
    "-1",
    "null",
    "undefined",
    "../every__textbox",
    "every__textbox/..",
    "every%5F%5Ftextbox",
    "evеry__textbox",
    "every__textbox\u200b",
    "x".repeat(100_000),
    "\ud800",
    "🐈",
    "'; DROP TABLE sheets; --",
    "$where",
    "{{7*7}}",
    "#{7*7}",
    "<script>",
  ];
  return ENDPOINTS.flatMap((path) =>
    names.flatMap((name) =>
      ["x", null, { a: 1 }].map((value) => {
        // Written by hand: as a property of a literal, __proto__ would be no key.
        const body = `{"inputs":{${JSON.stringify(name)}:${JSON.stringify(value)}}}`;
        return httpCase(
          "name",
          `${path} with ${JSON.stringify(name).slice(0, 40)}`,
          "refused",
          post(path, body),
        );
      }),
    ),
  );
}

/** Keys that reach a prototype, in every position. */
export function pollutionCases(): HostileCase[] {
  const keys = [
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"prototype":{"polluted":1}}',
    '{"\\u005f_proto__":{"polluted":1}}',
    '{"__proto__":null}',
    '{"a":{"b":{"__proto__":[]}}}',
    '[{"__proto__":{"polluted":1}}]',
    '{"__proto__":1}',
    '{"a":[[{"constructor":{"prototype":{"polluted":1}}}]]}',
  ];
  const inputs = [
    "json",
    "textbox",
    "number",
    "image",
    "gallery",
    "dataframe",
    "chatbot",
    "itemlist",
    "label",
    "highlightedtext",
    "file",
    "plot",
    "dropdown",
    "checkboxgroup",
  ];
  const cases: HostileCase[] = [];
  for (const path of ENDPOINTS) {
    for (const key of keys) {
      for (const input of inputs)
        cases.push(
          httpCase(
            "pollution",
            `${path} ${input} = ${key}`,
            "refused",
            post(path, `{"inputs":{"every__${input}":${key}}}`),
          ),
        );
      cases.push(
        httpCase("pollution", `${path} inputs = ${key}`, "refused", post(path, `{"inputs":${key}}`)),
        httpCase("pollution", `${path} ${key}`, "refused", post(path, key)),
      );
    }
  }
  return cases;
}
