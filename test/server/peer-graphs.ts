/** The graphs of record-daggr.py, in TypeScript. */
import * as gr from "../../src/components/gr.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import type { GraphDefinition } from "../../src/graph/definition.ts";
import { oneOf } from "../../src/nodes/choice-node.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import { InputNode } from "../../src/nodes/input-node.ts";

const graph = (name: string, ...nodes: readonly unknown[]): GraphDefinition =>
  buildDefinition({ name, persistKey: false, nodes: nodes as never, edges: [] });

export const peerGraphs: Readonly<Record<string, () => GraphDefinition>> = {
  single() {
    const shout = new FnNode(
      ({ text, times }: { text: string; times: number }) => `${text.toUpperCase()}!`.repeat(times),
      {
        name: "shout",
        inputs: { text: gr.Textbox({ label: "Text", value: "hi" }), times: gr.Number({ value: 2 }) },
        outputs: { result: gr.Textbox({ label: "Result" }) },
      },
    );
    return graph("Single", shout);
  },
  chain() {
    const one = new FnNode(({ text }: { text: string }) => ({ text: `${text}1`, length: text.length }), {
      name: "my first-node",
      inputs: { text: gr.Textbox({ value: "x" }) },
      outputs: { text: gr.Textbox(), length: gr.Number() },
    });
    const second = new FnNode(({ text }: { text: string }) => ({ json: { seen: text }, hidden: 5 }), {
      name: "second",
      inputs: { text: one.text },
      outputs: { json: gr.JSON(), hidden: null },
    });
    const more = new FnNode(({ length }: { length: number }) => length + 1, {
      name: "more",
      inputs: { length: one.length },
      outputs: { sum: gr.Number() },
    });
    return graph("Chain", one, second, more);
  },
  "two-parts"() {
    const left = new FnNode(({ text }: { text: string }) => `${text}a`, {
      name: "left",
      inputs: { text: gr.Textbox({ value: "x" }) },
      outputs: { out: gr.Textbox() },
    });
    const right = new FnNode(({ value }: { value: number }) => value + 1, {
      name: "right",
      inputs: { value: gr.Slider({ minimum: 0, maximum: 10, value: 4 }) },
      outputs: { out: gr.Number() },
    });
    return graph("Two parts", left, right);
  },
  shared() {
    const topic = gr.Textbox({ label: "Topic", value: "cats" });
    const one = new FnNode(({ topic }: { topic: string }) => `${topic}a`, {
      name: "one",
      inputs: { topic },
      outputs: { out: gr.Textbox() },
    });
    const two = new FnNode(({ about, one }: { about: string; one: string }) => about + one, {
      name: "two",
      inputs: { about: topic, one: one.out },
      outputs: { out: gr.Textbox() },
    });
    return graph("Shared", one, two);
  },
  scatter: () => graph("Scatter", ...scattered()),
  gather() {
    const [words, shout] = scattered();
    const join = new FnNode(({ all }: { all: string[] }) => all.join("-"), {
      name: "join",
      inputs: { all: shout.loud.all() },
      outputs: { text: gr.Textbox() },
    });
    return graph("Gather", words, shout, join);
  },
  choice() {
    const plain = new FnNode(({ text }: { text: string }) => `${text} plain`, {
      name: "plain",
      inputs: { text: gr.Textbox({ value: "a" }) },
      outputs: { out: gr.Textbox() },
    });
    const loud = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
      name: "loud",
      inputs: { text: gr.Textbox({ value: "b" }) },
      outputs: { out: gr.Textbox() },
    });
    const picked = oneOf(plain, loud);
    const last = new FnNode(({ text }: { text: string }) => `${text}.`, {
      name: "last",
      inputs: { text: picked.out },
      outputs: { end: gr.Textbox() },
    });
    return graph("Choice", picked, last);
  },
  failing() {
    const burst = new FnNode(
      ({ text }: { text: string }): string => {
        throw new Error(`the pipe burst: ${text}`);
      },
      { name: "burst", inputs: { text: gr.Textbox({ value: "x" }) }, outputs: { out: gr.Textbox() } },
    );
    return graph("Failing", burst);
  },
  inputs() {
    const person = new InputNode({
      name: "person",
      ports: { called: gr.Textbox({ label: "Name", value: "Ada" }), age: gr.Number({ value: 36 }) },
    });
    const greet = new FnNode(({ name, age }: { name: string; age: number }) => `${name} is ${age}`, {
      name: "greet",
      inputs: { name: person.called, age: person.age },
      outputs: { text: gr.Textbox() },
    });
    return graph("Inputs", greet);
  },
};

function scattered() {
  const words = new FnNode(
    ({ text }: { text: string }) => text.split(" ").map((word) => ({ word, size: word.length })),
    {
      name: "words",
      inputs: { text: gr.Textbox({ value: "a bb" }) },
      outputs: { list: gr.JSON<{ word: string; size: number }[]>() },
    },
  );
  const shout = new FnNode(({ word }: { word: string }) => word.toUpperCase(), {
    name: "shout",
    inputs: { word: words.list.each.word },
    outputs: { loud: gr.Textbox() },
  });
  return [words, shout] as const;
}
