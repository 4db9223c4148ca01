/** What an input of a task is; everything that has no slot goes as a parameter. */
export interface Slot {
  readonly name: string;
  /** Other names that are understood. */
  readonly aliases: readonly string[];
  readonly kind:
    | "text"
    | "texts"
    | "labels"
    | "image"
    | "images"
    | "audio"
    | "table"
    | "messages"
    | "numbers";
  readonly optional: boolean;
}

export interface TaskSpec {
  /** The first is the main one: any other name may stand for it. */
  readonly slots: readonly Slot[];
  /** The names of what comes back, the main one first. */
  readonly results: readonly string[];
}

const slot = (kind: Slot["kind"], name: string, ...aliases: string[]): Slot => ({
  name,
  aliases,
  kind,
  optional: false,
});
const maybe = (kind: Slot["kind"], name: string, ...aliases: string[]): Slot => ({
  ...slot(kind, name, ...aliases),
  optional: true,
});

const prompt = slot("text", "prompt", "text", "input", "inputs");
const text = slot("text", "text", "prompt", "input", "inputs");
const image = slot("image", "image", "input", "inputs");
const audio = slot("audio", "audio", "input", "inputs");
const question = slot("text", "question", "prompt", "text");
const labels = slot("labels", "candidate_labels", "labels", "candidateLabels");
const table = slot("table", "table", "data", "input", "inputs");

const chat: TaskSpec = {
  slots: [
    maybe("text", "prompt", "text", "message", "question", "input", "inputs"),
    maybe("messages", "messages", "history", "chat"),
    maybe("text", "system", "system_prompt", "systemPrompt"),
    maybe("images", "image", "images"),
    maybe("audio", "audio"),
  ],
  results: ["text", "messages", "json", "reasoning", "toolCalls", "finishReason", "usage"],
};
const makes = (result: string, ...slots: Slot[]): TaskSpec => ({ slots, results: [result] });
const classifies = (...slots: Slot[]): TaskSpec => ({ slots, results: ["label", "labels", "best"] });
const promptBeside = maybe("text", "prompt", "text");

/** Every task that can be run, by the name that the Hub has for it (`pipeline_tag`). */
export const TASKS = {
  "text-generation": chat,
  "text2text-generation": chat,
  conversational: chat,
  "image-text-to-text": chat,
  "audio-text-to-text": chat,
  "any-to-any": chat,
  "text-to-image": makes("image", prompt),
  "image-to-image": makes("image", image, promptBeside),
  "image-text-to-image": makes("image", { ...image, optional: true }, promptBeside),
  "text-to-video": makes("video", prompt),
  "image-to-video": makes("video", image, promptBeside),
  "image-text-to-video": makes("video", { ...image, optional: true }, promptBeside),
  "text-to-speech": makes("audio", text),
  "text-to-audio": makes("audio", text),
  "audio-to-audio": { slots: [audio], results: ["audio", "tracks"] },
  "automatic-speech-recognition": { slots: [audio], results: ["text", "chunks"] },
  "audio-classification": classifies(audio),
  "image-classification": classifies(image),
  "text-classification": classifies(text),
  "zero-shot-classification": classifies(text, labels),
  "zero-shot-image-classification": classifies(image, labels),
  "image-to-text": makes("text", image),
  "object-detection": makes("objects", image),
  "image-segmentation": { slots: [image], results: ["segments", "masks"] },
  "visual-question-answering": { slots: [image, question], results: ["answer", "score"] },
  "document-question-answering": { slots: [image, question], results: ["answer", "score"] },
  "question-answering": {
    slots: [question, slot("text", "context")],
    results: ["answer", "score", "start", "end"],
  },
  "table-question-answering": {
    slots: [slot("text", "query", "question", "prompt", "text"), table],
    results: ["answer", "cells", "coordinates", "aggregator"],
  },
  translation: makes("text", text),
  summarization: makes("text", text),
  "fill-mask": { slots: [text], results: ["candidates", "label", "best"] },
  "token-classification": { slots: [text], results: ["entities", "highlighted"] },
  "feature-extraction": makes("embedding", text),
  "sentence-similarity": makes(
    "scores",
    slot("text", "source_sentence", "sentence", "sourceSentence", "text"),
    slot("texts", "sentences", "other_sentences", "otherSentences"),
  ),
  "tabular-classification": makes("predictions", table),
  "tabular-regression": makes("predictions", table),
} as const satisfies Readonly<Record<string, TaskSpec>>;

/** A task that an {@link InferenceNode} can do, by the Hub's name for it. */
export type InferenceTask = keyof typeof TASKS;

export function isTask(name: string | undefined): name is InferenceTask {
  return name !== undefined && Object.hasOwn(TASKS, name);
}

export function specOf(task: InferenceTask): TaskSpec {
  return TASKS[task];
}

/** Tasks that a chat model does, whatever else does them. */
const CHAT: ReadonlySet<string> = new Set([
  "text-generation",
  "text2text-generation",
  "conversational",
  "image-text-to-text",
  "audio-text-to-text",
  "video-text-to-text",
  "any-to-any",
  "image-to-text",
  "visual-question-answering",
  "document-question-answering",
]);

/** Whether a model that chats can do it. */
export function canChat(task: string | undefined): boolean {
  return task === undefined || CHAT.has(task);
}

/** Whether it is done in a chat and in no other way. */
export function isChat(task: string | undefined): boolean {
  return task === undefined || (isTask(task) ? TASKS[task] === chat : CHAT.has(task));
}

/** What the inputs are to a task: by slot, and what is left over as parameters. */
export interface SortedInputs {
  readonly slots: Readonly<Record<string, { readonly port: string; readonly value: unknown }>>;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === "";

/**
 * Sorts inputs by name. Where none has a name of the main slot, the first other input whose value `fits` it is taken:
 * one calls a prompt `description` or a picture `photo`.
 */
export function sortInputs(
  spec: TaskSpec,
  inputs: Readonly<Record<string, unknown>>,
  fits: (value: unknown, slot: Slot, port: string) => boolean,
): SortedInputs {
  const slots: Record<string, { port: string; value: unknown }> = {};
  const taken = new Set<string>();
  for (const slot of spec.slots) {
    const port = [slot.name, ...slot.aliases].find((name) => name in inputs && !taken.has(name));
    if (port === undefined) continue;
    taken.add(port);
    if (!isNothing(inputs[port])) slots[slot.name] = { port, value: inputs[port] };
  }
  const [main] = spec.slots;
  if (main !== undefined && slots[main.name] === undefined && !("messages" in slots)) {
    const port = Object.keys(inputs).find((name) => !taken.has(name) && fits(inputs[name], main, name));
    if (port !== undefined) {
      taken.add(port);
      slots[main.name] = { port, value: inputs[port] };
    }
  }
  const rest = Object.entries(inputs).filter(([name, value]) => !taken.has(name) && !isNothing(value));
  return { slots, parameters: Object.fromEntries(rest) };
}

/** The slots that certainly get nothing, judged by the names of the inputs alone. */
export function missingSlots(spec: TaskSpec, names: readonly string[]): readonly Slot[] {
  const taken = new Set<string>();
  const missing: Slot[] = [];
  for (const slot of spec.slots) {
    const port = [slot.name, ...slot.aliases].find((name) => names.includes(name) && !taken.has(name));
    if (port !== undefined) taken.add(port);
    else if (!slot.optional) missing.push(slot);
  }
  const [main] = missing;
  // Any other name may stand for the main one.
  if (main !== undefined && main === spec.slots[0] && names.some((name) => !taken.has(name))) missing.shift();
  return missing;
}
