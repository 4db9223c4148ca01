import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { languageModelFile } from "../../scripts/lib/paths.ts";

export interface LanguageModelStats {
  readonly requests: number;
  readonly running: number;
  readonly mostAtOnce: number;
  /** Really generated, also of answers that nobody waited for. */
  readonly tokens: number;
  readonly finished: number;
  readonly stopped: number;
  readonly seen: readonly { path: string; headers: Record<string, string>; body: any }[];
}

export interface LanguageModel extends AsyncDisposable {
  /** Without `/v1`. Its only model is `smollm2`. */
  readonly url: string;
  stats(): Promise<LanguageModelStats>;
}

/** Starts the real model that `npm test` fetched. */
export async function startLanguageModel(): Promise<LanguageModel> {
  if (!existsSync(languageModelFile))
    throw new Error("There is no language model: node scripts/language-model.ts");
  const child = spawn(process.execPath, [join(import.meta.dirname, "server.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  const endNow = (): boolean => child.kill("SIGKILL");
  process.once("exit", endNow);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The language model ended with ${code} before it answered.`);
  });
  const line = once(createInterface({ input: child.stdout! }), "line");
  const [url] = (await Promise.race([line, ended])) as [string];
  ended.catch(() => {});
  return {
    url,
    stats: async () => (await (await fetch(`${url}/stats`)).json()) as LanguageModelStats,
    async [Symbol.asyncDispose]() {
      process.off("exit", endNow);
      const closed = once(child, "exit");
      child.kill("SIGKILL");
      await closed;
    },
  };
}
