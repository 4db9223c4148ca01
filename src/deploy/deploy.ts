import { DaggrError } from "../base/errors.ts";
import { rememberSecret } from "../base/redact.ts";
import { accountOf, hubOfThisMachine } from "./account.ts";
import { type Bundle, readmeFor } from "./bundle.ts";
import {
  type Changes,
  changesTo,
  commitChanges,
  isEmpty,
  type RemoteFiles,
  readRemote,
} from "./remote-files.ts";
import { ownerAmong } from "./space-name.ts";
import { createSpace, type SpaceSettings, updateSettings } from "./space-settings.ts";
import { type SpaceState, spaceState } from "./space-state.ts";
import { waitForSpace } from "./wait-for-space.ts";

export interface DeployRequest {
  readonly bundle: Bundle;
  readonly name: string;
  readonly owner: string | undefined;
  readonly settings: SpaceSettings;
  /** Also a Space that holds something else. */
  readonly overwrite: boolean;
  readonly wait: boolean;
  readonly timeoutMs?: number | undefined;
  readonly pollMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before anything is sent; `false` sends nothing. */
  readonly confirm: (target: Target) => Promise<boolean>;
  readonly onProgress: (text: string) => void;
  readonly onLog: (line: string) => void;
}

/** Where it goes and what is there. */
export interface Target {
  readonly id: string;
  readonly page: string;
  readonly exists: boolean;
  /** What the commit will do; all files where the Space does not exist yet. */
  readonly changes: Changes;
}

export interface Deployed {
  readonly id: string;
  readonly page: string;
  /** Where the app answers. */
  readonly url: string | undefined;
  readonly created: boolean;
  /** `undefined` where nothing changed. */
  readonly commit: string | undefined;
  readonly changes: Changes;
  /** In words, what changed besides files. */
  readonly settings: readonly string[];
  readonly isRunning: boolean;
}

const NOTHING: RemoteFiles = { commit: undefined, files: new Map(), readme: undefined, ours: [] };

/** Puts a bundle into a Space. Resolves with `undefined` when it was not confirmed. */
export async function deploy(request: DeployRequest): Promise<Deployed | undefined> {
  const { bundle, settings, onProgress } = request;
  for (const value of settings.secrets.values()) rememberSecret(value);
  const hub = await hubOfThisMachine(request.signal);
  const account = await accountOf(hub);
  const owner = ownerAmong(request.owner, account.name, account.organizations);
  const wanted = `${owner}/${request.name}`;
  const page = `${hub.endpoint}/spaces/${wanted}`;

  let state = await spaceState(hub, wanted);
  let remote = state === undefined ? NOTHING : await readRemote(hub, state.id, state.commit);
  if (state !== undefined) refuseForeign(state, remote, request);
  const changesNow = (): Changes => changesTo(remote, [...bundle.files, readmeFor(bundle, remote.readme)]);
  const target = { id: state?.id ?? wanted, page, exists: state !== undefined, changes: changesNow() };
  if (!(await request.confirm(target))) return undefined;

  let done: string[] = [];
  const isNew = state === undefined;
  let isCreated = false;
  if (isNew) {
    onProgress(`Creating ${wanted}`);
    isCreated = await createSpace(hub, owner, request.name, settings);
    state = await spaceState(hub, wanted);
    if (state === undefined)
      throw new DaggrError(
        "HUB_REFUSED",
        `The Space ${wanted} exists, but your token may not see it. Choose another --name, or a token with the right to it.`,
      );
    // The Hub writes a README into a new Space, and somebody else may have been quicker.
    remote = await readRemote(hub, state.id, state.commit);
    refuseForeign(state, remote, request);
  }
  if (!isCreated && state !== undefined) done = await updateSettings(hub, state, settings);
  const { id } = state!;
  const changes = changesNow();
  let commit: string | undefined;
  if (!isEmpty(changes)) {
    const count = changes.added.length + changes.changed.length + changes.removed.length;
    onProgress(`Sending ${count === 1 ? "1 file" : `${count} files`} in one commit`);
    const title = isCreated ? "Deployed by daggr" : "Deployed again by daggr";
    commit = await commitChanges(hub, id, remote, changes, title);
  }
  const runs = await settled(request, id, commit, done.length > 0);
  const url = runs.host ?? state?.host;
  return { id, page, url, created: isCreated, commit, changes, settings: done, isRunning: runs.isRunning };

  async function settled(
    { wait, timeoutMs, pollMs, onLog }: DeployRequest,
    space: string,
    made: string | undefined,
    isRestarted: boolean,
  ): Promise<{ readonly isRunning: boolean; readonly host: string | undefined }> {
    const awaited = made ?? (isRestarted ? remote.commit : undefined);
    if (!wait || awaited === undefined) {
      const now = await spaceState(hub, space);
      return { isRunning: now?.runtime?.stage === "RUNNING" && made === undefined, host: now?.host };
    }
    await waitForSpace(hub, space, {
      commit: awaited,
      onStage: (text) => onProgress(`The Space is ${text}`),
      onLog,
      timeoutMs,
      pollMs,
    });
    const now = await spaceState(hub, space);
    return { isRunning: now?.runtime?.stage === "RUNNING", host: now?.host };
  }
}

/** What the Hub itself writes into a new Space. */
const OF_A_NEW_SPACE = new Set(["README.md", ".gitattributes"]);

function refuseForeign(state: SpaceState, remote: RemoteFiles, { overwrite }: DeployRequest): void {
  if (overwrite || remote.ours !== undefined) return;
  const foreign = [...remote.files.keys()].filter((path) => !OF_A_NEW_SPACE.has(path));
  if (foreign.length === 0) return;
  const list = foreign.slice(0, 5).join(", ");
  throw new DaggrError(
    "DEPLOY_FOREIGN",
    `The Space ${state.id} exists and was not made by daggr deploy: it holds ${list}${foreign.length > 5 ? `, and ${foreign.length - 5} more` : ""}. Choose another --name, or add --overwrite: files of the same name are then replaced, all others stay.`,
  );
}
