import { Worker } from "node:worker_threads";

/** Milliseconds between two looks at whether the supervisor still lives. */
const LOOK_MS = 1000;

/**
 * Calls `close` when the supervisor asks to end or is gone (also by SIGKILL). Ctrl-C reaches the whole process
 * group: here it is left to the supervisor, so that nothing ends twice.
 */
export function exitWithParent(close: () => void): void {
  process.on("SIGINT", () => {});
  process.on("SIGTERM", close);
  process.on("disconnect", close);
  // A function that never returns keeps this thread from hearing that the supervisor is gone.
  setTimeout(watchFromAside, 1000).unref();
}

function watchFromAside(): void {
  const code = `
    const parent = ${process.ppid};
    setInterval(() => {
      if (process.ppid !== parent) setTimeout(() => process.kill(process.pid, "SIGKILL"), 4000);
    }, ${LOOK_MS});`;
  const worker = new Worker(code, {
    eval: true,
    name: "daggr parent watch",
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  });
  worker.on("error", () => {});
  worker.unref();
}
