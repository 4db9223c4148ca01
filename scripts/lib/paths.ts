import { join, resolve } from "node:path";

/** The repository's root folder. */
export const root = resolve(import.meta.dirname, "../..");

/** What one run of the tests leaves behind: a log for each step, the reporters' JSON, the network record. */
export const resultsDir = join(root, "test-results");

/** Stamps that tell whether something has to be made again. */
export const cacheDir = join(root, ".cache");

/** A small language model and what runs it; `languageModelFile` are its weights. */
export const languageModelDir = join(cacheDir, "language-model");
export const languageModelFile = join(languageModelDir, "model.gguf");

/** The virtual environment that holds the real Gradio. */
export const venvDir = join(root, ".venv");

/** The Python of {@link venvDir}. */
export const venvPython = join(venvDir, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** A tool's script inside `node_modules`, to be run with this same Node. */
export function toolPath(path: string): string {
  return join(root, "node_modules", path);
}
