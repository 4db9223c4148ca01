/** Real Python programs for tests to talk to: Gradio apps, `gradio_client`, daggr itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../src/clients/local/free-port.ts";

export { freePort };

const root = resolve(import.meta.dirname, "../..");

/** The Python that `npm test` prepared, with Gradio, gradio_client, daggr and an OCR library. */
export const pythonPath = process.env.TEST_PYTHON ?? join(root, ".venv/bin/python");

/** What keeps a Python program on this machine. */
export function pythonEnvironment(): Record<string, string> {
  return {
    PYTHONPATH: join(import.meta.dirname, "python-guard"),
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    HF_HUB_OFFLINE: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    GRADIO_ANALYTICS_ENABLED: "False",
    DO_NOT_TRACK: "1",
  };
}

export interface StartPythonOptions {
  /** Where the program will listen; by default a free port. It is told by GRADIO_SERVER_PORT, DAGGR_PORT and PORT. */
  readonly port?: number;
  /** The path that answers once the program is ready. */
  readonly readyPath?: string;
  readonly timeoutMs?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PythonServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** What it has printed so far, on both outputs. */
  output(): string;
  /** Ends the program and all it started. */
  close(): Promise<void>;
}

/**
 * Starts a Python program that serves HTTP, and waits until it answers.
 *
 * `{port}` in an argument stands for the port. `await using` ends it, as does `close()`.
 *
 * @throws With the program's output, when it ends or does not answer in time.
 */
export async function startPython(
  script: string,
  args: readonly string[] = [],
  options: StartPythonOptions = {},
): Promise<PythonServer> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const numbered = args.map((arg) => arg.replaceAll("{port}", String(port)));
  const child = spawn(pythonPath, [script, ...numbered], {
    cwd: options.cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...pythonEnvironment(),
      GRADIO_SERVER_NAME: "127.0.0.1",
      GRADIO_SERVER_PORT: String(port),
      DAGGR_PORT: String(port),
      PORT: String(port),
      ...options.env,
    },
  });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  child.once("error", (error) => (output += error.message));
  // A test process that ends without its cleanup must not leave a server behind.
  const endNow = () => endGroup(child, "SIGKILL");
  process.once("exit", endNow);

  const close = async () => {
    process.off("exit", endNow);
    if (isRunning(child)) {
      const closed = once(child, "close");
      endGroup(child, "SIGTERM");
      await Promise.race([closed, delay(3000)]);
    }
    // Also what the program itself started and left.
    endGroup(child, "SIGKILL");
  };
  try {
    await answers(url + (options.readyPath ?? "/"), child, options.timeoutMs ?? 60_000);
  } catch (error) {
    await close();
    throw new Error(`${script} ${(error as Error).message}\n${output}`);
  }
  return { url, port, process: child, output: () => output, close, [Symbol.asyncDispose]: close };
}

async function answers(url: string, child: ChildProcess, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (!isRunning(child))
      throw new Error(`ended with ${child.exitCode ?? child.signalCode} before it answered`);
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response !== undefined && response.status < 500) return;
    await delay(50);
  }
  throw new Error(`did not answer at ${url} within ${timeoutMs} ms`);
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
