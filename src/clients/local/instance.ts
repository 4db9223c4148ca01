import { setTimeout as delay } from "node:timers/promises";
import { DaggrError } from "../../base/errors.ts";
import { readText, send } from "../http.ts";
import { NO_GRADIO } from "./bootstrap.ts";
import { freePort } from "./free-port.ts";
import { noteUse } from "./in-use.ts";
import { type Exit, KeptProcess } from "./kept-process.ts";
import { localError } from "./local-errors.ts";
import type { Launchable, Recipe } from "./recipe.ts";

const LOOK_MS = 100;

export interface StartOptions {
  readonly signal: AbortSignal;
  readonly onLine: (text: string) => void;
}

/** An app that answers. */
export interface Instance {
  readonly identity: string;
  readonly url: string;
  readonly exited: Promise<Exit>;
  /** Resolves once every line is told that it has printed until now. */
  flush(): Promise<void>;
  /** Lets go of it; it is gone then, unless another version of the script holds it too. */
  release(): Promise<void>;
}

const nameOf = (recipe: Recipe, identity: string): string => `${recipe.key} ${identity}`;

/** Starts it, and waits until it answers as a Gradio app. Throws `LOCAL_APP_FAILED`, `LOCAL_APP_NOT_READY`. */
export async function startInstance(
  recipe: Recipe,
  launchable: Launchable,
  options: StartOptions,
): Promise<Instance> {
  for (let attempt = 1; ; attempt++) {
    const log: string[] = [];
    const onLine = (line: string): void => {
      if (log.push(line) > 200) log.shift();
      options.onLine(line);
    };
    try {
      return await start(recipe, launchable, { ...options, onLine }, log);
    } catch (error) {
      // Somebody else took the port in between.
      const isTaken = log.some((line) => /address already in use|Cannot find empty port/i.test(line));
      if (!isTaken || attempt === 3 || !(error instanceof DaggrError)) throw error;
    }
  }
}

async function start(
  recipe: Recipe,
  launchable: Launchable,
  { signal, onLine }: StartOptions,
  log: readonly string[],
): Promise<Instance> {
  const { identity } = launchable;
  const port = await freePort();
  signal.throwIfAborted();
  const program = launchable.start(port);
  const kept = await KeptProcess.start(
    { ...program, name: nameOf(recipe, identity), about: { port, identity } },
    onLine,
  );
  try {
    // Whoever deletes what is kept here must know.
    await noteUse(kept.pid, [program.cwd, program.command[0]]);
    await untilReady(recipe, kept, port, signal, log);
  } catch (error) {
    await kept.release();
    throw error;
  }
  return instanceOf(kept, port, identity);
}

/** What another version of the script has running of the same code. */
export async function adoptInstance(
  recipe: Recipe,
  identity: string,
  onLine: (text: string) => void,
): Promise<Instance | undefined> {
  const found = await KeptProcess.adopt(nameOf(recipe, identity), onLine);
  if (found === undefined) return undefined;
  const port = Number(found.about["port"]);
  if (await isGradio(port, AbortSignal.timeout(5000))) return instanceOf(found.process, port, identity);
  await found.process.release();
  return undefined;
}

function instanceOf(kept: KeptProcess, port: number, identity: string): Instance {
  kept.unref();
  return {
    identity,
    url: `http://127.0.0.1:${port}/`,
    exited: kept.exited,
    flush: () => kept.flush(),
    release: () => kept.release(),
  };
}

async function untilReady(
  { label, startTimeoutMs }: Recipe,
  kept: KeptProcess,
  port: number,
  signal: AbortSignal,
  log: readonly string[],
): Promise<void> {
  let ended: Exit | undefined;
  void kept.exited.then((exit) => {
    ended = exit;
  });
  for (const start = performance.now(); ; ) {
    const isReady = await isGradio(port, signal);
    signal.throwIfAborted();
    if (ended !== undefined) throw endedTooSoon(label, ended, log);
    if (isReady) return;
    if (performance.now() - start > startTimeoutMs) {
      throw localError(
        "LOCAL_APP_NOT_READY",
        `${label} was started, but does not answer as a Gradio app after ${Math.round(startTimeoutMs / 1000)} s.`,
        log,
        {
          hint: "Does its code call launch()? Where it needs longer: runLocally: { startTimeout: … } in milliseconds.",
        },
      );
    }
    await Promise.race([delay(LOOK_MS), kept.exited]);
  }
}

function endedTooSoon(label: string, { code, signal, error }: Exit, log: readonly string[]): DaggrError {
  if (code === NO_GRADIO)
    return localError("LOCAL_APP_FAILED", `The Python that runs ${label} has no Gradio.`, [], {
      hint: "Install it there (pip install gradio), or put a requirements.txt beside the file: an environment is made for it.",
    });
  const how = error ?? (code === null ? `it was ended by ${signal}` : `it ended with ${code}`);
  const module = log
    .map((line) => /^ModuleNotFoundError: No module named '([\w.]+)'/.exec(line)?.[1])
    .find(Boolean);
  const ended = code === 0 ? " Its code came to its end: launch() has to be called, and to block." : "";
  return localError(
    "LOCAL_APP_FAILED",
    `${label} does not start: ${how}.${ended}`,
    log,
    module === undefined
      ? {}
      : { hint: `Its environment has no '${module}': add it to requirements.txt, or install it.` },
  );
}

/** `/config` with a protocol is what only Gradio answers. */
async function isGradio(port: number, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await send(new URL(`http://127.0.0.1:${port}/config`), { signal, timeoutMs: 5000 });
    const text = await readText(response);
    // An app with a login is asked for it by whoever calls it.
    if (response.status === 401) return true;
    return response.ok && typeof (JSON.parse(text) as { protocol?: unknown }).protocol === "string";
  } catch {
    return false;
  }
}
