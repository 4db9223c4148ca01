import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Environment, hubToken } from "../tokens.ts";
import { bootstrapFile } from "./bootstrap.ts";
import { appEnvironment } from "./child-environment.ts";
import { ensureEnvironment, type Preparing } from "./environment.ts";
import { readFrontMatter } from "./front-matter.ts";
import { localError } from "./local-errors.ts";
import { askPython, findPython, namedPython, type Python, projectPython } from "./python.ts";
import { filesOfFolder, filesOfModule, hashFiles } from "./python-files.ts";
import { type AppHead, type LocalOptions, type Recipe, START_TIMEOUT_MS } from "./recipe.ts";

/** The file that a path names: itself, or the app of the folder. Throws `LOCAL_FILE_NOT_FOUND`. */
export async function appFileOf(path: string): Promise<string> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true && path.endsWith(".py")) return path;
  if (stat === undefined || stat.isFile())
    throw localError(
      "LOCAL_FILE_NOT_FOUND",
      stat === undefined ? `There is no file or folder ${path}.` : `${path} is no Python file.`,
    );
  const readme = join(path, "README.md");
  const { readFile } = await import("node:fs/promises");
  const named = existsSync(readme) ? [readFrontMatter(await readFile(readme, "utf8")).appFile] : [];
  const names = [...named, "app.py", "main.py", "demo.py"];
  const found = names.map((name) => resolve(path, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw localError(
    "LOCAL_FILE_NOT_FOUND",
    `The folder ${path} has no app.py, and no README.md that names another app_file.`,
  );
}

/** The user's own Gradio app: a Python file, or a folder with one. */
export function pathRecipe(
  head: AppHead,
  path: string,
  options: LocalOptions,
  env: Environment = process.env,
): Recipe {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const root = isFolder ? path : dirname(path);
  const files = async (): Promise<string[]> =>
    isFolder ? filesOfFolder(path) : filesOfModule(await appFileOf(path));
  const identity = async (): Promise<string> => hashFiles(await files(), root);
  return {
    ...head,
    startTimeoutMs: options.startTimeout ?? START_TIMEOUT_MS,
    identity,
    async folders() {
      return [...new Set((await files()).map((file) => dirname(file)))];
    },
    async ownCode() {
      const file = await appFileOf(path);
      return { folder: root, files: [...new Set([file, ...(await files())])] };
    },
    async prepare(preparing) {
      const file = await appFileOf(path);
      // Before anything else: what changes meanwhile is another identity.
      const now = await identity();
      const python = await pythonFor(path, root, options, preparing);
      const bootstrap = await bootstrapFile(env);
      const token = options.passToken === true ? await hubToken(options.token, env) : undefined;
      return {
        identity: now,
        start: (port) => ({
          command: [python.path, bootstrap, file, String(port)],
          cwd: root,
          env: appEnvironment({
            env,
            port,
            pythonFolder: dirname(python.path),
            isOwnCode: true,
            token,
            extra: options.env,
          }),
        }),
      };
    },
  };
}

/** The project's own Python; one that is made for its requirements.txt; else the system's. */
async function pythonFor(
  path: string,
  root: string,
  options: LocalOptions,
  preparing: Preparing,
): Promise<Python> {
  const label = basename(path);
  const named = options.python === undefined ? undefined : namedPython(options.python);
  const own = named ?? projectPython(root, preparing.env);
  if (own !== undefined) {
    const found = await askPython(own, preparing.env);
    if (found !== undefined) return found;
    throw localError("LOCAL_NO_PYTHON", `${own}, which is to run ${label}, is no Python 3 that answers.`);
  }
  const requirements = join(root, "requirements.txt");
  if (existsSync(requirements)) {
    const before = join(root, "pre-requirements.txt");
    return ensureEnvironment(
      {
        label,
        folder: root,
        python: undefined,
        before: existsSync(before) ? before : undefined,
        requirements,
        packages: ["gradio"],
      },
      preparing,
    );
  }
  const system = await findPython(undefined, preparing.env);
  if (system !== undefined) return system;
  throw localError(
    "LOCAL_NO_PYTHON",
    `There is no Python 3.10 or later on this machine to run ${label} with.`,
    [],
    {
      hint: "Install Python, or name an interpreter: runLocally: { python: … }",
    },
  );
}
