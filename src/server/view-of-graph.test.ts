import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as gr from "../components/gr.ts";
import { buildDefinition } from "../graph/build-definition.ts";
import { oneOf } from "../nodes/choice-node.ts";
import { FnNode } from "../nodes/fn-node.ts";
import { InputNode } from "../nodes/input-node.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { viewOfGraph } from "./view-of-graph.ts";

const store = createMemoryStore();
afterAll(() => store.close());

const view = (...nodes: readonly unknown[]) =>
  viewOfGraph(buildDefinition({ name: "Test", persistKey: "test", nodes: nodes as never, edges: [] }), {
    files: store.files,
  });

const step = (
  name: string,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown> = { out: gr.Textbox({ label: "Out" }) },
): any =>
  new FnNode<any, any, any>((given: object) => Object.keys(given), {
    name,
    inputs,
    outputs: outputs as never,
  });

describe("input cards", () => {
  test("components of one node share a card named after it", async () => {
    const { cards, edges } = await view(
      step("draw", { prompt: gr.Textbox({ label: "Prompt" }), size: gr.Number() }),
    );
    expect(cards[0]).toMatchObject({
      id: "inputs:draw__prompt",
      type: "input",
      name: "draw inputs",
      outputs: [
        {
          name: "prompt",
          label: "Prompt",
          type: "text",
          address: "draw__prompt",
          component: { kind: "textbox" },
        },
        { name: "size", label: "size", type: "number", address: "draw__size" },
      ],
    });
    expect(edges).toMatchObject([
      {
        from: { card: "inputs:draw__prompt", port: "prompt" },
        to: { card: "draw", port: "prompt" },
        kind: "plain",
        type: "text",
      },
      { from: { card: "inputs:draw__prompt", port: "size" }, to: { card: "draw", port: "size" } },
    ]);
  });

  test("a single component's card has its label", async () => {
    const { cards } = await view(step("draw", { prompt: gr.Textbox({ label: "Prompt" }) }));
    expect(cards[0]?.name).toBe("Prompt");
  });

  test("a component of several nodes is a card of its own with several edges", async () => {
    const topic = gr.Textbox({ label: "Topic" });
    const { cards, edges } = await view(
      step("a", { topic, other: gr.Number() }),
      step("b", { about: topic }),
    );
    expect(cards.filter(({ type }) => type === "input").map(({ name }) => name)).toEqual(["Topic", "other"]);
    expect(
      edges.filter(({ from }) => from.card === "inputs:a__topic").map(({ to }) => `${to.card}.${to.port}`),
    ).toEqual(["a.topic", "b.about"]);
  });

  test("an InputNode is a card by itself", async () => {
    const person = new InputNode({
      name: "person",
      ports: { called: gr.Textbox({ label: "Name" }), age: gr.Number() },
    });
    const { cards, edges } = await view(step("greet", { called: person.called }));
    expect(cards[0]).toMatchObject({
      id: "person",
      type: "input",
      kind: "input",
      outputs: [{ name: "called", label: "Name", address: "person__called" }, { name: "age" }],
    });
    expect(edges).toMatchObject([
      { from: { card: "person", port: "called" }, to: { card: "greet", port: "called" } },
    ]);
  });
});

describe("step cards", () => {
  test("say where every input comes from, in words", async () => {
    const lines = step(
      "write",
      { topic: gr.Textbox({ label: "Topic" }) },
      { lines: gr.ItemList({ text: gr.Textbox(), loud: gr.Number() }, { label: "Script" }) },
    );
    const speak = step(
      "speak",
      {
        text: lines.lines.each.text,
        loudness: lines.lines.each.loud,
        whole: lines.lines,
        size: 1024,
        seed: () => 1,
      },
      { audio: gr.Audio({ label: "Sample" }) },
    );
    const join = step("join", { all: speak.audio.all() });
    const { cards } = await view(join);
    const card = (id: string) => cards.find((candidate) => candidate.id === id)!;
    expect(card("speak").inputs.map(({ from, type }) => [from, type])).toEqual([
      ["text of each Script", "text"],
      ["loud of each Script", "number"],
      ["Script", "json"],
      ["1024", "number"],
      ["drawn anew", "any"],
    ]);
    expect(card("speak")).toMatchObject({
      scattered: true,
      outputs: [{ name: "audio", label: "Sample", type: "audio", list: true }],
    });
    expect(card("join").inputs).toMatchObject([{ from: "all of Sample", list: true, type: "audio" }]);
    expect(card("write").place).toMatch(/^view-of-graph\.test\.ts:\d+$/);
  });

  test("hide what is hidden", async () => {
    const { cards } = await view(
      step(
        "a",
        {},
        { shown: gr.Textbox(), hidden: gr.Hidden(), none: null, invisible: gr.JSON({ visible: false }) },
      ),
    );
    expect(cards[0]?.outputs.map(({ name, component }) => [name, component !== undefined])).toEqual([
      ["shown", true],
      ["hidden", false],
      ["none", false],
      ["invisible", false],
    ]);
  });

  test("of a choice tell the variants, and hold the fields of each", async () => {
    const picked = oneOf(
      step("plain", { text: gr.Textbox({ label: "Text" }) }),
      step("loud", { text: gr.Textbox() }),
      { name: "pick" } as never,
    );
    const { cards, edges } = await view(picked);
    expect(cards).toMatchObject([
      {
        id: "pick",
        source: "choice of 2",
        variants: [
          { name: "plain", kind: "fn" },
          { name: "loud", kind: "fn" },
        ],
        inputs: [
          {
            name: "variant_0_text",
            label: "Text",
            variant: 0,
            address: "pick__variant_0_text",
            component: { kind: "textbox" },
          },
          { name: "variant_1_text", label: "text", variant: 1, address: "pick__variant_1_text" },
        ],
      },
    ]);
    expect(edges).toEqual([]);
  });

  test("of a choice leave on an input card what several variants or steps use", async () => {
    const [shared, common] = [gr.Textbox({ label: "Shared" }), gr.Textbox({ label: "Common" })];
    const picked = oneOf(
      step("plain", { text: shared, size: gr.Number() }),
      step("loud", { text: shared, common }),
      {
        name: "pick",
      } as never,
    );
    const { cards, edges } = await view(picked, step("other", { common }));
    const entered = cards.filter(({ type }) => type === "input");
    expect(entered.map(({ name, outputs }) => [name, outputs[0]?.variant])).toEqual([
      ["Shared", undefined],
      ["Common", undefined],
    ]);
    expect(edges.map(({ to }) => `${to.card}.${to.port}`)).toEqual([
      "pick.variant_0_text",
      "pick.variant_1_text",
      "pick.variant_1_common",
      "other.common",
    ]);
    const addresses = cards.find(({ id }) => id === "pick")?.inputs.map(({ address }) => address);
    expect(addresses).toEqual([undefined, "pick__variant_0_size", undefined, undefined]);
  });
});

test("a file that the script gives as a value is sent as a reference", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "daggr-view-")), "cat.png");
  writeFileSync(path, "cat");
  const { cards } = await view(
    step("a", { image: gr.Image({ value: path }), gone: gr.Image({ value: "/nowhere/x.png" }) }),
  );
  const [image, gone] = cards[0]!.outputs;
  expect(image?.component?.props.value).toMatchObject({ $daggr: "file", name: "cat.png" });
  expect(gone?.component?.props.value).toBeNull();
  expect(JSON.stringify(cards)).not.toContain(path);
});

test("the hash changes with the graph and not with its line numbers", async () => {
  const first = await view(step("a", { x: gr.Textbox() }));
  const same = await view(step("a", { x: gr.Textbox() }));
  const other = await view(step("a", { x: gr.Textbox({ label: "X" }) }));
  expect(same.hash).toBe(first.hash);
  expect(other.hash).not.toBe(first.hash);
});
