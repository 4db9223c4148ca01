import { DaggrError } from "../base/errors.ts";
import { redact } from "../base/redact.ts";
import type { Hub } from "./hub-api.ts";
import { followLog, pause } from "./space-logs.ts";
import { type SpaceRuntime, spaceRuntime } from "./space-state.ts";

export interface WaitOptions {
  /** Of this commit; a Space goes on with the one before until it is built. */
  readonly commit: string;
  readonly onStage: (text: string) => void;
  readonly onLog: (line: string) => void;
  /** Milliseconds; default 20 minutes. */
  readonly timeoutMs?: number | undefined;
  readonly pollMs?: number | undefined;
}

/** A Space that says nothing of its commit and was never seen building: after so long it is taken at its word. */
const GRACE_MS = 15_000;
const TAIL = 40;

const STAGES: Readonly<Record<string, string>> = {
  BUILDING: "building the image",
  RUNNING_BUILDING: "building the image",
  APP_STARTING: "starting",
  RUNNING_APP_STARTING: "starting",
  RUNNING: "running",
  SLEEPING: "asleep",
  STOPPED: "stopped",
};

const BROKEN: Readonly<Record<string, string>> = {
  NO_APP_FILE: "the Hub finds no Dockerfile in it",
  CONFIG_ERROR: "the front matter of its README.md is refused",
  BUILD_ERROR: "its image could not be built",
  RUNTIME_ERROR: "it ended when it started",
};

/**
 * Waits until a Space runs a commit, and tells its log meanwhile.
 *
 * @throws DaggrError `DEPLOY_FAILED` with the end of the log, `SPACE_PAUSED`, `DEPLOY_TIMEOUT`.
 */
export async function waitForSpace(hub: Hub, id: string, options: WaitOptions): Promise<void> {
  const { commit, onStage, timeoutMs = 20 * 60_000 } = options;
  const started = Date.now();
  const logs = new LogFollower(hub, id, options.onLog);
  let shown = "";
  let hasMoved = false;
  try {
    for (;;) {
      const runtime = await spaceRuntime(hub, id);
      const { stage } = runtime;
      const isSettled = stage.startsWith("RUNNING") ? stage === "RUNNING" : !isUnderWay(stage);
      if (!isSettled) hasMoved = true;
      const waited = Date.now() - started;
      const isOurs = runtime.sha ? runtime.sha === commit : hasMoved || waited > GRACE_MS;
      const text = isOurs || !isSettled ? (STAGES[stage] ?? stage.toLowerCase()) : "waiting for the build";
      if (text !== shown && !(stage in BROKEN)) onStage(text);
      shown = text;
      if (stage === "PAUSED")
        throw new DaggrError(
          "SPACE_PAUSED",
          `The files are there, but the Space ${id} is paused, so that it does not start. Start it: ${hub.endpoint}/spaces/${id}/settings`,
        );
      if (stage === "BUILDING" || stage === "RUNNING_BUILDING") logs.follow("build");
      if (stage.endsWith("APP_STARTING")) logs.follow("run");
      if (isOurs && stage in BROKEN) throw await failure(hub, id, runtime, logs);
      if (isOurs && isSettled) return;
      if (waited > timeoutMs)
        throw new DaggrError(
          "DEPLOY_TIMEOUT",
          `The files are there, but the Space ${id} does not run after ${Math.round(waited / 60_000)} min (${shown}). See ${hub.endpoint}/spaces/${id}?logs=build`,
        );
      await pause(options.pollMs ?? 2000, hub.signal ?? new AbortController().signal);
      hub.signal?.throwIfAborted();
    }
  } finally {
    logs.close();
  }
}

const isUnderWay = (stage: string): boolean => /BUILDING|STARTING/.test(stage) || stage === "";

async function failure(hub: Hub, id: string, runtime: SpaceRuntime, logs: LogFollower): Promise<DaggrError> {
  const { stage } = runtime;
  await logs.settle(stage === "RUNTIME_ERROR" ? "run" : "build");
  const said = runtime.errorMessage ? `\n${redact(runtime.errorMessage.trim())}` : "";
  const tail =
    logs.tail.length === 0 ? "" : `\nThe end of its log:\n${logs.tail.map((line) => `  ${line}`).join("\n")}`;
  return new DaggrError(
    "DEPLOY_FAILED",
    `The files are there, but the Space ${id} does not run: ${BROKEN[stage]} (${stage}).${said}${tail}\nSee ${hub.endpoint}/spaces/${id}?logs=${stage === "RUNTIME_ERROR" ? "container" : "build"}`,
  );
}

/** Follows one log after the other and keeps the end of it. */
class LogFollower {
  readonly #hub: Hub;
  readonly #id: string;
  readonly #onLog: (line: string) => void;
  #which: "build" | "run" | undefined;
  #stop = new AbortController();
  #lastLine = 0;
  tail: string[] = [];

  constructor(hub: Hub, id: string, onLog: (line: string) => void) {
    this.#hub = hub;
    this.#id = id;
    this.#onLog = onLog;
  }

  follow(which: "build" | "run"): void {
    if (this.#which === which) return;
    this.close();
    this.#which = which;
    this.#stop = new AbortController();
    this.tail = [];
    const { signal } = this.#stop;
    void followLog(this.#hub, this.#id, which, (line) => this.#told(line), signal);
  }

  /** Waits until the log says no more, for at most some seconds. */
  async settle(which: "build" | "run"): Promise<void> {
    this.follow(which);
    const until = Date.now() + 5000;
    this.#lastLine = Date.now();
    while (Date.now() < until && Date.now() - this.#lastLine < 700) await pause(100, this.#stop.signal);
  }

  close(): void {
    this.#stop.abort();
  }

  #told(text: string): void {
    const line = redact(text);
    this.#lastLine = Date.now();
    this.tail.push(line);
    if (this.tail.length > TAIL) this.tail.shift();
    this.#onLog(line);
  }
}
