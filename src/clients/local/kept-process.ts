import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { hashText } from "../../base/json.ts";
import { redact } from "../../base/redact.ts";
import { allowedEnvironment } from "./child-environment.ts";
import type { FromKeeper, Order, ToKeeper } from "./keeper-messages.ts";

/** Longer than a keeper takes to end a program that does not want to. */
const CLOSE_MS = 6000;

const program = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./keeper.ts" : "./keeper.js", import.meta.url),
);

/** The command line gives all versions of a script the same one, so that the next can take over what runs. */
const session = process.env["DAGGR_CLI_SESSION"] ?? randomBytes(12).toString("hex");

/** Where the program of this name is kept. Other users of this machine cannot guess it and may not look into it. */
export function socketOf(name: string): string {
  const id = hashText(`${session} ${name}`).slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\daggr-${id}`;
  return join(tmpdir(), `daggr-${hashText(session).slice(0, 12)}`, `${id}.sock`);
}

/** How a program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error?: string;
}

export type WhatToKeep = Omit<Order, "socket"> & { readonly name: string };

/** A program that runs as long as one of the processes that hold it: it cannot outlive them, however they end. */
export class KeptProcess {
  readonly exited: Promise<Exit>;
  readonly #socket: Socket;
  readonly #exit = Promise.withResolvers<Exit>();
  readonly #hello = Promise.withResolvers<Extract<FromKeeper, { type: "hello" }>>();
  readonly #flushes: (() => void)[] = [];
  #pid = 0;
  #isReleased = false;
  #isUnref = false;

  private constructor(socket: Socket, onLine: (text: string) => void) {
    this.#socket = socket;
    this.exited = this.#exit.promise;
    this.#hello.promise.catch(() => {});
    socket.on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (text) => {
      const message = JSON.parse(text) as FromKeeper;
      if (message.type === "line") onLine(redact(message.text));
      else if (message.type === "exit") this.#exit.resolve(message);
      else if (message.type === "flushed") this.#flushes.shift()?.();
      else {
        this.#pid = message.pid;
        this.#hello.resolve(message);
      }
    });
    socket.once("close", () => {
      // A keeper that was killed leaves its program to us.
      if (!this.#isReleased) this.#endGroup();
      this.#hello.reject(new Error("The keeper ended."));
      this.#exit.resolve({ code: null, signal: "SIGKILL" });
      for (const flushed of this.#flushes) flushed();
    });
  }

  /** Starts a program under a keeper of its own. */
  static async start(what: WhatToKeep, onLine: (text: string) => void): Promise<KeptProcess> {
    const { name, ...rest } = what;
    const order: Order = { ...rest, socket: socketOf(name) };
    if (process.platform !== "win32") {
      const folder = join(order.socket, "..");
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    }
    const keeper = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
      detached: true,
      windowsHide: true,
      env: allowedEnvironment(process.env),
      stdio: ["pipe", "pipe", "ignore"],
    });
    const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
    keeper.once("error", reject);
    keeper.once("exit", () => reject(new Error("The process that keeps local apps ended at once.")));
    keeper.stdout.once("data", () => resolve());
    keeper.stdin.on("error", () => {});
    keeper.stdin.write(`${JSON.stringify(order)}\n`);
    await listening;
    const kept = await KeptProcess.#hold(order.socket, onLine);
    keeper.stdin.destroy();
    keeper.stdout.destroy();
    keeper.unref();
    if (kept === undefined) throw new Error("The process that keeps local apps cannot be reached.");
    return kept;
  }

  /** Holds too what another version of the script has running, if it has. */
  static async adopt(
    name: string,
    onLine: (text: string) => void,
  ): Promise<{ readonly process: KeptProcess; readonly about: Order["about"] } | undefined> {
    const socket = socketOf(name);
    if (process.platform !== "win32" && !existsSync(socket)) return undefined;
    const kept = await KeptProcess.#hold(socket, onLine);
    return kept === undefined ? undefined : { process: kept, about: (await kept.#hello.promise).about };
  }

  static async #hold(path: string, onLine: (text: string) => void): Promise<KeptProcess | undefined> {
    const socket = connect(path);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    if (!(await promise)) return undefined;
    const kept = new KeptProcess(socket, onLine);
    try {
      await kept.#hello.promise;
    } catch {
      return undefined;
    }
    return kept;
  }

  /** From here on it does not keep this process from ending. */
  unref(): void {
    this.#isUnref = true;
    this.#socket.unref();
  }

  get pid(): number {
    return this.#pid;
  }

  /** Resolves once every line is told that the program has printed until now. */
  async flush(): Promise<void> {
    if (this.#isReleased || this.#socket.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#flushes.push(resolve);
    // Whoever waits for it must not end meanwhile.
    this.#socket.ref();
    this.#say("flush");
    await promise;
    if (this.#isUnref && this.#flushes.length === 0 && !this.#isReleased) this.#socket.unref();
  }

  #say(word: ToKeeper): void {
    this.#socket.write(`${word}\n`);
  }

  /** Lets go. The program ends when nobody else holds it; then it is gone when this resolves. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (this.#socket.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once("close", () => resolve());
    this.#socket.ref();
    this.#say("release");
    const late = new AbortController();
    await Promise.race([promise, delay(CLOSE_MS, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    this.#socket.destroy();
  }

  #endGroup(): void {
    if (this.#pid <= 0 || process.platform === "win32") return;
    try {
      process.kill(-this.#pid, "SIGKILL");
    } catch {
      // It ended with its keeper.
    }
  }
}
