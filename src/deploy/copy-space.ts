import { z } from "zod";
import { DaggrError } from "../base/errors.ts";
import { type Credentials, send } from "../clients/http.ts";
import { notFound } from "../clients/hub-search.ts";
import { accountOf, hubOfThisMachine } from "./account.ts";
import { askApi, type Hub, reasonIn, refusal } from "./hub-api.ts";
import { libraryOptions, viaLibrary } from "./hub-library.ts";

export interface CopyRequest {
  /** `owner/name` of somebody's Space. */
  readonly from: string;
  readonly revision: string;
  /** `owner/name` of the copy; default: the account's own, named after the original and its commit. */
  readonly to?: string | undefined;
  readonly isPrivate: boolean;
  readonly hardware?: string | undefined;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface SpaceAtRevision {
  readonly id: string;
  readonly commit: string;
  readonly sdk: string;
}

const schema = z.looseObject({ id: z.string(), sha: z.string(), sdk: z.string().nullish() });

/** Throws `REVISION_NOT_FOUND` or `SPACE_NOT_FOUND`. */
export async function spaceAtRevision(hub: Hub, id: string, revision: string): Promise<SpaceAtRevision> {
  const { status, json } = await askApi(hub, "GET", `/api/spaces/${id}/revision/${revision}`);
  if (status === 401) throw refusal(status, "", `tell about ${id}`);
  if (status === 404 && /rev/i.test(reasonIn({ json, text: "" }))) {
    const sentence = `Space '${id}' has no commit ${revision} (any more: its history may have been rewritten). See ${hub.endpoint}/spaces/${id}/commits/main.`;
    throw new DaggrError("REVISION_NOT_FOUND", sentence);
  }
  const parsed = schema.safeParse(json);
  if (status === 403 || status === 404)
    throw await notFound("spaces", id, true, { token: hub.token, signal: hub.signal });
  if (!parsed.success) throw refusal(status, reasonIn({ json, text: "" }), `tell about ${id}`);
  const { id: name, sha, sdk } = parsed.data;
  return { id: name, commit: sha, sdk: sdk ?? "gradio" };
}

/**
 * Makes a Space of one's own from another one as it was at a revision: its files in one commit. Secrets are not copied,
 * because nobody can read them. Gives the new Space's id. What a broken copy left is gone on with.
 */
export async function copySpace(request: CopyRequest): Promise<string> {
  const { from, onProgress } = request;
  const hub = await hubOfThisMachine(request.signal, "copy a Space");
  const account = await accountOf(hub, "copy a Space");
  const source = await spaceAtRevision(hub, from, request.revision);
  const short = source.commit.slice(0, 7);
  const to = request.to ?? `${account.name}/${from.split("/")[1]}-${short}`;
  await makeRoom(hub, to, source, request);
  const files = await filesOf(hub, source);
  onProgress(
    `Copying ${files.length === 1 ? "1 file" : `${files.length} files`} of ${from} at ${short} to ${to}`,
  );
  const { uploadFiles } = await import("@huggingface/hub");
  await viaLibrary(hub, `copy ${from} to ${to}`, async () => {
    const title = `Copy of ${from} at ${source.commit}`;
    await uploadFiles({ ...libraryOptions(hub, to), files, commitTitle: title, useXet: false });
  });
  return to;
}

/** An empty Space of that name: a new one, or what an earlier try left. */
async function makeRoom(hub: Hub, id: string, { sdk }: SpaceAtRevision, request: CopyRequest): Promise<void> {
  const [organization, name] = id.split("/");
  const answer = await askApi(hub, "POST", "/api/repos/create", {
    type: "space",
    organization,
    name,
    sdk,
    visibility: request.isPrivate ? "private" : "public",
    ...(request.hardware === undefined ? {} : { hardware: request.hardware }),
  });
  if (answer.status >= 200 && answer.status < 300) return;
  if (answer.status !== 409) throw refusal(answer.status, reasonIn(answer), `create the Space ${id}`);
  const there = await filesOf(hub, { id, commit: "main" });
  if (there.every(({ path }) => path === "README.md" || path === ".gitattributes")) return;
  throw new DaggrError(
    "SPACE_EXISTS",
    `There is a Space '${id}' already: use it, or give the copy another name with --to.`,
  );
}

/** Their contents are read when they are sent, never all at once. */
async function filesOf(
  hub: Hub,
  { id, commit }: Pick<SpaceAtRevision, "id" | "commit">,
): Promise<{ path: string; content: Blob }[]> {
  const { listFiles, downloadFile } = await import("@huggingface/hub");
  const options = { ...libraryOptions(hub, id), fetch: downloading(hub), revision: commit };
  return viaLibrary(hub, `read ${id}`, async () => {
    const files: { path: string; content: Blob }[] = [];
    for await (const { type, path } of listFiles({ ...options, recursive: true })) {
      if (type !== "file") continue;
      const content = await downloadFile({ ...options, path, xet: false });
      if (content !== null) files.push({ path, content });
    }
    return files;
  });
}

/** Large files lie on other hosts: the Hub sends there, without the token. */
function downloading(hub: Hub): typeof fetch {
  const credentials: Credentials = {
    origin: new URL(hub.endpoint).origin,
    headers: { authorization: `Bearer ${hub.token}` },
  };
  return (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers).entries());
    delete headers["authorization"];
    const url = new URL(input instanceof Request ? input.url : input);
    return send(url, { headers, credentials, signal: hub.signal });
  };
}
