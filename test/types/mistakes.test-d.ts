// Every mistake below must stay a compile error. The messages they give are checked in messages.test.ts.
import {
  ApproveNode,
  AskNode,
  ChooseNode,
  FnNode,
  GradioNode,
  Graph,
  gr,
  InputNode,
  oneOf,
  type Port,
} from "daggr";
import { cut, dialogue, picture, samples, settings, summarize } from "./setup.ts";

const text = { summary: gr.Textbox() };

// 01 a typo in a port name
// @ts-expect-error
new GradioNode("x/y", { inputs: { image: picture.imgae }, outputs: { image: gr.Image() } });
// 02 a wrong input key
// @ts-expect-error
new FnNode(summarize, { inputs: { txt: dialogue.title }, outputs: text });
// 03 a wrong optional input key
// @ts-expect-error
new FnNode(summarize, { inputs: { text: dialogue.title, maxWrds: 3 }, outputs: text });
// 04 a missing input
// @ts-expect-error
new FnNode(summarize, { inputs: { maxWords: 3 }, outputs: text });
// 05 a port of the wrong type
// @ts-expect-error
new FnNode(summarize, { inputs: { text: picture.seed }, outputs: text });
// 06 a component of the wrong type
// @ts-expect-error
new FnNode(summarize, { inputs: { text: gr.Number() }, outputs: text });
// 07 a constant of the wrong type
// @ts-expect-error
new FnNode(summarize, { inputs: { text: 5 }, outputs: text });
// 08 a literal that is not in the union
// @ts-expect-error
new FnNode(cut, { inputs: { image: picture.image, side: "lft" }, outputs: { image: gr.Image(), width: gr.Number() }, });
// 09 a node instead of one of its ports
// @ts-expect-error
new FnNode(summarize, { inputs: { text: picture }, outputs: text });
// 10 the same for a GradioNode
// @ts-expect-error
new GradioNode("x/y", { inputs: { image: picture }, outputs: { image: gr.Image() } });
// 11 a return value that does not fit the only output
// @ts-expect-error
new FnNode(summarize, { inputs: { text: "a" }, outputs: { length: gr.Number() } });
// 12 an inline return value that does not fit
// @ts-expect-error
new FnNode(({ text }) => text.length, { inputs: { text: picture.image }, outputs: text });
// 13 several outputs, one of them missing in the result
// @ts-expect-error
new FnNode(cut, { inputs: { image: picture.image, side: "left" }, outputs: { image: gr.Image(), height: gr.Number() }, });
// 14 `.each` on a port that is no list
// @ts-expect-error
new FnNode(summarize, { inputs: { text: dialogue.title.each }, outputs: text });
// 15 a field of `.each` when the list has no item type
// @ts-expect-error
new FnNode(summarize, { inputs: { text: dialogue.raw.each.text }, outputs: text });
// 16 a typo in a field of `.each`
// @ts-expect-error
new FnNode(summarize, { inputs: { text: dialogue.lines.each.txt }, outputs: text });
// 17 gathering a node that is not scattered
// @ts-expect-error
new FnNode(({ all }: { all: string[] }) => all.join(), { inputs: { all: picture.image.all() }, outputs: text, });
// 18 a scattered port where a list is needed (forgot `.all()`)
// @ts-expect-error
new FnNode(({ all }: { all: string[] }) => all.join(), { inputs: { all: samples.audio }, outputs: text });
// 19 variants with different outputs
// @ts-expect-error
oneOf(picture, new GradioNode("x/y", { outputs: { picture: gr.Image(), seed: gr.Number() } }));
// 20 variants whose outputs carry different values
// @ts-expect-error
oneOf(picture, new GradioNode("x/y", { outputs: { image: gr.Number(), seed: gr.Number() } }));
// 21 a reserved output name
// @ts-expect-error
new GradioNode("x/y", { outputs: { test: gr.Image() } });
// 22 another reserved one
// @ts-expect-error
new FnNode(() => "a", { inputs: {}, outputs: { or: gr.Textbox() } });
// 23 a reserved port of an InputNode
// @ts-expect-error
new InputNode({ ports: { name: gr.Textbox() } });
// 24 an option that does not exist
// @ts-expect-error
new GradioNode("x/y", { apiNam: "/infer", outputs: { image: gr.Image() } });
// 25 an option of FnNode that does not exist
// @ts-expect-error
new FnNode(summarize, { inputs: { text: "a" }, outputs: text, retrys: 3 });
// 26 an option of the wrong type
// @ts-expect-error
new FnNode(summarize, { inputs: { text: "a" }, outputs: text, retries: "3" });
// 27 a helper that is given the wrong port
declare function upscale(image: Port<string>): void;
// @ts-expect-error
upscale(picture.seed);
// 28 a parameter of an inline function that is not in `inputs`
// @ts-expect-error
new FnNode(({ text, extra }) => text + extra, { inputs: { text: picture.image }, outputs: text });
// 29 something that is no component in `outputs`
// @ts-expect-error
new InputNode({ ports: { topic: "AI" } });
// 30 a component's value of the wrong type
// @ts-expect-error
gr.Textbox({ value: 5 });
// 31 a value that is not among the choices
// @ts-expect-error
gr.Dropdown({ choices: ["calm", "lively"], value: "clam" });
// 32 several values without `multiselect`
// @ts-expect-error
gr.Dropdown({ choices: ["calm", "lively"], value: ["calm"] });
// 33 a property that the component does not have
// @ts-expect-error
gr.Slider({ minimun: 1 });
// 34 choices are missing
// @ts-expect-error
gr.Radio({ label: "Tone" });
// 35 a property of the wrong type
// @ts-expect-error
gr.Number({ minimum: "1" });
// 36 a hidden output of unknown type where a text is meant
// @ts-expect-error
new FnNode(summarize, { inputs: { text: dialogue.hidden }, outputs: text });
// 37 a union that is too wide
// @ts-expect-error
new FnNode(cut, { inputs: { image: picture.image, side: settings.tone }, outputs: { image: gr.Image(), width: gr.Number() }, });
// 38 a list where one value is meant
// @ts-expect-error
new FnNode(summarize, { inputs: { text: gr.File({ fileCount: "multiple" }) }, outputs: text });
// 39 a gathered list where one value is meant
// @ts-expect-error
new FnNode(summarize, { inputs: { text: samples.audio.all() }, outputs: text });
// 40 a function input that gives the wrong type
// @ts-expect-error
new FnNode(summarize, { inputs: { text: () => 5 }, outputs: text });
// 41 a graph without a name
// @ts-expect-error
new Graph({ nodes: [picture] });
// 42 a port instead of a node in a graph
// @ts-expect-error
new Graph({ name: "g", nodes: [picture.image] });
// 43 an edge that ends at a port instead of an input
// @ts-expect-error
new Graph({ name: "g", nodes: [picture] }).edge(picture.image, picture.seed);
// 44 an edge that starts at a node
// @ts-expect-error
new Graph({ name: "g", nodes: [picture] }).edge(picture, picture.input("prompt"));
// 45 an output of a run that the node does not have
// @ts-expect-error
(await new Graph({ name: "g", nodes: [samples] }).run()).samples.video;
// 46 a node of a run that the graph does not have
// @ts-expect-error
(await new Graph({ name: "g", nodes: [samples] }).run()).sampels;
// 47 the outputs of a scattered node are lists
// @ts-expect-error
(await new Graph({ name: "g", nodes: [samples] }).run()).samples.audio.toUpperCase();
// 48 an item list's field of the wrong kind
// @ts-expect-error
gr.ItemList({ speaker: "Host" });
// 49 a typo in a field of an item list
// @ts-expect-error
new FnNode(summarize, { inputs: { text: new InputNode({ ports: { cast: gr.ItemList({ speaker: gr.Textbox() }) } }).cast.each.speeker, }, outputs: text, });
// 50 GradioNode without outputs
// @ts-expect-error
new GradioNode("x/y", { inputs: {} });
// 51 a yield that does not fit the only output
// @ts-expect-error
new FnNode(function* () { yield 5; }, { inputs: {}, outputs: text });
// 52 a mode that does not exist
// @ts-expect-error
new Graph({ name: "g", nodes: [samples] }).run({}, { mode: "fresh" });
// 53 a whole node to be approved instead of one of its ports
// @ts-expect-error
new ApproveNode({ inputs: { image: picture } });
// 54 a function to be approved
// @ts-expect-error
new ApproveNode({ inputs: { seed: () => Math.random() } });
// 55 an approved input that cannot be an output
// @ts-expect-error
new ApproveNode({ inputs: { name: picture.image } });
// 56 a component that does not fit what is approved
// @ts-expect-error
new ApproveNode({ inputs: { image: picture.image }, components: { image: gr.Number() } });
// 57 a choice of what is no list
// @ts-expect-error
new ChooseNode({ inputs: { options: picture.image } });
// 58 a choice of items without gathering them
// @ts-expect-error
new ChooseNode({ inputs: { options: samples.audio } });
// 59 another input of a choice
// @ts-expect-error
new ChooseNode({ inputs: { option: dialogue.lines } });
// 60 a form without ports
// @ts-expect-error
new AskNode({ inputs: { image: picture.image } });
// 61 a port of a form that the node does not have
// @ts-expect-error
new FnNode(summarize, { inputs: { text: new AskNode({ ports: { title: gr.Textbox() } }).titel }, outputs: text });
// 62 the answer of a form in another shape
// @ts-expect-error
new Graph({ name: "g", nodes: [samples] }).run({}, { onAsk: () => ({ answer: "yes" }) });
