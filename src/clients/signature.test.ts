import { describe, expect, test } from "vitest";
import type { Json } from "../base/json.ts";
import type { GradioEndpoint, GradioParameter, GradioReturn } from "./gradio-types.ts";
import { type EndpointSignature, signaturesOf } from "./signature.ts";
import { describeChanges, signatureDiff } from "./signature-diff.ts";

const parameter = (name: string, own: Partial<GradioParameter> = {}): GradioParameter => ({
  name,
  label: name,
  component: "Textbox",
  hasDefault: false,
  default: null,
  file: false,
  schema: { type: "string" },
  props: {},
  ...own,
});
const returned = (label: string, own: Partial<GradioReturn> = {}): GradioReturn => ({
  label,
  component: "Textbox",
  file: false,
  schema: { type: "string" },
  props: {},
  ...own,
});
const endpoint = (apiName: string, own: Partial<GradioEndpoint> = {}): GradioEndpoint => ({
  apiName,
  description: "",
  parameters: [parameter("text")],
  returns: [returned("result")],
  generator: false,
  documented: true,
  asksForToken: false,
  ...own,
});
const radio = (...choices: Json[]): Partial<GradioParameter> => ({
  component: "Radio",
  schema: { type: "string", enum: choices },
  props: { choices: choices.map((choice) => [String(choice), choice]) },
});
const typeOf = (own: Partial<GradioParameter>): string =>
  signaturesOf([endpoint("/x", { parameters: [parameter("p", own)] })])[0]!.parameters[0]!.type;

describe("the type of a parameter", () => {
  test.each<[string, Partial<GradioParameter>, string]>([
    ["a text", {}, "string"],
    ["a text with the default None", { hasDefault: true }, "string | null"],
    ["a number", { component: "Number" }, "number | null"],
    ["a slider", { component: "Slider" }, "number"],
    ["choices", radio("a", 'b"', 3), '"a" | "b\\"" | 3 | null'],
    ["choices of the schema alone", { component: "Dropdown", schema: { enum: ["a"] } }, '"a" | null'],
    ["no choices yet", { component: "Dropdown", schema: { type: "string", enum: [] } }, "string | null"],
    ["several choices", { ...radio("a", "b"), component: "CheckboxGroup" }, '("a" | "b")[]'],
    [
      "choices and other texts",
      { ...radio("a"), component: "Dropdown", props: { choices: [["a", "a"]], allow_custom_value: true } },
      '"a" | (string & {}) | null',
    ],
    ["a file", { component: "File", file: "one" }, "string | null"],
    ["files", { component: "File", file: "many" }, "string[] | null"],
    ["JSON", { component: "JSON", schema: { type: {}, description: "any valid json" } }, "unknown"],
    [
      "an unknown component, by its schema",
      {
        component: "Dialogue",
        schema: {
          $defs: {
            Line: {
              type: "object",
              properties: { speaker: { type: "string" }, "to-day": {} },
              required: ["speaker"],
            },
          },
          anyOf: [{ type: "array", items: { $ref: "#/$defs/Line" } }, { type: "string" }],
        },
      },
      '{ speaker: string; "to-day"?: unknown }[] | string | null',
    ],
  ])("%s", (_name, own, type) => {
    expect(typeOf(own)).toBe(type);
  });

  test("with more choices than anybody reads is what they are made of", () => {
    expect(typeOf(radio(...Array.from({ length: 201 }, (_, index) => `font ${index}`)))).toBe(
      "string | null",
    );
  });
});

test("the place where an app keeps a default file is no part of its signature", () => {
  const at = (path: string) => ({ path, orig_name: "dot.png", meta: { _type: "gradio.FileData" } });
  const [one, two] = ["/tmp/a/dot.png", "/tmp/b/dot.png"].map((path) =>
    signaturesOf([
      endpoint("/x", {
        parameters: [parameter("image", { file: "one", hasDefault: true, default: at(path) })],
      }),
    ]),
  ) as [EndpointSignature[], EndpointSignature[]];
  expect(signatureDiff(one, two)).toEqual([]);
});

const diff = (before: readonly GradioEndpoint[], after: readonly GradioEndpoint[]): string[] =>
  signatureDiff(signaturesOf(before), signaturesOf(after)).map(
    ({ apiName, breaking, text }) => `${breaking ? "-" : "+"} ${apiName} ${text}`,
  );
const ofParameters = (before: GradioParameter[], after: GradioParameter[]): string[] =>
  diff([endpoint("/x", { parameters: before })], [endpoint("/x", { parameters: after })]);
const ofReturns = (before: GradioReturn[], after: GradioReturn[]): string[] =>
  diff([endpoint("/x", { returns: before })], [endpoint("/x", { returns: after })]);
const optional = { hasDefault: true, default: 1 } as const;

describe("the difference", () => {
  test("of the same is none, whatever the order of endpoints and parameters", () => {
    const [a, b] = [parameter("a"), parameter("b")];
    expect(
      diff(
        [endpoint("/x", { parameters: [a, b] }), endpoint("/y")],
        [endpoint("/y"), endpoint("/x", { parameters: [b, a], description: "new words" })],
      ),
    ).toEqual([]);
  });

  test("of endpoints", () => {
    expect(diff([endpoint("/x"), endpoint("/y")], [endpoint("/y"), endpoint("/z")])).toEqual([
      "- /x is gone; '/z', which is new, looks the same",
      "+ /z is new",
    ]);
    expect(diff([endpoint("/x")], [endpoint("/x"), endpoint("/y")])).toEqual([
      "+ /y is new",
      "- /x is no longer the endpoint of a node that names none: give its name as apiName",
    ]);
    expect(diff([endpoint("/x")], [endpoint("/x", { generator: true, documented: false })])).toEqual([
      "+ /x gives partial results now",
      "+ /x is no longer documented by the app",
    ]);
  });

  test("of parameters", () => {
    expect(ofParameters([parameter("a")], [parameter("b"), parameter("c", optional)])).toEqual([
      "- /x parameter 'a' is gone",
      "- /x parameter 'b' is new (string), and required",
      "+ /x parameter 'c' is new (string), with the default 1",
    ]);
    expect(ofParameters([parameter("a", optional)], [parameter("a")])).toEqual([
      "- /x parameter 'a' is required now: it has no default any more",
    ]);
    expect(ofParameters([parameter("a")], [parameter("a", optional)])).toEqual([
      "+ /x parameter 'a' may be left out now: its default is 1",
    ]);
    expect(ofParameters([parameter("a", optional)], [parameter("a", { ...optional, default: 2 })])).toEqual([
      "+ /x parameter 'a' has another default: 2, was 1",
    ]);
    expect(ofParameters([parameter("a")], [parameter("a", { component: "Slider" })])).toEqual([
      "- /x parameter 'a' takes number now, took string",
    ]);
    expect(ofParameters([parameter("a")], [parameter("a", { component: "Code" })])).toEqual([
      "+ /x parameter 'a' is a Code now, was a Textbox",
    ]);
  });

  test("of choices", () => {
    expect(ofParameters([parameter("a", radio("p", "q|r", "s"))], [parameter("a", radio("p", "t"))])).toEqual(
      [`- /x parameter 'a' has lost the choices "q|r", "s"`, `+ /x parameter 'a' has gained the choice "t"`],
    );
    expect(
      ofParameters(
        [parameter("a", radio("p", "q"))],
        [parameter("a", { ...radio("p", "q"), component: "CheckboxGroup" })],
      ),
    ).toEqual([`- /x parameter 'a' takes ("p" | "q")[] now, took "p" | "q" | null`]);
    const open = { component: "Dropdown", props: { choices: [["p", "p"]], allow_custom_value: true } };
    expect(ofParameters([parameter("a", radio("p"))], [parameter("a", open)])).toContain(
      "+ /x parameter 'a' has gained the choice of any other text",
    );
  });

  test("of ranges", () => {
    const slider = (minimum: number, maximum: number) =>
      parameter("a", { component: "Slider", props: { minimum, maximum } });
    expect(ofParameters([slider(0, 10)], [slider(0, 20)])).toEqual([
      "+ /x parameter 'a' takes 0 to 20 now, took 0 to 10",
    ]);
    expect(ofParameters([slider(0, 10)], [slider(1, 20)])).toEqual([
      "- /x parameter 'a' takes 1 to 20 now, took 0 to 10",
    ]);
  });

  test("of return values", () => {
    const image = { component: "Image", file: "one" } as const;
    expect(ofReturns([returned("a"), returned("b", image)], [returned("b", image), returned("a")])).toEqual([
      "- /x returns its values in another order: 'b', 'a'",
    ]);
    expect(ofReturns([returned("a"), returned("b")], [returned("c")])).toEqual([
      "+ /x return value 1, 'a' (Textbox), is called 'c' now",
      "- /x return value 2, 'b' (Textbox), is gone",
    ]);
    expect(ofReturns([returned("a")], [returned("a", { component: "Number" }), returned("b")])).toEqual([
      "- /x return value 1, 'a' (Textbox), is 'a' (Number) now",
      "+ /x return value 2, 'b' (Textbox), is new",
    ]);
  });

  test("in words is a paragraph for each endpoint, what breaks first", () => {
    const changes = signatureDiff(
      signaturesOf([endpoint("/x"), endpoint("/y")]),
      signaturesOf([endpoint("/x", { parameters: [parameter("b", optional)] })]),
    );
    expect(describeChanges(changes)).toBe(
      "/x\n  - parameter 'text' is gone\n  + parameter 'b' is new (string), with the default 1\n/y\n  - is gone",
    );
  });
});
