/** A language model on this machine tells a story word by word, goes on with the conversation, and fills in a form. */
import { type ChatMessage, FnNode, Graph, gr, InferenceNode, InputNode } from "daggr";

// Ollama's address. Any other server that speaks OpenAI's API will do: llama.cpp, LM Studio, vLLM.
const endpointUrl = process.env["MODEL_URL"] ?? "http://localhost:11434";
const model = process.env["MODEL"] ?? "llama3.2";

const brief = new InputNode({
  name: "brief",
  ports: {
    hero: gr.Textbox({ label: "Hero", value: "a lighthouse keeper" }),
    place: gr.Textbox({ label: "Place", value: "a small island" }),
    words: gr.Slider({ label: "Words at most", minimum: 40, maximum: 400, step: 20, value: 80 }),
  },
});

const story = new InferenceNode(model, {
  name: "story",
  endpointUrl,
  task: "text-generation",
  inputs: {
    hero: brief.hero,
    place: brief.place,
    max_tokens: brief.words,
    temperature: 0.7,
    system: "You tell short stories for children.",
  },
  // What is left over goes to the model as it is: max_tokens, temperature.
  preprocess: ({ hero, place, ...rest }) => ({
    prompt: `Tell a short story about ${hero} in ${place}.`,
    ...rest,
  }),
  outputs: { text: gr.Markdown({ label: "Story" }), messages: gr.Hidden<ChatMessage[]>() },
});

// The same conversation, one turn later.
const ending = new InferenceNode(model, {
  name: "another ending",
  endpointUrl,
  task: "text-generation",
  inputs: {
    messages: story.messages,
    prompt: gr.Textbox({ label: "Ask for more", value: "Now tell another ending in one sentence." }),
    max_tokens: 60,
  },
  outputs: { messages: gr.Chatbot({ label: "Conversation" }), text: gr.Hidden<string>() },
});

interface Facts {
  title: string;
  mood: "calm" | "sad" | "funny" | "brave";
}

// The model answers in the shape of a schema: what comes out is data.
const facts = new InferenceNode(model, {
  name: "facts",
  endpointUrl,
  task: "text-generation",
  inputs: { story: story.text, max_tokens: 60 },
  preprocess: ({ story, ...rest }) => ({
    prompt: `Give this story a title and its mood:\n\n${story}`,
    ...rest,
  }),
  parameters: {
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "facts",
        schema: {
          type: "object",
          properties: {
            title: { type: "string", maxLength: 60 },
            mood: { enum: ["calm", "sad", "funny", "brave"] },
          },
          required: ["title", "mood"],
        },
      },
    },
  },
  outputs: { json: gr.JSON<Facts>({ label: "Facts" }) },
});

const page = new FnNode(
  ({ text, facts, ending }: { text: string; facts: Facts; ending: string }) =>
    `# ${facts.title}\n\n*A ${facts.mood} story*\n\n${text.trim()}\n\n---\n\n**Or else:** ${ending.trim()}`,
  {
    name: "page",
    inputs: { text: story.text, facts: facts.json, ending: ending.text },
    outputs: { page: gr.Markdown({ label: "Page" }) },
  },
);

export const graph = new Graph({ name: "Language model", nodes: [page] });

await graph.launch();
