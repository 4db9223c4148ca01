import { setTimeout as delay } from "node:timers/promises";
import { checkDependencies, type Dependency } from "../../clients/upstream/check.ts";
import { UpstreamRecord } from "../../clients/upstream/record.ts";
import { countOf, shortCommit, wordOf } from "../../clients/upstream/words.ts";
import type { Check } from "./checks.ts";

const PATIENCE_MS = 10_000;

/** What changed of the Spaces and models that this folder's scripts have used. Asks the Hub, and only if there are any. */
export async function upstreamChecks(): Promise<Check[]> {
  const record = new UpstreamRecord();
  try {
    const known = await record.read();
    if (known.size === 0) return [];
    const dependencies = [...known.keys()].map(dependencyOf);
    const found = await Promise.race([
      checkDependencies(dependencies, record, { signal: AbortSignal.timeout(PATIENCE_MS) }),
      delay(PATIENCE_MS, undefined, { ref: false }),
    ]);
    if (found === undefined) return [{ ...summary, state: "missing", value: "the Hub does not answer" }];
    const changed = found.changed.map(
      ({ change }): Check => ({
        name: change.id,
        state: "missing",
        value: `${wordOf(change.kind)} has changed: ${shortCommit(change.from)} is ${shortCommit(change.to)} now, ${countOf(change)}`,
        advice: [
          ...change.differences.map(({ breaking, text }) => `${breaking ? "-" : "·"} ${text}`),
          "daggr upstream <script> --accept takes it as it is now.",
        ].join("\n"),
      }),
    );
    const unasked = found.unasked.map(
      ({ id, reason, known }): Check => ({
        name: id,
        state: "missing",
        value: `as last known, ${shortCommit(known?.commit ?? "")}`,
        advice: reason,
      }),
    );
    const same = dependencies.length - changed.length - unasked.length;
    return [...(same === 0 ? [] : [{ ...summary, value: `${same} as accepted` }]), ...changed, ...unasked];
  } catch (error) {
    return [{ ...summary, state: "bad", value: error instanceof Error ? error.message : String(error) }];
  }
}

const summary = { name: "Spaces and models", state: "good" } as const;

function dependencyOf(key: string): Dependency {
  const at = key.indexOf(" ");
  return { kind: key.slice(0, at) as Dependency["kind"], id: key.slice(at + 1), nodes: [], canPin: false };
}
