/** The folder `.venv` with the real Gradio, its Python client and daggr for Python, for tests to talk to. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./lib/command.ts";
import { root, venvDir, venvPython } from "./lib/paths.ts";
import { forget, hashTexts, isDone, markDone } from "./lib/stamp.ts";

const requirements = join(root, "test/requirements.txt");
const constraints = join(root, "test/constraints.txt");

/** Makes `.venv` where it is missing or no longer fits `test/requirements.txt`. */
export async function ensurePython(): Promise<void> {
  const hash = hashTexts(readFileSync(requirements, "utf8"), readFileSync(constraints, "utf8"));
  if (existsSync(venvPython) && isDone("python-env", hash) && (await imports())) return;
  forget("python-env");
  console.log("Installing Gradio and its clients into .venv");
  if (!existsSync(venvPython)) {
    rmSync(venvDir, { recursive: true, force: true });
    await must([process.env.PYTHON ?? "python3", "-m", "venv", venvDir], 120_000);
  }
  const pip = [venvPython, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"];
  await must([...pip, "--requirement", requirements, "--constraint", constraints], 900_000);
  if (!(await imports()))
    throw new Error("The packages of test/requirements.txt are installed but do not load.");
  markDone("python-env", hash);
}

/** A quick look, without importing anything heavy. */
async function imports(): Promise<boolean> {
  const find = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))";
  const names = ["gradio", "gradio_client", "daggr", "rapidocr_onnxruntime"];
  return (await runCommand([venvPython, "-c", find, ...names], { timeoutMs: 60_000 })).code === 0;
}

async function must(command: readonly string[], timeoutMs: number): Promise<void> {
  const { code, timedOut } = await runCommand(command as [string, ...string[]], { timeoutMs });
  if (code === 0) return;
  throw new Error(`"${command.join(" ")}" ${timedOut ? "took too long" : `ended with ${code}`}.`);
}

if (import.meta.main) {
  await ensurePython().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
