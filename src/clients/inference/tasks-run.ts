import type { InferenceClient } from "@huggingface/inference";
import { clientError } from "../client-errors.ts";
import type { InferenceTask, SortedInputs } from "./tasks.ts";
import { blobOf, type CallFiles, columnsOf, keep, textOf, textsOf } from "./values.ts";

export type Results = Readonly<Record<string, unknown>>;

/** Where a task is done: the arguments and options that every request has. */
export interface TaskCall extends CallFiles {
  readonly client: InferenceClient;
  readonly base: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

interface Scored {
  readonly label: string;
  readonly score: number;
}

/** What is sent, typed loosely: the client's types want each task's own parameters, which only its model knows. */
type Method = (args: Record<string, unknown>, options: Record<string, unknown>) => Promise<unknown>;

/** Does one task that is no chat. The results come by the names of its {@link TaskSpec}. */
export async function runTask(task: InferenceTask, inputs: SortedInputs, call: TaskCall): Promise<Results> {
  const prepare = PREPARE[task];
  if (prepare === undefined)
    throw clientError("UNSUPPORTED_TASK", `Task '${task}' is done by chat models only.`);
  const method = methodOf(task);
  const { inputs: value, parameters: own } = await prepare(inputs, call);
  const parameters = { ...inputs.parameters, ...own };
  const args = {
    ...call.base,
    ...(value === undefined ? {} : { inputs: value }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
  const client = call.client as unknown as Record<string, Method>;
  const answer = await client[method]!(args, { ...call.options });
  if (task === "token-classification") return readEntities(answer, String(value));
  return READ[task]!(answer, call);
}

/** `text-to-image` is `textToImage`. */
function methodOf(task: InferenceTask): string {
  return task.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

interface Prepared {
  readonly inputs?: unknown;
  readonly parameters?: Readonly<Record<string, unknown>>;
}
type Prepare = (inputs: SortedInputs, call: TaskCall) => Promise<Prepared>;

const textIn = ({ slots }: SortedInputs, name: string): string => {
  const given = slots[name];
  if (given === undefined) throw missing(name);
  return textOf(given.value, given.port);
};
const fileIn = ({ slots }: SortedInputs, name: string, call: TaskCall): Promise<Blob> => {
  const given = slots[name];
  if (given === undefined) throw missing(name);
  return blobOf(given.value, given.port, call);
};

function missing(name: string): Error {
  return clientError("MISSING_INPUT", `The model needs a value for '${name}'.`, { port: name });
}

const ofText =
  (name: string): Prepare =>
  async (inputs) => ({ inputs: textIn(inputs, name) });
const ofFile =
  (name: string): Prepare =>
  async (inputs, call) => ({ inputs: await fileIn(inputs, name, call) });
const ofImageAndPrompt: Prepare = async (inputs, call) => ({
  ...(inputs.slots["image"] === undefined ? {} : { inputs: await fileIn(inputs, "image", call) }),
  ...(inputs.slots["prompt"] === undefined ? {} : { parameters: { prompt: textIn(inputs, "prompt") } }),
});
const ofImageAndQuestion: Prepare = async (inputs, call) => ({
  inputs: { image: await fileIn(inputs, "image", call), question: textIn(inputs, "question") },
});
const labelsIn = ({ slots }: SortedInputs): string[] => {
  const given = slots["candidate_labels"];
  if (given === undefined) throw missing("candidate_labels");
  return textsOf(given.value, given.port, /[\n,]/);
};
const tableIn = ({ slots }: SortedInputs): Record<string, string[]> => {
  const given = slots["table"];
  if (given === undefined) throw missing("table");
  return columnsOf(given.value, given.port);
};

const PREPARE: Readonly<Partial<Record<InferenceTask, Prepare>>> = {
  "text-to-image": ofText("prompt"),
  "text-to-video": ofText("prompt"),
  "text-to-speech": ofText("text"),
  "text-to-audio": ofText("text"),
  "image-to-image": ofImageAndPrompt,
  "image-to-video": ofImageAndPrompt,
  "image-text-to-image": ofImageAndPrompt,
  "image-text-to-video": ofImageAndPrompt,
  "audio-to-audio": ofFile("audio"),
  "automatic-speech-recognition": ofFile("audio"),
  "audio-classification": ofFile("audio"),
  "image-classification": ofFile("image"),
  "image-to-text": ofFile("image"),
  "object-detection": ofFile("image"),
  "image-segmentation": ofFile("image"),
  "visual-question-answering": ofImageAndQuestion,
  "document-question-answering": ofImageAndQuestion,
  "text-classification": ofText("text"),
  "token-classification": ofText("text"),
  "fill-mask": ofText("text"),
  translation: ofText("text"),
  summarization: ofText("text"),
  "feature-extraction": async ({ slots }) => {
    const given = slots["text"];
    if (given === undefined) throw missing("text");
    return {
      inputs: Array.isArray(given.value)
        ? textsOf(given.value, given.port, /\n/)
        : textOf(given.value, given.port),
    };
  },
  "zero-shot-classification": async (inputs) => ({
    inputs: textIn(inputs, "text"),
    parameters: { candidate_labels: labelsIn(inputs) },
  }),
  "zero-shot-image-classification": async (inputs, call) => ({
    inputs: await fileIn(inputs, "image", call),
    parameters: { candidate_labels: labelsIn(inputs) },
  }),
  "question-answering": async (inputs) => ({
    inputs: { question: textIn(inputs, "question"), context: textIn(inputs, "context") },
  }),
  "table-question-answering": async (inputs) => ({
    inputs: { query: textIn(inputs, "query"), table: tableIn(inputs) },
  }),
  "sentence-similarity": async (inputs) => {
    const given = inputs.slots["sentences"];
    if (given === undefined) throw missing("sentences");
    return {
      inputs: {
        source_sentence: textIn(inputs, "source_sentence"),
        sentences: textsOf(given.value, given.port, /\n/),
      },
    };
  },
  "tabular-classification": async (inputs) => ({ inputs: { data: tableIn(inputs) } }),
  "tabular-regression": async (inputs) => ({ inputs: { data: tableIn(inputs) } }),
};

/**
 * Answers that the Hub's own servers and endpoints give and Python's client takes, in the shape that this client wants:
 * a caption in a list, the labels of one text without a list around them.
 */
export const MENDS: Readonly<Partial<Record<InferenceTask, (answer: unknown) => unknown>>> = {
  "image-to-text": (answer) => (Array.isArray(answer) && answer.length === 1 ? answer[0] : answer),
  "text-classification": (answer) =>
    Array.isArray(answer) && answer.length > 0 && !Array.isArray(answer[0]) ? [answer] : answer,
};

type Read = (answer: any, call: TaskCall) => Promise<Results> | Results;

const readImage: Read = async (answer, { files }) => ({ image: await keep(answer, "image", "png", files) });
const readVideo: Read = async (answer, { files }) => ({ video: await keep(answer, "video", "mp4", files) });
const readAudio: Read = async (answer, { files }) => ({ audio: await keep(answer, "audio", "wav", files) });
const readLabels: Read = (answer: readonly Scored[]) => {
  const labels = listOf(answer).toSorted((a, b) => b.score - a.score);
  return { label: byLabel(labels), labels, best: labels[0]?.label ?? null };
};
const readAnswer: Read = (answer) => ({ answer: answer?.answer ?? null, score: answer?.score ?? null });

const READ: Readonly<Partial<Record<InferenceTask, Read>>> = {
  "text-to-image": readImage,
  "image-to-image": readImage,
  "image-text-to-image": readImage,
  "text-to-video": readVideo,
  "image-to-video": readVideo,
  "image-text-to-video": readVideo,
  "text-to-speech": readAudio,
  "text-to-audio": readAudio,
  "audio-to-audio": async (answer, { files }) => {
    const tracks = await Promise.all(
      listOf<{ label: string; blob: string; "content-type": string }>(answer).map(async (track) => {
        const blob = new Blob([Buffer.from(track.blob, "base64")], { type: track["content-type"] });
        return { label: track.label, audio: await keep(blob, "audio", "wav", files) };
      }),
    );
    if (tracks[0] === undefined) throw clientError("INFERENCE_ANSWER", "The model answered without a sound.");
    return { audio: tracks[0].audio, tracks };
  },
  "automatic-speech-recognition": (answer) => ({ text: answer?.text ?? "", chunks: answer?.chunks ?? [] }),
  "audio-classification": readLabels,
  "image-classification": readLabels,
  "text-classification": readLabels,
  "zero-shot-classification": readLabels,
  "zero-shot-image-classification": readLabels,
  "image-to-text": (answer) => ({ text: answer?.generated_text ?? "" }),
  "object-detection": (answer) => ({ objects: listOf(answer) }),
  "image-segmentation": async (answer, { files }) => {
    const segments = await Promise.all(
      listOf<{ label: string; score?: number; mask: string }>(answer).map(async ({ mask, ...segment }) => {
        const blob = new Blob([Buffer.from(mask.replace(/^data:[^,]*,/, ""), "base64")], {
          type: "image/png",
        });
        return { ...segment, mask: await keep(blob, "mask", "png", files) };
      }),
    );
    return { segments, masks: segments.map(({ label, mask }) => ({ image: mask, caption: label })) };
  },
  "visual-question-answering": readAnswer,
  "document-question-answering": readAnswer,
  "question-answering": (answer) => ({
    answer: answer?.answer ?? null,
    score: answer?.score ?? null,
    start: answer?.start ?? null,
    end: answer?.end ?? null,
  }),
  "table-question-answering": (answer) => ({
    answer: answer?.answer ?? null,
    cells: answer?.cells ?? [],
    coordinates: answer?.coordinates ?? [],
    aggregator: answer?.aggregator ?? "",
  }),
  translation: (answer) => ({ text: answer?.translation_text ?? "" }),
  summarization: (answer) => ({ text: answer?.summary_text ?? "" }),
  "fill-mask": (answer) => {
    const candidates = listOf<{ score: number; token_str: string; sequence: string }>(answer);
    const scores = candidates.map(({ token_str, score }) => ({ label: token_str.trim(), score }));
    return { candidates, label: byLabel(scores), best: candidates[0]?.sequence ?? null };
  },
  "feature-extraction": (answer) => ({ embedding: answer }),
  "sentence-similarity": (answer) => ({ scores: answer }),
  "tabular-classification": (answer) => ({ predictions: answer }),
  "tabular-regression": (answer) => ({ predictions: answer }),
};

function listOf<T = Scored>(answer: unknown): T[] {
  if (Array.isArray(answer)) return answer as T[];
  throw clientError("INFERENCE_ANSWER", "The model answered with something else than a list.");
}

/** By label, the likeliest first, as `gr.Label` takes it. */
function byLabel(scores: readonly Scored[]): Record<string, number> {
  return Object.fromEntries(scores.map(({ label, score }) => [label, score]));
}

interface Entity {
  readonly entity_group?: string;
  readonly entity?: string;
  readonly score: number;
  readonly start?: number;
  readonly end?: number;
}

/** Entities, and the text taken apart at them, as `gr.HighlightedText` takes it. */
function readEntities(answer: unknown, text: string): Results {
  const entities = listOf<Entity>(answer);
  const highlighted: [string, string | null][] = [];
  let at = 0;
  for (const { start, end, entity_group, entity } of entities.toSorted(
    (a, b) => (a.start ?? 0) - (b.start ?? 0),
  )) {
    if (start === undefined || end === undefined || start < at) continue;
    if (start > at) highlighted.push([text.slice(at, start), null]);
    highlighted.push([text.slice(start, end), entity_group ?? entity ?? null]);
    at = end;
  }
  if (at < text.length) highlighted.push([text.slice(at), null]);
  return { entities, highlighted };
}
