import type { InferenceTask } from "../clients/inference/tasks.ts";
import { JSON as JsonField, Label } from "../components/data.ts";
import { Audio, Image, Video } from "../components/media.ts";
import { Hidden } from "../components/structure.ts";
import { Markdown, TextArea, Textbox } from "../components/text.ts";
import type { Component } from "../graph/component.ts";

type Components = Readonly<Record<string, Component | null>>;

const text = (): Components => ({ text: Markdown({ label: "Text" }) });
const image = (): Components => ({ image: Image({ label: "Image" }) });
const video = (): Components => ({ video: Video({ label: "Video" }) });
const audio = (): Components => ({ audio: Audio({ label: "Audio" }) });
const label = (): Components => ({ label: Label({ label: "Label" }) });
const answer = (): Components => ({ answer: Textbox({ label: "Answer" }) });
const json = (name: string, shown: string) => (): Components => ({ [name]: JsonField({ label: shown }) });

const OUTPUTS: Readonly<Record<InferenceTask, () => Components>> = {
  "text-generation": text,
  "text2text-generation": text,
  conversational: text,
  "image-text-to-text": text,
  "audio-text-to-text": text,
  "any-to-any": text,
  "text-to-image": image,
  "image-to-image": image,
  "image-text-to-image": image,
  "text-to-video": video,
  "image-to-video": video,
  "image-text-to-video": video,
  "text-to-speech": audio,
  "text-to-audio": audio,
  "audio-to-audio": audio,
  "automatic-speech-recognition": () => ({ text: TextArea({ label: "Text" }) }),
  "audio-classification": label,
  "image-classification": label,
  "text-classification": label,
  "zero-shot-classification": label,
  "zero-shot-image-classification": label,
  "image-to-text": () => ({ text: TextArea({ label: "Text" }) }),
  "object-detection": json("objects", "Objects"),
  "image-segmentation": json("segments", "Segments"),
  "visual-question-answering": answer,
  "document-question-answering": answer,
  "question-answering": answer,
  "table-question-answering": answer,
  translation: () => ({ text: TextArea({ label: "Translation" }) }),
  summarization: () => ({ text: TextArea({ label: "Summary" }) }),
  "fill-mask": json("candidates", "Candidates"),
  "token-classification": json("entities", "Entities"),
  "feature-extraction": json("embedding", "Embedding"),
  "sentence-similarity": json("scores", "Similarity"),
  "tabular-classification": json("predictions", "Predictions"),
  "tabular-regression": json("predictions", "Predictions"),
};

/** The ports of a node that names none: the main result of its task, or one whose kind only the run knows. */
export function defaultOutputs(task: InferenceTask | undefined): Components {
  return task === undefined ? { output: Hidden() } : OUTPUTS[task]();
}
