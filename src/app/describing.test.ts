import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { DaggrError, FnNode, GradioNode, Graph, gr, InputNode, oneOf } from "../index.ts";

/** Scripts that nobody type-checked reach the run-time errors. */
const any = (value: unknown): any => value;
const text = () => ({ text: gr.Textbox() });
const fn = (name: string, inputs: object = {}) =>
  new FnNode(
    any((given: unknown) => String(given)),
    { name, inputs: any(inputs), outputs: text() },
  );
const list = (name = "list") =>
  new FnNode(() => [{ text: "a" }], { name, inputs: {}, outputs: { items: gr.JSON<{ text: string }[]>() } });

function mistake(make: () => unknown): DaggrError {
  try {
    make();
  } catch (error) {
    if (error instanceof DaggrError) return error;
    throw error;
  }
  throw new Error("no error was thrown");
}

describe("errors of describing", () => {
  test("a misspelt output port names the nearest one, the node and the line", () => {
    const image = new GradioNode("x/Z-Image-Turbo", { outputs: { image: gr.Image() } });
    for (const wrong of ["imgae", "img", "Image", "images"]) {
      const error = mistake(() => any(image)[wrong]);
      expect(error.code).toBe("PORT_NOT_FOUND");
      expect(error.message).toContain(
        `Output port '${wrong}' not found on node 'Z-Image-Turbo'. Available outputs: image. Did you mean 'image'?`,
      );
      expect(error.message).toMatch(/describing\.test\.ts:\d+/);
    }
  });

  test("an input that is undefined says where to look", () => {
    const image = new GradioNode("x/y", { outputs: { image: gr.Image() } });
    const error = mistake(() => new GradioNode("x/z", { inputs: { photo: any(image).result }, outputs: {} }));
    expect(error.code).toBe("UNDEFINED_INPUT");
    expect(error.message).toContain("Input 'photo' of node 'z' is undefined");
  });

  test("an input that the function does not take", () => {
    function generate({ topic, voice }: { topic: string; voice?: string }) {
      return topic + voice;
    }
    const error = mistake(() => new FnNode(generate, { inputs: any({ toppic: "x" }), outputs: text() }));
    expect(error.code).toBe("UNKNOWN_PARAMETER");
    expect(error.message).toContain(
      "Invalid input(s) 'toppic' for function 'generate' of node 'generate'. Did you mean: 'toppic' -> 'topic'? Valid parameters: topic, voice.",
    );
    expect(error.details.place?.file).toContain("describing.test.ts");
  });

  test("a parameter that is not destructured: near a free one is an error, else a warning", () => {
    const upper = (input: any) => input.text.toUpperCase() + input["extra"];
    expect(
      mistake(() => new FnNode(upper, { name: "u", inputs: any({ txt: "a" }), outputs: text() })).code,
    ).toBe("UNKNOWN_PARAMETER");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    new FnNode(upper, { name: "u", inputs: any({ text: "a", somethingElse: 1 }), outputs: text() });
    expect(warn.mock.calls.flat().join()).toContain("never reads its input 'somethingElse'");
    warn.mockRestore();
  });

  test("a rest element takes everything", () => {
    new FnNode(({ a, ...others }: any) => `${a}${others}`, {
      name: "r",
      inputs: any({ whatever: 1 }),
      outputs: text(),
    });
  });

  test.each([
    [
      "a node instead of a port",
      () => fn("a", { x: fn("b") }),
      "NODE_AS_INPUT",
      "Connect one of its ports: b.text.",
    ],
    [
      "a reserved output",
      () => new FnNode(() => 1, { name: "a", inputs: {}, outputs: any({ test: gr.Number() }) }),
      "RESERVED_PORT",
      "Output 'test' of node 'a'",
    ],
    [
      "`input` as an output",
      () => new FnNode(() => 1, { name: "a", inputs: {}, outputs: any({ input: gr.Number() }) }),
      "RESERVED_PORT",
      "'input'",
    ],
    [
      "a number as an output's name",
      () => new FnNode(() => 1, { name: "a", inputs: {}, outputs: any({ 1: gr.Number() }) }),
      "INVALID_NAME",
      "reorders",
    ],
    [
      "no component as an output",
      () => new FnNode(() => 1, { name: "a", inputs: {}, outputs: any({ x: "text" }) }),
      "INVALID_OUTPUT",
      "expected a component",
    ],
    [
      "no component in an InputNode",
      () => new InputNode({ ports: any({ x: null }) }),
      "INVALID_OUTPUT",
      "Port 'x' of node 'input'",
    ],
    [
      "an unknown option",
      () => new GradioNode("x/y", any({ outputs: {}, apiNam: "/x" })),
      "UNKNOWN_OPTION",
      "Did you mean 'apiName'?",
    ],
    [
      "an unknown property",
      () => gr.Slider(any({ minimun: 1 })),
      "UNKNOWN_PROPERTY",
      "Did you mean 'minimum'?",
    ],
    [
      "a component's value of the wrong type",
      () => gr.Number({ value: any("5") }),
      "INVALID_VALUE",
      'must be a number, got the text "5"',
    ],
    [
      "a value that is no choice",
      () => gr.Radio({ choices: ["a", "b"], value: any("c") }),
      "INVALID_VALUE",
      "one of 'a', 'b'",
    ],
    [
      "a slider out of range",
      () => gr.Slider({ minimum: 1, maximum: 3, value: 9 }),
      "INVALID_VALUE",
      "a number from 1 to 3",
    ],
    [
      "a negative number of retries",
      () => new FnNode(() => "a", { name: "a", inputs: {}, outputs: text(), retries: -1 }),
      "INVALID_OPTION",
      "retries must be a number of at least 0",
    ],
    ["no function", () => new FnNode(any("f"), {}), "INVALID_OPTION", "FnNode takes a function first"],
    ["no source", () => new GradioNode(any(undefined), { outputs: {} }), "INVALID_OPTION", "Space id"],
    ["a name with two underscores", () => fn("a__b"), "INVALID_NAME", "separates node and port"],
    [
      "two nodes of one name",
      () => new Graph({ name: "g", nodes: [fn("a"), fn("a")] }),
      "DUPLICATE_NAME",
      "Two nodes are called 'a'",
    ],
    [
      "a graph's name without letters",
      () => new Graph({ name: "?!", nodes: [] }),
      "INVALID_NAME",
      "Set persistKey",
    ],
    [
      "a graph of ports",
      () => new Graph({ name: "g", nodes: any([fn("a").text]) }),
      "INVALID_OPTION",
      "expected nodes",
    ],
    [
      "scatter inside a scatter",
      () => {
        const each = new FnNode(({ x }) => [x.text], {
          name: "each",
          inputs: { x: list().items.each },
          outputs: { more: gr.JSON<string[]>() },
        });
        return new Graph({ name: "g", nodes: [fn("inner", { x: any(each.more).each })] });
      },
      "NESTED_SCATTER",
      "Gather it first (each.more.all())",
    ],
    [
      "gathering what is not scattered",
      () => new Graph({ name: "g", nodes: [fn("all", { x: any(list().items).all() })] }),
      "NOT_SCATTERED",
      "Leave out .all()",
    ],
    [
      "scattering a text",
      () => new Graph({ name: "g", nodes: [fn("e", { x: any(fn("t").text).each })] }),
      "NOT_A_LIST",
      "a textbox carries no list",
    ],
    [
      "an unknown field of an item list",
      () => {
        const cast = new InputNode({ name: "c", ports: { cast: gr.ItemList({ speaker: gr.Textbox() }) } });
        return new Graph({ name: "g", nodes: [fn("e", { x: any(cast.cast.each).speeker })] });
      },
      "PORT_NOT_FOUND",
      "Did you mean 'speaker'?",
    ],
    [
      "variants without a common output",
      () => oneOf(fn("a"), any(list())),
      "CHOICE_OUTPUTS_DIFFER",
      "must share their outputs",
    ],
    [
      "variants whose outputs disagree",
      () =>
        oneOf(
          fn("a"),
          any(new FnNode(() => 1, { name: "n", inputs: {}, outputs: any({ text: gr.Number() }) })),
        ),
      "CHOICE_OUTPUTS_DIFFER",
      "a textbox in one and a number in the other",
    ],
    [
      "a variant used as a step too",
      () => {
        const a = fn("a");
        return new Graph({ name: "g", nodes: [oneOf(a, fn("b"), { name: "c" }), fn("d", { x: a.text })] });
      },
      "VARIANT_USED_ALONE",
      "is a variant of the choice 'c'",
    ],
    [
      "two limits of one group",
      () => {
        const gpu = (name: string, maxConcurrent: number) =>
          new FnNode(() => "a", {
            name,
            inputs: {},
            outputs: text(),
            concurrencyGroup: "gpu",
            maxConcurrent,
          });
        return new Graph({ name: "g", nodes: [gpu("a", 1), gpu("b", 2)] });
      },
      "GROUP_LIMITS_DIFFER",
      "has two limits",
    ],
  ])("%s", (_, make, code, part) => {
    const error = mistake(make);
    expect(error.code).toBe(code);
    expect(error.message).toContain(part);
    expect(error.message).toMatch(/describing\.test\.ts:\d+/);
  });

  test("an edge that would close a cycle is refused and the graph stays as it was", () => {
    const a = new FnNode(({ x }: { x?: string }) => `a${x}`, { name: "a", outputs: text() });
    const b = new FnNode(({ x }: { x: string }) => `b${x}`, {
      name: "b",
      inputs: { x: a.text },
      outputs: text(),
    });
    const graph = new Graph({ name: "g", nodes: [b] });
    const error = mistake(() => graph.edge(b.text, a.input("x")));
    expect(error.code).toBe("CYCLE");
    expect(error.message).toMatch(/a -> b -> a|b -> a -> b/);
    expect(graph.edges).toHaveLength(1);
    expect(mistake(() => graph.edge(a.text, b.input("x"))).code).toBe("INPUT_TAKEN");
    expect(mistake(() => graph.edge(b.text, a.input("xx"))).message).toContain("Valid inputs: x.");
  });
});

describe("what a graph says of itself", () => {
  test("nodes upstream are added, in an order in which they can run", () => {
    const first = fn("first");
    const second = fn("second", { x: first.text });
    const graph = new Graph({
      name: "My Podcast: Épisode 2!",
      nodes: [fn("third", { y: second.text, x: first.text })],
    });
    expect([...graph.nodes.keys()]).toEqual(["first", "second", "third"]);
    expect(graph.persistKey).toBe("my_podcast_épisode_2");
    expect(graph.edges).toContainEqual({
      from: { node: "second", port: "text" },
      to: { node: "third", port: "y" },
      kind: "plain",
    });
    expect(graph.toMermaid()).toContain('n0["first"]');
  });

  test("unnamed nodes of one kind are numbered", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const make = () =>
      new GradioNode("https://huggingface.co/spaces/a/tts", { outputs: { audio: gr.Audio() } });
    expect([...new Graph({ name: "g", nodes: [make(), make()] }).nodes.keys()]).toEqual(["tts", "tts-2"]);
    expect(warn.mock.calls.flat().join()).toContain("Give them names");
    warn.mockRestore();
  });

  test("one component given to several inputs is one field with aliases", () => {
    const shared = gr.Textbox({ label: "Topic" });
    const graph = new Graph({
      name: "g",
      nodes: [fn("a", { x: shared }), fn("b", { y: shared, z: gr.Number() })],
    });
    expect([...graph.definition.fields.keys()]).toEqual(["a__x", "b__z"]);
    expect(graph.definition.aliases.get("b__y")).toBe("a__x");
  });

  test("scattering passes on through plain connections until it is gathered", () => {
    const each = new FnNode(({ t }) => t, {
      name: "each",
      inputs: { t: list().items.each.text },
      outputs: text(),
    });
    const next = new FnNode(({ t }) => t, { name: "next", inputs: { t: each.text }, outputs: text() });
    const all = new FnNode(({ ts }: { ts: string[] }) => ts.join(), {
      name: "all",
      inputs: { ts: next.text.all() },
      outputs: text(),
    });
    const { nodes } = new Graph({ name: "g", nodes: [all] }).definition;
    expect([...nodes.values()].map((node) => [node.name, node.scattered])).toEqual([
      ["list", false],
      ["each", true],
      ["next", true],
      ["all", false],
    ]);
  });

  test("a choice has the inputs of its variants and the ports they share", () => {
    const choice = fn("loud", { x: gr.Textbox() }).or(fn("soft", { y: gr.Number() }));
    const { nodes, fields } = new Graph({ name: "g", nodes: [choice] }).definition;
    expect([...nodes.keys()]).toEqual(["loud"]);
    expect([...fields.keys()]).toEqual(["loud__variant_0_x", "loud__variant_1_y"]);
    expect(nodes.get("loud")?.variants.map((variant) => variant.name)).toEqual(["loud", "soft"]);
  });

  test("a node is an ordinary object to the language and to tools", async () => {
    const node = fn("plain");
    expect(await Promise.resolve(node)).toBe(node);
    expect(inspect({ list: [node] })).toBe("{ list: [ FnNode(plain: text) ] }");
    expect(typeof JSON.stringify(node)).toBe("string");
    expect("text" in node).toBe(true);
    expect("tetx" in node).toBe(false);
    expect(node instanceof FnNode).toBe(true);
    expect(node instanceof GradioNode).toBe(false);
    expect(Object.keys(node)).toEqual(["name", "inputs", "outputs"]);
  });

  test("properties that Gradio has and we ignore are warned about once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    gr.Image({ type: "numpy" });
    gr.Image({ type: "pil" });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain("gr.Image ignores 'type'");
    warn.mockRestore();
  });
});
