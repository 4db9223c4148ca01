import type { Json } from "../base/json.ts";
import type { Invalid, MaybePromise } from "../base/types.ts";
import type { ToolCall } from "../clients/inference/chat.ts";
import type { InferenceTask } from "../clients/inference/tasks.ts";
import type { ChatMessage, DataframeValue, HighlightedTextValue, LabelValue } from "../components/data.ts";
import type { Picture } from "../components/media.ts";
import type { Component } from "../graph/component.ts";
import type { InputFor } from "../graph/node.ts";
import type { ItemSource, Port } from "../graph/port.ts";

/** A part of a message that holds more than text, as OpenAI's API has it. */
export type MessagePart = { type: string } & { [key: string]: unknown };

/** A message of a conversation: what `gr.Chatbot` carries, and calls of tools and their results. */
export interface InferenceMessage {
  role: "user" | "assistant" | "system" | "tool";
  content: string | null | MessagePart[];
  /** Paths of pictures, sounds and videos. */
  files?: string[];
  tool_calls?: unknown[];
  tool_call_id?: string;
}

interface Prompt {
  prompt: string;
  text: string;
  input: string;
  inputs: string;
}
interface ImageIn {
  image: string;
  input: string;
  inputs: string;
}
interface AudioIn {
  audio: string;
  input: string;
  inputs: string;
}
interface Labels {
  candidate_labels: string | readonly string[];
  labels: string | readonly string[];
  candidateLabels: string | readonly string[];
}
type Question = { question: string; prompt: string; text: string };
type Table = DataframeValue | Readonly<Record<string, readonly (string | number | null)[]>>;

interface ChatInputs extends Prompt {
  message: string;
  question: string;
  /** The conversation before the prompt. */
  messages: readonly (ChatMessage | InferenceMessage)[];
  history: readonly (ChatMessage | InferenceMessage)[];
  chat: readonly (ChatMessage | InferenceMessage)[];
  system: string;
  system_prompt: string;
  systemPrompt: string;
  image: string | readonly string[] | readonly Picture[];
  images: string | readonly string[] | readonly Picture[];
  audio: string;
}
type PictureTask = ImageIn & { prompt: string; text: string };

interface InputsByTask {
  "text-generation": ChatInputs;
  "text2text-generation": ChatInputs;
  conversational: ChatInputs;
  "image-text-to-text": ChatInputs;
  "audio-text-to-text": ChatInputs;
  "any-to-any": ChatInputs;
  "text-to-image": Prompt;
  "image-to-image": PictureTask;
  "image-text-to-image": PictureTask;
  "text-to-video": Prompt;
  "image-to-video": PictureTask;
  "image-text-to-video": PictureTask;
  "text-to-speech": Prompt;
  "text-to-audio": Prompt;
  "audio-to-audio": AudioIn;
  "automatic-speech-recognition": AudioIn;
  "audio-classification": AudioIn;
  "image-classification": ImageIn;
  "text-classification": Prompt;
  "zero-shot-classification": Prompt & Labels;
  "zero-shot-image-classification": ImageIn & Labels;
  "image-to-text": ImageIn;
  "object-detection": ImageIn;
  "image-segmentation": ImageIn;
  "visual-question-answering": ImageIn & Question;
  "document-question-answering": ImageIn & Question;
  "question-answering": Question & { context: string };
  "table-question-answering": Question & { query: string; table: Table; data: Table };
  translation: Prompt;
  summarization: Prompt;
  "fill-mask": Prompt;
  "token-classification": Prompt;
  "feature-extraction": { [K in keyof Prompt]: string | readonly string[] };
  "sentence-similarity": {
    source_sentence: string;
    sentence: string;
    sourceSentence: string;
    text: string;
    sentences: string | readonly string[];
    other_sentences: string | readonly string[];
    otherSentences: string | readonly string[];
  };
  "tabular-classification": { table: Table; data: Table };
  "tabular-regression": { table: Table; data: Table };
}

/** What each task gives, by the name of the result. */
export interface InferenceResults {
  "text-generation": ChatResults;
  "text2text-generation": ChatResults;
  conversational: ChatResults;
  "image-text-to-text": ChatResults;
  "audio-text-to-text": ChatResults;
  "any-to-any": ChatResults;
  "text-to-image": { image: string };
  "image-to-image": { image: string };
  "image-text-to-image": { image: string };
  "text-to-video": { video: string };
  "image-to-video": { video: string };
  "image-text-to-video": { video: string };
  "text-to-speech": { audio: string };
  "text-to-audio": { audio: string };
  "audio-to-audio": { audio: string; tracks: { label: string; audio: string }[] };
  "automatic-speech-recognition": { text: string; chunks: { text: string; timestamp: number[] }[] };
  "audio-classification": Classes;
  "image-classification": Classes;
  "text-classification": Classes;
  "zero-shot-classification": Classes;
  "zero-shot-image-classification": Classes;
  "image-to-text": { text: string };
  "object-detection": { objects: DetectedObject[] };
  "image-segmentation": { segments: { label: string; score?: number; mask: string }[]; masks: Picture[] };
  "visual-question-answering": { answer: string; score: number | null };
  "document-question-answering": { answer: string; score: number | null };
  "question-answering": { answer: string; score: number; start: number; end: number };
  "table-question-answering": {
    answer: string;
    cells: string[];
    coordinates: number[][];
    aggregator: string;
  };
  translation: { text: string };
  summarization: { text: string };
  "fill-mask": {
    candidates: { score: number; sequence: string; token: number; token_str: string }[];
    label: LabelValue;
    best: string;
  };
  "token-classification": {
    entities: { entity_group?: string; score: number; word: string; start: number; end: number }[];
    highlighted: HighlightedTextValue;
  };
  "feature-extraction": { embedding: number[] | number[][] };
  "sentence-similarity": { scores: number[] };
  "tabular-classification": { predictions: (number | string)[] };
  "tabular-regression": { predictions: number[] };
}

interface ChatResults {
  text: string;
  messages: ChatMessage[];
  json: unknown;
  reasoning: string;
  toolCalls: ToolCall[];
  finishReason: string;
  usage: unknown;
}
interface Classes {
  label: LabelValue;
  labels: { label: string; score: number }[];
  best: string;
}

/** Something that was found in a picture; its box in pixels. */
export interface DetectedObject {
  label: string;
  score: number;
  box: { xmin: number; ymin: number; xmax: number; ymax: number };
}

/** The main result of each task, the port that a node has when it names none. */
interface MainOf {
  chat: "text";
  image: "image";
  video: "video";
  audio: "audio";
}
type MainResult<R> = R extends ChatResults
  ? MainOf["chat"]
  : R extends { image: string }
    ? MainOf["image"]
    : R extends { video: string }
      ? MainOf["video"]
      : R extends { audio: string }
        ? MainOf["audio"]
        : R extends { text: string }
          ? "text"
          : R extends { candidates: unknown }
            ? "candidates"
            : R extends { label: LabelValue }
              ? "label"
              : R extends { segments: unknown }
                ? "segments"
                : R extends { entities: unknown }
                  ? "entities"
                  : keyof R & ("objects" | "answer" | "embedding" | "scores" | "predictions");

/** The ports of a node without `outputs`: the task's main result, or `output` where the script does not say the task. */
export type DefaultOutputs<T> = [T] extends [InferenceTask]
  ? { [K in MainResult<InferenceResults[T]> & keyof InferenceResults[T]]: InferenceResults[T][K] }
  : { output: unknown };

/** Everything that a parameter of a model can be connected to. */
export type ModelInput =
  | Json
  | Component<unknown>
  | Port<unknown>
  | ItemSource<unknown>
  | (() => MaybePromise<Json>);

/** An input: of the task's own type where the script says the task and its name is one of the task's. */
export type InputOfTask<T, K> = [T] extends [keyof InputsByTask]
  ? K extends keyof InputsByTask[T]
    ? InputFor<InputsByTask[T][K]>
    : ModelInput
  : ModelInput;

/** Outputs that carry results of the task have to be able to. */
export type FittingOutputs<T, V> = { readonly [K in keyof V]: ResultFits<T, K, V[K]> };

type ResultFits<T, K, V> = [T] extends [keyof InferenceResults]
  ? K extends keyof InferenceResults[T]
    ? unknown extends InferenceResults[T][K]
      ? unknown
      : InferenceResults[T][K] extends V
        ? unknown
        : Invalid<`The task's result '${K & string}' is of another type than this component carries.`>
    : unknown
  : unknown;

/** What a `postprocess` hook gets: the main result, and all of them by name. */
export type MainValue<T> = [T] extends [InferenceTask] ? DefaultOutputs<T>[keyof DefaultOutputs<T>] : any;
export type AllValues<T> = [T] extends [keyof InferenceResults] ? InferenceResults[T] : Record<string, any>;
