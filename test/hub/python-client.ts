import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pythonEnvironment, pythonPath } from "../support/python.ts";
import type { HubStub } from "./hub-stub.ts";

/** Lets `huggingface_hub` do one of the works of python-client.py at the stub; gives its answer. */
export async function askPython(
  hub: HubStub,
  work: string,
  input: Readonly<Record<string, unknown>>,
  onLine: (line: any) => void = () => {},
): Promise<any> {
  const child = spawn(pythonPath, [join(import.meta.dirname, "python-client.py"), work], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      ...pythonEnvironment(),
      HF_HUB_OFFLINE: "0",
      HF_ENDPOINT: hub.url,
      HF_HOME: mkdtempSync(join(tmpdir(), "daggr-hub-python-")),
      HF_HUB_DISABLE_PROGRESS_BARS: "1",
      HF_HUB_DISABLE_XET: "1",
      HF_DEVICE_CODE_OAUTH_CLIENT_ID: "device",
      HF_TOKEN: "",
    },
  });
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  child.stdin.end(JSON.stringify(input));
  const closed = once(child, "close");
  let last: unknown;
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line);
    onLine(last);
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(errors);
  return last;
}
