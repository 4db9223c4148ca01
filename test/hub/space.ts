import { EventEmitter, on } from "node:events";

export interface SpaceOptions {
  /** Where its app answers; `https://owner-name.hf.space` unless said. */
  readonly host?: string;
  readonly stage?: string;
  readonly hardware?: string;
  readonly errorMessage?: string;
}

export interface SpaceVariable {
  readonly value: string;
  readonly description?: string;
  readonly updatedAt: string;
}

/** The lines of one log, which somebody may follow while it grows. */
export class SpaceLog {
  readonly lines: { data: string; timestamp: string }[] = [];
  /** Whether followers are to wait for more. */
  isOpen = false;
  readonly #changes = new EventEmitter();

  add(...lines: string[]): void {
    for (const data of lines) this.lines.push({ data: `${data}\n`, timestamp: new Date().toISOString() });
    this.#changes.emit("change");
  }

  /** Followers are told that there is no more. */
  end(): void {
    this.isOpen = false;
    this.#changes.emit("change");
  }

  async *follow(signal: AbortSignal): AsyncGenerator<{ data: string; timestamp: string }> {
    const changes = on(this.#changes, "change", { signal });
    for (let index = 0; ; ) {
      while (index < this.lines.length) yield this.lines[index++]!;
      if (!this.isOpen) return;
      await changes.next();
    }
  }
}

/** What a Space is beyond its files: the machine it runs on. */
export class SpaceState {
  host: string | undefined;
  stage: string;
  /** Stages that the next questions find, before its own. */
  readonly stages: string[] = [];
  /** Stages that the questions after a commit or a restart find; the last one stays. */
  afterStart: readonly string[] = ["BUILDING", "APP_STARTING", "RUNNING"];
  hardware: string;
  requestedHardware: string;
  sleepTimeSeconds: number | null = null;
  errorMessage: string | undefined;
  /** Whether its address is part of what is told of it. */
  tellsHost = true;
  readonly secrets = new Map<string, SpaceVariable>();
  readonly variables = new Map<string, SpaceVariable>();
  volumes: readonly unknown[] = [];
  readonly logs = { build: new SpaceLog(), run: new SpaceLog() };
  readonly restarts: { factory: boolean }[] = [];

  constructor(options: SpaceOptions) {
    this.host = options.host;
    this.stage = options.stage ?? "RUNNING";
    this.hardware = this.requestedHardware = options.hardware ?? "cpu-basic";
    this.errorMessage = options.errorMessage;
  }

  /** Builds and starts, as after a commit. */
  start(): void {
    this.stages.splice(0, this.stages.length, ...this.afterStart.slice(0, -1));
    this.stage = this.afterStart.at(-1) ?? this.stage;
    this.hardware = this.requestedHardware;
  }

  runtime(): Record<string, unknown> {
    const stage = this.stages.shift() ?? this.stage;
    return {
      stage,
      hardware: {
        current: stage.startsWith("RUNNING") ? this.hardware : null,
        requested: this.requestedHardware,
      },
      storage: null,
      gcTimeout: this.sleepTimeSeconds ?? (this.requestedHardware === "cpu-basic" ? 172_800 : null),
      replicas: { current: stage === "RUNNING" ? 1 : 0, requested: 1 },
      devMode: false,
      ...(this.volumes.length === 0 ? {} : { volumes: this.volumes }),
      ...(this.errorMessage !== undefined && stage.endsWith("_ERROR")
        ? { errorMessage: this.errorMessage }
        : {}),
    };
  }
}
