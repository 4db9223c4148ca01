import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { root, venvPython } from "../../scripts/lib/paths.ts";

/** Machine, date and versions, for the head of the table. */
export function describeMachine(): string {
  const processors = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  return [
    `${date} UTC`,
    `${processors.length} cores (${processors[0]?.model.trim() ?? "unknown"}), ${gigabytes} GB, ${type()} ${release()}`,
    `load before: ${loadavg()[0]!.toFixed(2)}`,
    `ours ${manifest.version} on Node ${process.versions.node}`,
    pythonVersions(),
  ].join("; ");
}

function pythonVersions(): string {
  const script =
    "import platform; from importlib.metadata import version as v; " +
    "print(f\"daggr {v('daggr')}, Gradio {v('gradio')} on Python {platform.python_version()}\")";
  return execFileSync(venvPython, ["-c", script], { encoding: "utf8", timeout: 30_000 }).trim();
}
