import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { FileRef } from "../../../src/base/files.ts";
import type { CallOptions, GradioApp, GradioUpdate } from "../../../src/clients/gradio.ts";
import { type PythonServer, pythonEnvironment, pythonPath, startPython } from "../../support/python.ts";
import { FolderFiles } from "./folder-files.ts";

const folder = join(import.meta.dirname, "..");

/** The real Gradio server of `app.py`. */
export function startApp(port?: number): Promise<PythonServer> {
  return startPython(join(folder, "app.py"), [], {
    readyPath: "/gradio_api/app_id",
    ...(port === undefined ? {} : { port }),
  });
}

export function fixture(name: string): string {
  return join(folder, "fixtures", name);
}

export interface Call {
  readonly apiName: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface PeerAnswer {
  readonly result?: unknown;
  readonly partials?: readonly unknown[];
  readonly error?: string;
  readonly type?: string;
}

/** What Python's `gradio_client` returns for the same calls. */
export async function askPeer(url: string, calls: readonly Call[]): Promise<PeerAnswer[]> {
  const peer = spawn(pythonPath, [join(folder, "support/peer.py")], {
    env: { ...process.env, ...pythonEnvironment() },
  });
  peer.stdin.end(JSON.stringify({ url, folder: mkdtempSync(join(tmpdir(), "daggr-peer-")), calls }));
  const [output, said] = await Promise.all([text(peer.stdout), text(peer.stderr), once(peer, "close")]);
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`The Python client failed:\n${said}`);
  }
}

/** A caller with its own files and a record of what was told. */
export class Caller {
  readonly files = new FolderFiles();
  readonly updates: GradioUpdate[] = [];
  readonly app: GradioApp;

  constructor(app: GradioApp) {
    this.app = app;
  }

  call(
    apiName: string,
    args: Readonly<Record<string, unknown>> = {},
    options: Partial<CallOptions> = {},
  ): Promise<readonly unknown[]> {
    this.updates.length = 0;
    return this.app.call(apiName, args, {
      files: this.files,
      signal: new AbortController().signal,
      onUpdate: (update) => this.updates.push(update),
      ...options,
    });
  }

  file(name: string): Promise<FileRef> {
    return this.files.put({ path: fixture(name) });
  }
}
