/** daggr's quick start: a picture for a prompt, then its background made transparent. */
import { GradioNode, Graph, gr } from "daggr";

// Any Gradio app will do: a Space ("hf-applications/Z-Image-Turbo"), or the one of this folder.
const tools = process.env["TOOLS_URL"] ?? "http://127.0.0.1:7971";

const image = new GradioNode(tools, {
  name: "draw",
  apiName: "/generate_image",
  inputs: {
    prompt: gr.Textbox({ label: "Prompt", value: "A cheetah sprints across the grassy savanna.", lines: 3 }),
    height: 768, // fixed: not on the canvas
    width: 768,
    seed: () => Math.random(), // called anew each time the node runs
  },
  outputs: { image: gr.Image({ label: "Image" }) },
});

const background = new GradioNode(tools, {
  name: "remove background",
  apiName: "/image",
  inputs: { image: image.image }, // connects the two nodes
  outputs: { original: null, final: gr.Image({ label: "Final image" }) },
});

export const graph = new Graph({ name: "Transparent background", nodes: [image, background] });

await graph.launch();
