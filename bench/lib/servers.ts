import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { root, venvDir, venvPython } from "../../scripts/lib/paths.ts";

export interface RunningServer {
  readonly url: string;
  readonly child: ChildProcess;
  /** Its own folder, with its database in it. */
  readonly folder: string;
  /** From the start of the process to the first answer 200. */
  readonly startMs: number;
  /** Resident memory in MB; `undefined` where there is no /proc. */
  residentMb(): number | undefined;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What has to answer 200. */
  readonly path?: string;
  /** Lets the parent talk to a Node child. */
  readonly hasChannel?: boolean;
}

const apps = join(root, "bench/apps");
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** `python bench/apps/<app>.py`, with a limit of 6 GB. */
export const startPython = (app: string, options: StartOptions = {}) =>
  start(limited([venvPython, join(apps, `${app}.py`)]), options);

/** `daggr bench/apps/<app>.py`, the command of Python's daggr. */
export const startPythonCommand = (app: string, options: StartOptions = {}) =>
  start(limited([join(venvDir, "bin/daggr"), join(apps, `${app}.py`), "--port", "{port}"]), options);

/** `node bench/apps/<app>.ts`, with a limit of 2 GB. */
export const startNode = (app: string, options: StartOptions = {}) =>
  start([process.execPath, "--max-old-space-size=2048", "--expose-gc", join(apps, `${app}.ts`)], options);

/** `daggr bench/apps/<app>.ts`, this project's command. */
export const startCommand = (app: string, options: StartOptions = {}) =>
  start(
    [process.execPath, join(root, "bin/daggr.js"), join(apps, `${app}.ts`), "--port", "{port}", "--no-open"],
    options,
  );

/** Python has no limit of its own. */
const limited = (command: readonly string[]): [string, ...string[]] => [
  "/bin/sh",
  "-c",
  'ulimit -v 6291456; exec "$@"',
  "sh",
  ...command,
];

/** Starts a server in an empty folder of its own and waits until it answers. */
async function start(command: readonly [string, ...string[]], options: StartOptions): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "daggr-bench-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [file, ...args] = command.map((text) => text.replace("{port}", String(port)));
  let output = "";
  const begun = performance.now();
  const child = spawn(file!, args, {
    cwd: folder,
    env: { ...environment(folder, port), ...options.env },
    stdio: ["ignore", "pipe", "pipe", ...(options.hasChannel === true ? (["ipc"] as const) : [])],
  });
  running.add(child);
  const keep = (text: Buffer) => {
    output = (output + text).slice(-4_000);
  };
  child.stdout!.on("data", keep);
  child.stderr!.on("data", keep);
  const stop = async () => {
    running.delete(child);
    await end(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  while (!(await answers(url + (options.path ?? "/")))) {
    if (isOver(child) || performance.now() - begun > 60_000) {
      await stop();
      throw new Error(`"${command.join(" ")}" does not answer. It said:\n${output}`);
    }
    await delay(4);
  }
  return {
    url,
    child,
    folder,
    startMs: performance.now() - begun,
    residentMb: () => residentMb(child.pid!),
    stop,
  };
}

/** Nothing of the machine's user: no token, no cache, no browser, no telemetry, no network. */
function environment(folder: string, port: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    HF_HOME: join(folder, "hf"),
    HF_HUB_OFFLINE: "1",
    GRADIO_ANALYTICS_ENABLED: "False",
    GRADIO_SERVER_PORT: String(port),
    GRADIO_SERVER_NAME: "127.0.0.1",
    DAGGR_DB_PATH: join(folder, "bench.db"),
    BROWSER: "/bin/true",
    CI: "1",
    NO_COLOR: "1",
  };
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      response.once("close", () => resolve(response.statusCode === 200));
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function residentMb(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

const isOver = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess): Promise<void> {
  if (!isOver(child)) child.kill("SIGTERM");
  for (let waited = 0; !isOver(child) && waited < 5_000; waited += 20) await delay(20);
  if (!isOver(child)) child.kill("SIGKILL");
}
