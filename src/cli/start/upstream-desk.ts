import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline/promises";
import { tellUpstream } from "../../app/tell-upstream.ts";
import type { UpstreamNews } from "../../app/watch-upstream.ts";
import { shortCommit, wordOf } from "../../clients/upstream/words.ts";
import type { UpstreamChange, UpstreamChoice } from "../../protocol/upstream.ts";
import { style } from "../terminal.ts";

export interface UpstreamDeskOptions {
  readonly script: string;
  readonly log: (text: string) => void;
  readonly choose: (change: UpstreamChange, choice: UpstreamChoice) => void;
}

const keyOf = ({ kind, id, to }: UpstreamChange): string => `${kind} ${id} ${to}`;

/**
 * Tells a person at the terminal what changed of the Spaces and models in use, and asks what is to become of it. The
 * workflow is served meanwhile; an answer that comes from the canvas ends the question.
 */
export class UpstreamDesk {
  readonly #options: UpstreamDeskOptions;
  readonly #told = new Set<string>();
  readonly #ignored = new Set<string>();
  #open: readonly UpstreamChange[] = [];
  #question: { readonly key: string; readonly abort: AbortController } | undefined;
  #isOfflineTold = false;
  #isClosed = false;

  constructor(options: UpstreamDeskOptions) {
    this.#options = options;
  }

  /** What is not to be asked again in this start, as `space ada/echo`. */
  get ignored(): readonly string[] {
    return [...this.#ignored];
  }

  hear({ changes, unasked }: UpstreamNews): void {
    this.#open = changes;
    const fresh = changes.filter((change) => !this.#told.has(keyOf(change)));
    for (const change of fresh) this.#told.add(keyOf(change));
    const news = { changes: fresh, unasked: this.#isOfflineTold ? [] : unasked };
    this.#isOfflineTold ||= unasked.length > 0;
    const text = tellUpstream(news, basename(this.#options.script), (format, part) => style(format, part));
    if (text !== "") this.#options.log(text);
    if (this.#question !== undefined && !changes.some((change) => keyOf(change) === this.#question?.key))
      this.#question.abort.abort();
    if (this.#question === undefined && canAsk()) void this.#askAll(fresh);
  }

  close(): void {
    this.#isClosed = true;
    this.#question?.abort.abort();
  }

  async #askAll(changes: readonly UpstreamChange[]): Promise<void> {
    for (const change of changes) {
      if (this.#isClosed || !this.#open.some((open) => keyOf(open) === keyOf(change))) continue;
      const answer = await this.#ask(change);
      if (answer === "accept") {
        this.#options.choose(change, "accept");
        this.#options.log(style("green", `${change.id} is accepted as it is now.`));
      } else if (answer !== undefined) {
        this.#ignored.add(`${change.kind} ${change.id}`);
        this.#options.choose(change, "ignore");
        if (answer === "pin") this.#options.log(howToPin(change));
      }
    }
  }

  /** `undefined` where somebody else has answered meanwhile. */
  async #ask(change: UpstreamChange): Promise<"accept" | "pin" | "ignore" | undefined> {
    const abort = new AbortController();
    this.#question = { key: keyOf(change), abort };
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    // The line editor takes Ctrl-C for itself.
    lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    lines.on("close", () => abort.abort());
    const pin = change.pin === undefined ? "" : `, [p]in to ${shortCommit(change.from)}`;
    const question = `${wordOf(change.kind)} '${change.id}': [a]ccept what is there now${pin}, or Enter to leave it for now: `;
    try {
      const answer = (await lines.question(question, { signal: abort.signal })).trim().toLowerCase();
      if (/^a/.test(answer)) return "accept";
      return /^p/.test(answer) && change.pin !== undefined ? "pin" : "ignore";
    } catch {
      if (!this.#isClosed) process.stderr.write("\n");
      return undefined;
    } finally {
      this.#question = undefined;
      lines.close();
    }
  }
}

function howToPin({ id, nodes, pin }: UpstreamChange): string {
  return [
    `To run '${id}' on this machine as it was, write into the options of ${nodes.join(", ")}:`,
    `  ${pin}`,
    `Or make a copy of it on the Hub: daggr pin ${id} --duplicate`,
  ].join("\n");
}

/** Somebody sits there, and this is the program that they talk to: one in the background would be stopped for asking. */
function canAsk(): boolean {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true || process.env["CI"] !== undefined)
    return false;
  if (process.platform !== "linux") return true;
  const [, , group, , , foreground] = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" ");
  return group === foreground;
}
