// What must compile with types of Spaces.
import { FnNode, GradioNode, Graph, gr, type ItemPort, oneOf, type Picture, type Port } from "daggr";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<T>() {
  return <A>(_value: A, ..._equal: Equal<A, T> extends true ? [] : [never]): void => {};
}

const words = new FnNode(() => ["a", "b"], {
  name: "words",
  inputs: {},
  outputs: { list: gr.JSON<string[]>() },
});
const style = new FnNode((): "oil" | "ink" => "oil", {
  name: "style",
  inputs: {},
  outputs: { style: gr.Hidden<"oil" | "ink">() },
});

export const paint = new GradioNode("ada/painter", {
  apiName: "/paint",
  inputs: {
    prompt: gr.Textbox({ label: "Prompt" }),
    image: null,
    style: gr.Radio({ choices: ["oil", "ink"], value: "ink" }),
    tags: ["warm"],
    font: "any other",
    steps: () => Math.round(Math.random() * 10),
    extra: { anything: [1, "two", null] },
    "seed-number": gr.Number({ value: 3 }),
  },
  outputs: { image: gr.Image(), seed: gr.Number() },
});
expectType<Port<string>>()(paint.image);
expectType<Port<number>>()(paint.seed);
expectType<"painter">()(paint.name);

// Constants, ports and functions of the right types.
new GradioNode("ada/painter", {
  apiName: "/paint",
  inputs: { prompt: "a", image: paint.image, style: style.style, tags: () => ["cold"], extra: paint.seed },
  outputs: { image: gr.Image(), seed: null },
});
// Scattered, and fewer outputs than are returned.
const each = new GradioNode("ada/painter", {
  apiName: "/paint",
  inputs: { prompt: words.list.each, image: null },
  outputs: { image: gr.Image() },
});
expectType<ItemPort<string>>()(each.image);
// Without `inputs`: they come by `graph.edge`.
const later = new GradioNode("ada/painter", { apiName: "/variations", outputs: { pictures: gr.Gallery() } });
expectType<Port<Picture[]>>()(later.pictures);
new Graph({ name: "g", nodes: [later] }).edge(paint.image, later.input("image"));
// A narrower reading of what is returned is the script's own claim; a wider one is harmless.
new GradioNode("ada/painter", {
  apiName: "/variations",
  inputs: { image: "a.png" },
  outputs: { pictures: gr.JSON<{ image: string; caption: string }[]>() },
});
new GradioNode("ada/painter", {
  apiName: "/variations",
  inputs: { image: "a.png" },
  outputs: { pictures: gr.JSON() },
});
new GradioNode("ada/painter", {
  apiName: "/variations",
  inputs: { image: "a.png" },
  outputs: { pictures: gr.Hidden() },
});
// What a function draws may be one of the choices.
new GradioNode("ada/tones", {
  inputs: { tone: () => (Math.random() < 0.5 ? "warm" : "cold"), tones: () => ["warm"] },
  outputs: {},
});
// Hooks reshape what goes in and out.
new GradioNode("ada/painter", {
  apiName: "/paint",
  inputs: { title: "a", colour: gr.ColorPicker() },
  preprocess: ({ title }) => ({ prompt: title, image: null }),
  postprocess: (image, seed) => {
    expectType<string>()(image);
    expectType<number>()(seed);
    return { one: image, two: seed, three: `${image} ${seed}` };
  },
  outputs: { one: gr.Image(), two: gr.Number(), three: gr.Textbox() },
});
new GradioNode("ada/painter", {
  apiName: "/paint",
  inputs: { nothing: 1 },
  preprocess: (inputs) => inputs,
  outputs: { image: gr.Image() },
});
// However the source is written.
for (const inputs of [{ image: "a.png" }]) {
  new GradioNode("https://huggingface.co/spaces/ada/painter", {
    apiName: "/variations",
    inputs,
    outputs: { p: gr.Gallery() },
  });
  new GradioNode("https://hf.co/spaces/ada/painter/", {
    apiName: "/variations",
    inputs,
    outputs: { p: gr.Gallery() },
  });
}
// The only documented endpoint; the pair of an ImageSlider as one output or two.
new GradioNode("ada/slider", { inputs: { image: "a.png" }, outputs: { both: gr.ImageSlider() } });
new GradioNode("ada/slider", {
  inputs: { image: "a.png" },
  outputs: { left: gr.Image(), right: gr.Image() },
});
new GradioNode("ada/slider", { apiName: "/_hidden", outputs: {} });
// `/predict`, and a value of which nothing is known.
new GradioNode("http://127.0.0.1:7860/", { inputs: { text: "a" }, outputs: { data: gr.Dataframe() } });
// Variants.
oneOf(paint, new GradioNode("x/y", { outputs: { image: gr.Image(), seed: gr.Number() } }));

// Apps that were not added, and sources that are no literals, are as loose as ever.
const source: string = "ada/painter";
new GradioNode(source, {
  apiName: "/anything",
  inputs: { whatever: 5 },
  outputs: { a: gr.Number(), b: gr.Number(), c: null },
});
new GradioNode("x/y", {
  apiName: "/anything",
  inputs: { whatever: paint.seed },
  outputs: { a: gr.Number() },
});
new GradioNode("https://x.example/app", { inputs: { whatever: () => 1 }, outputs: { a: gr.Number() } });
declare const either: "ada/painter" | "x/y";
new GradioNode(either, { name: "either", apiName: "/anything", outputs: { a: gr.Number() } });
const apiName = "/paint" as string;
new GradioNode("x/y", { apiName, outputs: { a: gr.Number() } });
