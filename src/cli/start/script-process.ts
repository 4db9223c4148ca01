import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { FromChild, ToChild } from "./messages.ts";

const program = join(import.meta.dirname, `child${import.meta.filename.slice(-3)}`);

/** All versions of a script know each other by it. */
const session = randomBytes(12).toString("hex");

/** One version of the script in a process of its own. */
export class ScriptProcess {
  readonly #child: ChildProcess;
  /** It answers to browsers. */
  isListening = false;

  constructor(
    script: string,
    isCheckedFirst: boolean,
    onMessage: (message: FromChild) => void,
    onExit: (code: number | null, signal: string | null) => void,
  ) {
    this.#child = fork(program, [script], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: [
        ...process.execArgv,
        "--disable-warning=ExperimentalWarning",
        "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
      ],
      env: { ...process.env, DAGGR_CLI_PRECHECK: isCheckedFirst ? "1" : "0", DAGGR_CLI_SESSION: session },
    });
    this.#child.on("message", (message) => onMessage(message as FromChild));
    this.#child.once("exit", onExit);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  send(message: ToChild): void {
    // It may have just ended; its exit tells what there is to tell.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Ends it in good order, or after a while in any. */
  async close(): Promise<void> {
    this.#child.removeAllListeners("message");
    this.#child.removeAllListeners("exit");
    if (!this.isRunning) return;
    const ended = once(this.#child, "exit");
    if (this.#child.connected) this.#child.disconnect();
    const kill = delay(4000, undefined, { ref: false }).then(() => this.#child.kill("SIGKILL"));
    await Promise.race([ended, kill.then(() => ended)]);
  }

  kill(): void {
    if (this.isRunning) this.#child.kill("SIGKILL");
  }
}
