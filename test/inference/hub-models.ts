import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import sharp from "sharp";
import { HubStub } from "../hub/hub-stub.ts";
import { InferenceStub, png, wav } from "../hub/inference-routes.ts";
import { pythonEnvironment, pythonPath } from "../support/python.ts";

const TASKS = [
  "text-to-image",
  "image-to-image",
  "text-to-speech",
  "text-to-audio",
  "audio-to-audio",
  "automatic-speech-recognition",
  "audio-classification",
  "image-classification",
  "image-to-text",
  "object-detection",
  "image-segmentation",
  "visual-question-answering",
  "document-question-answering",
  "text-classification",
  "zero-shot-classification",
  "zero-shot-image-classification",
  "question-answering",
  "table-question-answering",
  "translation",
  "summarization",
  "fill-mask",
  "token-classification",
  "feature-extraction",
  "sentence-similarity",
  "tabular-classification",
  "tabular-regression",
] as const;

export interface World extends AsyncDisposable {
  readonly hub: HubStub;
  readonly inference: InferenceStub;
  readonly token: string;
  /** A model of each task, by task. */
  readonly models: Readonly<Record<string, string>>;
  readonly image: string;
  readonly audio: string;
}

/** A Hub with a model of every task, its router, and an account; this process is led there. */
export async function startWorld(): Promise<World> {
  const hub = await HubStub.start();
  const inference = await InferenceStub.start(hub);
  const token = hub.accounts.add("ada", { organizations: ["lab"] }).token("read");
  const models: Record<string, string> = {};
  const add = (name: string, pipelineTag: string | undefined, mapping: object) => {
    models[name] = `org/${name}`;
    return hub.repositories.add("model", `org/${name}`, {
      ...(pipelineTag === undefined ? {} : { pipelineTag }),
      inferenceProviderMapping: mapping as never,
    });
  };
  for (const task of TASKS)
    add(task, task, { "hf-inference": { status: "live", providerId: `org/${task}`, task } });
  const chat = (providerId: string) => ({ status: "live", providerId, task: "conversational" });
  add("text-generation", "text-generation", { together: chat("Org/Poet-Turbo"), groq: chat("poet") });
  add("looks", "image-text-to-text", { together: chat("Org/Looks") });
  add("continues", "text-generation", {
    featherless: { status: "live", providerId: "continues", task: "text-generation" },
  });
  for (const [name, task] of [
    ["fal-image", "text-to-image"],
    ["fal-video", "text-to-video"],
    ["fal-tts", "text-to-speech"],
  ] as const)
    add(name, task, { "fal-ai": { status: "live", providerId: `fal-ai/${name}`, task } });
  add("nobody", "text-generation", {});
  add("depth", "depth-estimation", {
    "hf-inference": { status: "live", providerId: "depth", task: "depth-estimation" },
  });
  const folder = mkdtempSync(join(tmpdir(), "daggr-inference-"));
  const image = join(folder, "boat.png");
  const audio = join(folder, "hello.wav");
  writeFileSync(image, await png(6, 5));
  writeFileSync(audio, wav(30));
  const before = { ...process.env };
  Object.assign(process.env, {
    HF_ENDPOINT: hub.url,
    HF_INFERENCE_ENDPOINT: inference.url,
    HF_HOME: folder,
    HF_TOKEN: token,
    HF_HUB_OFFLINE: "0",
  });
  return {
    hub,
    inference,
    token,
    models,
    image,
    audio,
    async [Symbol.asyncDispose]() {
      for (const key of ["HF_ENDPOINT", "HF_INFERENCE_ENDPOINT", "HF_HOME", "HF_TOKEN", "HF_HUB_OFFLINE"]) {
        if (before[key] === undefined) delete process.env[key];
        else process.env[key] = before[key];
      }
      await inference[Symbol.asyncDispose]();
      await hub[Symbol.asyncDispose]();
    },
  };
}

/** The same work by Hugging Face's own Python client. */
export async function askPython({ hub, inference, token, models, image, audio }: World): Promise<any> {
  const child = spawn(pythonPath, [join(import.meta.dirname, "python-client.py")], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      ...pythonEnvironment(),
      HF_HUB_OFFLINE: "0",
      HF_ENDPOINT: hub.url,
      HF_INFERENCE_ENDPOINT: inference.url,
    },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (errors += data));
  child.stdin.end(JSON.stringify({ token, models, image, audio }));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(errors);
  return JSON.parse(output);
}

/** What Python tells of a file: a picture's size, else its hash. */
export async function fileOf(path: string): Promise<unknown> {
  if (!/\.(png|jpe?g)$/.test(extname(path)))
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  const { width, height } = await sharp(path).metadata();
  return [width, height];
}
