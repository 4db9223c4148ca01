import { DaggrError } from "../../base/errors.ts";
import type { UpstreamChange } from "../../protocol/upstream.ts";
import type { HubOptions } from "../hub.ts";
import { hubEndpoint } from "../tokens.ts";
import { differencesOf } from "./differences.ts";
import { type RecordedState, type UpstreamKind, type UpstreamRecord, upstreamKey } from "./record.ts";
import { modelState, spaceState, type UpstreamState } from "./state.ts";

/** A Space or a model that somebody depends on. */
export interface Dependency {
  readonly kind: UpstreamKind;
  readonly id: string;
  /** The nodes that use it. */
  readonly nodes: readonly string[];
  /** Of a Space: the endpoints that the nodes call, `null` for the one without a name; absent where nobody knows. */
  readonly endpoints?: readonly (string | null)[];
  readonly token?: string | false | undefined;
  /** An older revision of it can be asked for. */
  readonly canPin: boolean;
}

/** One that could not be asked: what was last known counts. */
export interface Unasked extends Omit<Dependency, "token"> {
  readonly reason: string;
  readonly code: string;
  readonly known: RecordedState | undefined;
}

export interface CheckedDependencies {
  readonly changed: readonly { readonly change: UpstreamChange; readonly state: UpstreamState }[];
  readonly unasked: readonly Unasked[];
  /** What is known of all of them now, by key. */
  readonly states: ReadonlyMap<string, UpstreamState>;
  /** Seen for the first time, or known better than before, at the commit that was accepted. */
  readonly learned: ReadonlyMap<string, UpstreamState>;
}

/** Compares what was accepted with what is there now. Asks side by side, changes nothing, throws only for the record. */
export async function checkDependencies(
  dependencies: readonly Dependency[],
  record: UpstreamRecord,
  options: HubOptions = {},
): Promise<CheckedDependencies> {
  const recorded = await record.read();
  const changed: { change: UpstreamChange; state: UpstreamState }[] = [];
  const unasked: Unasked[] = [];
  const learned = new Map<string, UpstreamState>();
  const states = new Map<string, UpstreamState>();
  await Promise.all(
    dependencies.map(async (dependency) => {
      const key = upstreamKey(dependency.kind, dependency.id);
      const known = recorded.get(key);
      const hub = dependency.token === undefined ? options : { ...options, token: dependency.token };
      try {
        const state = await askFor(dependency, known, hub);
        states.set(key, state);
        if (known === undefined) learned.set(key, state);
        else if (known.commit !== state.commit)
          changed.push({ change: changeOf(dependency, known, state, options), state });
        else if (known.endpoints === undefined && state.endpoints !== undefined) learned.set(key, state);
      } catch (error) {
        if (!(error instanceof DaggrError)) throw error;
        const { token: _, ...told } = dependency;
        unasked.push({ ...told, reason: error.sentence, code: error.code, known });
      }
    }),
  );
  const byName = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  changed.sort((a, b) => byName(a.change, b.change));
  unasked.sort(byName);
  return { changed, unasked, states, learned };
}

function askFor(
  { kind, id }: Dependency,
  known: RecordedState | undefined,
  options: HubOptions,
): Promise<UpstreamState> {
  return kind === "space" ? spaceState(id, { ...options, known }) : modelState(id, options);
}

function changeOf(
  { kind, id, nodes, endpoints, canPin }: Dependency,
  known: RecordedState,
  now: UpstreamState,
  { env }: HubOptions,
): UpstreamChange {
  const differences = differencesOf(known, now, endpoints);
  return {
    kind,
    id,
    url: `${hubEndpoint(env)}/${kind === "space" ? "spaces/" : ""}${id}/commits/main`,
    nodes,
    from: known.commit,
    to: now.commit,
    since: Date.parse(known.acceptedAt),
    differences: differences ?? [],
    isCompared: differences !== undefined,
    ...(canPin ? { pin: `revision: "${known.commit}", runLocally: true` } : {}),
  };
}
