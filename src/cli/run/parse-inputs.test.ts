import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Graph } from "../../app/graph.ts";
import * as gr from "../../components/gr.ts";
import { FnNode } from "../../nodes/fn-node.ts";
import { InputNode } from "../../nodes/input-node.ts";
import { parseInputs } from "./parse-inputs.ts";

const shared = gr.Textbox({ label: "Shared" });
const form = new InputNode({
  name: "form 1.5",
  ports: {
    text: gr.Textbox(),
    size: gr.Dropdown({ choices: [1, 2, 3] }),
    style: gr.Radio({
      choices: [
        ["Big", "big"],
        ["Small", "small"],
      ],
    }),
    several: gr.CheckboxGroup({ choices: ["a", "b"] }),
    picture: gr.Image(),
    files: gr.File({ fileCount: "multiple" }),
  },
});
const outputs = { text: gr.Textbox() };
const one = new FnNode(({ text, shared }: { text: string; shared: string }) => text + shared, {
  name: "one",
  inputs: { text: form.text, shared },
  outputs,
});
const two = new FnNode(({ shared }: { shared: string }) => shared, {
  name: "two",
  inputs: { shared },
  outputs,
});
const { definition } = new Graph({ name: "Form", nodes: [form, one, two] });
const parse = (...given: string[]) => parseInputs(definition, given);
const picture = join(mkdtempSync(join(tmpdir(), "daggr-inputs-")), "a.png");
writeFileSync(picture, "");

describe("parseInputs", () => {
  test("the first = parts name and value, and names may hold dots", () => {
    expect(parse("form 1.5.text=a=b", "form 1.5__size=2")).toEqual({ "form 1.5": { text: "a=b", size: 2 } });
  });

  test("choices go by their value", () => {
    expect(parse("form 1.5.style=big")).toEqual({ "form 1.5": { style: "big" } });
    expect(() => parse("form 1.5.style=bigg")).toThrow(/one of 'big', 'small'.*Did you mean 'big'/);
    expect(parse('form 1.5.several=["b"]')).toEqual({ "form 1.5": { several: ["b"] } });
  });

  test("files are paths that must exist", () => {
    expect(parse(`form 1.5.picture=${picture}`)).toEqual({ "form 1.5": { picture } });
    expect(parse(`form 1.5.files=${picture}`)).toEqual({ "form 1.5": { files: [picture] } });
    expect(() => parse("form 1.5.picture=none.png")).toThrow(
      /the path of a file that exists, got 'none.png'/,
    );
  });

  test("a shared component goes by any of its names", () => {
    expect(parse("two.shared=x")).toEqual({ one: { shared: "x" } });
  });
});
