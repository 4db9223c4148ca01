// Every mistake below must stay a compile error. The messages they give are checked in messages.test.ts.
import { GradioNode, gr } from "daggr";
import { paint } from "./right.test-d.ts";

const outputs = { image: gr.Image() };

// 01 an endpoint that the Space does not have
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/pain", inputs: { prompt: "a", image: null }, outputs });
// 02 no endpoint where there are several
// @ts-expect-error
new GradioNode("ada/painter", { inputs: { prompt: "a", image: null }, outputs });
// 03 a parameter that the endpoint does not have
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { promt: "a", image: null }, outputs });
// 04 a missing parameter
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a" }, outputs });
// 05 a constant of the wrong type
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: 5, image: null }, outputs });
// 06 a choice that does not exist
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null, style: "oill" }, outputs });
// 07 a port of the wrong type
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: paint.seed, image: null }, outputs });
// 08 a component of the wrong type
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: gr.Number(), image: null }, outputs });
// 09 a component with other choices
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null, style: gr.Radio({ choices: ["oil", "pen"] }) }, outputs });
// 10 any text where one of the choices is meant
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null, style: gr.Textbox() }, outputs });
// 11 a function that gives the wrong type
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null, steps: () => "20" }, outputs });
// 12 a choice of several that does not exist
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null, tags: ["hot"] }, outputs });
// 13 more outputs than are returned
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null }, outputs: { image: gr.Image(), seed: gr.Number(), third: gr.Textbox() } });
// 14 an output of a type that is not returned
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/variations", inputs: { image: "a.png" }, outputs: { pictures: gr.Image() } });
// 15 a node instead of one of its ports
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/variations", inputs: { image: paint }, outputs: { pictures: gr.Gallery() } });
// 16 an option that does not exist
// @ts-expect-error
new GradioNode("ada/painter", { apiNam: "/variations", outputs: { pictures: gr.Gallery() } });
// 17 a reserved output name
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/variations", inputs: { image: "a.png" }, outputs: { test: gr.Gallery() } });
// 18 the same mistakes with the address of the Space's page
// @ts-expect-error
new GradioNode("https://huggingface.co/spaces/ada/painter", { apiName: "/variations", inputs: { img: "a" }, outputs: { pictures: gr.Gallery() } });
// 19 and with the address of an app
// @ts-expect-error
new GradioNode("http://127.0.0.1:7860/", { inputs: { txt: "a" }, outputs: { data: gr.Textbox() } });
// 20 the wrong endpoint's parameter
// @ts-expect-error
new GradioNode("ada/slider", { apiName: "/_hidden", inputs: { image: "a" }, outputs: {} });
// 21 an output of the wrong type beside right ones
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null }, outputs: { image: gr.Image(), ok: gr.Checkbox() } });
// 22 null for a text
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: null, image: null }, outputs });
// 23 a port that may carry nothing typed
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/variations", inputs: { image: new GradioNode("x/y", { outputs: { any: null } }).any }, outputs: { pictures: gr.Gallery() } });
// 24 the parameters of a hook
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null }, postprocess: (image: number) => image, outputs: { n: gr.Number() } });
// 25 a component's value that is not among the choices of the component
// @ts-expect-error
new GradioNode("ada/painter", { apiName: "/paint", inputs: { prompt: "a", image: null, style: gr.Radio({ choices: ["oil", "ink"], value: "pen" }) }, outputs });
