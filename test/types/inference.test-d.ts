// What an InferenceNode's ports carry: by the task where the script says it, else by its components.
import {
  type ChatMessage,
  type DetectedObject,
  FnNode,
  gr,
  InferenceNode,
  type Port,
  type ToolCall,
} from "daggr";
import { picture } from "./setup.ts";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const is = <T>(_value: T): void => {};
const equal = <A, B>(_yes: Equal<A, B>): void => {};

const image = new InferenceNode("black-forest-labs/FLUX.1-schnell:fal-ai", {
  task: "text-to-image",
  inputs: { prompt: gr.Textbox(), num_inference_steps: 4, seed: () => Math.random() },
});
is<Port<string>>(image.image);
equal<typeof image.name, "FLUX.1-schnell">(true);

const chat = new InferenceNode("HuggingFaceTB/SmolLM3-3B", {
  task: "text-generation",
  inputs: { prompt: "Hi", image: picture.image, temperature: gr.Slider() },
  outputs: {
    text: gr.Markdown(),
    messages: gr.Chatbot(),
    toolCalls: gr.JSON<ToolCall[]>(),
    json: gr.JSON<unknown>(),
    hidden: null,
    usage: gr.Hidden(),
  },
});
is<Port<string>>(chat.text);
is<Port<ChatMessage[]>>(chat.messages);
is<Port<ToolCall[]>>(chat.toolCalls);
is<Port<unknown>>(chat.hidden);
new InferenceNode("a/b", { task: "text-generation", inputs: { messages: chat.messages, prompt: "More" } });

is<Port<{ label: string; score: number }[]>>(
  new InferenceNode("a/b", {
    task: "text-classification",
    outputs: { labels: gr.JSON<{ label: string; score: number }[]>() },
  }).labels,
);
is<Port<DetectedObject[]>>(new InferenceNode("a/b", { task: "object-detection" }).objects);
is<Port<string>>(
  new InferenceNode("a/b", { task: "automatic-speech-recognition", inputs: { audio: gr.Audio() } }).text,
);
is<Port<string>>(new InferenceNode("a/b", { task: "question-answering" }).answer);
is<Port<number[]>>(new InferenceNode("a/b", { task: "sentence-similarity" }).scores);

// Without a task the components say what the ports carry.
const free = new InferenceNode("a/b", { inputs: { anything: picture.seed }, outputs: { made: gr.Image() } });
is<Port<string>>(free.made);
is<Port<unknown>>(new InferenceNode("a/b").output);
const local = new InferenceNode("llama3.2:3b", {
  endpointUrl: "http://localhost:11434",
  task: "conversational",
});
is<Port<string>>(local.text);
equal<typeof local.name, "llama3.2">(true);

// An item at a time.
const words = new FnNode(() => ["a"], { name: "words", outputs: { list: gr.JSON<string[]>() } });
const each = new InferenceNode("a/b", { task: "text-to-speech", inputs: { text: words.list.each } });
is<Port<string[]>>(each.audio.all());

// What the task does not take or give.
// @ts-expect-error a number where the task takes a text
new InferenceNode("a/b", { task: "text-to-image", inputs: { prompt: picture.seed } });
// @ts-expect-error a component of another type
new InferenceNode("a/b", { task: "automatic-speech-recognition", inputs: { audio: gr.Number() } });
// @ts-expect-error a result that the component cannot carry
new InferenceNode("a/b", { task: "text-to-image", outputs: { image: gr.Number() } });
// @ts-expect-error a task that there is not
new InferenceNode("a/b", { task: "text-to-smell" });
// @ts-expect-error a port that the node has not
new InferenceNode("a/b", { task: "text-to-image" }).video;
// @ts-expect-error an option that there is not
new InferenceNode("a/b", { apiName: "/predict" });
// @ts-expect-error a reserved name
new InferenceNode("a/b", { outputs: { test: gr.Image() } });
// @ts-expect-error a node instead of one of its ports
new InferenceNode("a/b", { inputs: { prompt: image } });
// The hooks know the task's results.
new InferenceNode("a/b", { task: "text-to-image", postprocess: (path, { image }) => path.concat(image) });
// @ts-expect-error a picture's path is no number
new InferenceNode("a/b", { task: "text-to-image", postprocess: (path) => path.toFixed(2) });
