import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ServiceQuestion } from "../../graph/service.ts";
import { type Environment, hubEndpoint } from "../tokens.ts";
import { localError } from "./local-errors.ts";
import { localFolder } from "./local-folder.ts";

/** What was agreed to for one Space. */
export interface Agreement {
  readonly commit: string;
  readonly at: string;
}

type Agreements = Readonly<Record<string, Agreement>>;

const fileOf = (env: Environment): string => join(localFolder(env), "agreed.json");

export async function agreements(env: Environment = process.env): Promise<Agreements> {
  try {
    return JSON.parse(await readFile(fileOf(env), "utf8")) as Agreements;
  } catch {
    return {};
  }
}

/** Keeps that a Space may run here as it is at this commit; without a commit, that it may no longer. */
export async function keepAgreement(
  id: string,
  commit: string | undefined,
  env: Environment = process.env,
): Promise<void> {
  const { [id]: _, ...others } = await agreements(env);
  const next = commit === undefined ? others : { ...others, [id]: { commit, at: new Date().toISOString() } };
  const file = fileOf(env);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(temporary, JSON.stringify(next, null, 2), { mode: 0o600 });
  await rename(temporary, file);
}

/** Who can be asked: somebody at a card, somebody at the terminal, or nobody. */
export type Ask = ((question: ServiceQuestion, signal: AbortSignal) => Promise<boolean>) | undefined;

/** `DAGGR_RUN_LOCALLY`: `yes` for every Space, `no` for none, or the ids of some. */
function answerOfEnvironment(id: string, env: Environment): boolean | undefined {
  const said = env["DAGGR_RUN_LOCALLY"]?.trim() ?? "";
  if (/^(yes|1|true)$/i.test(said)) return true;
  if (/^(no|0|false)$/i.test(said)) return false;
  return said.split(/[\s,]+/).includes(id) ? true : undefined;
}

/**
 * Makes sure that somebody has agreed to run this Space's code, as it is at this commit, with the rights of who runs
 * daggr. Asks once for each commit. Throws `LOCAL_CODE_NOT_ALLOWED`.
 */
export async function ensureAgreed(
  id: string,
  commit: string,
  ask: Ask,
  env: Environment,
  signal: AbortSignal,
): Promise<void> {
  const said = answerOfEnvironment(id, env);
  if (said === true) return;
  const before = (await agreements(env))[id]?.commit;
  if (said === undefined && before === commit) return;
  const changed =
    before === undefined
      ? ""
      : ` Its code has changed since you agreed (${short(before)} → ${short(commit)}).`;
  const refused = (why: string) =>
    localError(
      "LOCAL_CODE_NOT_ALLOWED",
      `Space '${id}' would run its authors' code on this machine, with your rights.${changed} ${why}`,
      [],
      { hint: `To agree: daggr local trust ${id}, or DAGGR_RUN_LOCALLY=${id}` },
    );
  if (said === false) throw refused("DAGGR_RUN_LOCALLY says no.");
  if (ask === undefined) throw refused("Nobody has agreed to that yet, and nobody is here to ask.");
  const question: ServiceQuestion = {
    id: `${id}@${commit}`,
    text: `Space '${id}' will run its authors' code on this machine, with your rights: it can read your files and use your network.${changed}`,
    url: `${hubEndpoint(env)}/spaces/${id}/tree/${commit}`,
  };
  if (!(await ask(question, signal))) throw refused("That was declined.");
  await keepAgreement(id, commit, env);
}

export const short = (commit: string): string => commit.slice(0, 7);

/** Asks on the terminal, when a person is there. */
export function terminalAsk(): Ask {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  return async ({ text, url }, signal) => {
    const { createInterface } = await import("node:readline/promises");
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    lines.once("SIGINT", () => {
      lines.close();
      process.kill(process.pid, "SIGINT");
    });
    try {
      return /^y/i.test(await lines.question(`${text}\nThe code: ${url}\nRun it here? [y/N] `, { signal }));
    } catch (error) {
      if (signal.aborted) throw error;
      return false;
    } finally {
      lines.close();
    }
  };
}
