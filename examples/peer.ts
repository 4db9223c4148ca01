/** Starts an example's Python app and tells when it answers: `node ../peer.ts tools.py --port 7971`. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";

export interface Peer {
  readonly url: string;
  close(): Promise<void>;
}

/** Spawns a Gradio app on a port of this machine and waits until it answers. */
export async function startPeer(script: string, port: number): Promise<Peer> {
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(findPython(dirname(resolve(script))), [resolve(script)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      GRADIO_SERVER_NAME: "127.0.0.1",
      GRADIO_SERVER_PORT: String(port),
      GRADIO_ANALYTICS_ENABLED: "False",
      HF_HUB_OFFLINE: "1",
    },
  });
  const endNow = () => child.kill("SIGKILL");
  process.once("exit", endNow);
  const close = async () => {
    process.off("exit", endNow);
    if (isRunning(child)) child.kill("SIGTERM");
    for (let waited = 0; isRunning(child) && waited < 3000; waited += 50) await delay(50);
    if (isRunning(child)) child.kill("SIGKILL");
  };
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (!isRunning(child))
      throw new Error(`${script} ended before it answered. Is Gradio installed? pip install gradio`);
    const response = await fetch(`${url}/config`).catch(() => undefined);
    if (response?.ok) return { url, close };
    await delay(100);
  }
  await close();
  throw new Error(`${script} did not answer at ${url} within a minute.`);
}

/** `PYTHON`, the nearest `.venv` upwards, or the system's. */
function findPython(folder: string): string {
  if (process.env["PYTHON"] !== undefined) return process.env["PYTHON"];
  for (let at = folder; ; at = dirname(at)) {
    const python = join(at, ".venv/bin/python");
    if (existsSync(python)) return python;
    if (dirname(at) === at) return "python3";
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string" } },
  });
  const [script] = positionals;
  if (script === undefined || values.port === undefined) {
    console.error("Usage: node peer.ts <script.py> --port <port>");
    process.exit(1);
  }
  try {
    const peer = await startPeer(script, Number(values.port));
    console.log(`${script} answers at ${peer.url}. Ctrl-C ends it.`);
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => void peer.close().then(() => process.exit()));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
