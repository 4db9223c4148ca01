import { createHash } from "node:crypto";
import { z } from "zod";
import { clientError } from "../clients/client-errors.ts";
import { readText, send } from "../clients/http.ts";
import { type BundleFile, textOf as contentOf, textFile } from "./bundle-file.ts";
import { askApi, type Hub, refusal } from "./hub-api.ts";
import { libraryOptions, viaLibrary } from "./hub-library.ts";

/** What lies in a Space's repository. */
export interface RemoteFiles {
  readonly commit: string | undefined;
  /** By path, the hashes that tell the content. */
  readonly files: ReadonlyMap<
    string,
    { readonly oid: string | undefined; readonly sha256: string | undefined }
  >;
  readonly readme: string | undefined;
  /** What an earlier deployment put there; `undefined` where there was none. */
  readonly ours: readonly string[] | undefined;
}

/** Says which files came by a deployment, so that the next one removes no others. */
export const MANIFEST = ".daggr-deploy.json";

const manifestSchema = z.looseObject({ files: z.array(z.string()) });

export async function readRemote(hub: Hub, id: string, commit: string | undefined): Promise<RemoteFiles> {
  const { listFiles } = await import("@huggingface/hub");
  const revision = commit ?? "main";
  const files = new Map<string, { oid: string | undefined; sha256: string | undefined }>();
  await viaLibrary(hub, `list the files of ${id}`, async () => {
    for await (const entry of listFiles({ ...libraryOptions(hub, id), recursive: true, revision })) {
      if (entry.type === "file") files.set(entry.path, { oid: entry.oid, sha256: entry.lfs?.oid });
    }
  });
  const read = (path: string) => (files.has(path) ? readRemoteText(hub, id, revision, path) : undefined);
  const [readme, manifest] = await Promise.all([read("README.md"), read(MANIFEST)]);
  return { commit, files, readme, ours: manifest === undefined ? undefined : filesOf(manifest) };
}

function filesOf(manifest: string): readonly string[] {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(manifest));
    if (parsed.success) return parsed.data.files;
  } catch {
    // Somebody wrote into it: then nothing is known to be ours.
  }
  return [];
}

async function readRemoteText(hub: Hub, id: string, revision: string, path: string): Promise<string> {
  const url = new URL(`${hub.endpoint}/spaces/${id}/resolve/${encodeURIComponent(revision)}/${path}`);
  const credentials = { origin: url.origin, headers: { authorization: `Bearer ${hub.token}` } };
  const response = await send(url, { credentials, signal: hub.signal });
  const text = await readText(response, 4 * 1024 * 1024);
  if (!response.ok) throw refusal(response.status, "", `read ${path} of ${id}`);
  return text;
}

/** What one commit has to do. */
export interface Changes {
  readonly added: readonly BundleFile[];
  readonly changed: readonly BundleFile[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
}

/** Compares what is to be there with what is; only what an earlier deployment put there is removed. */
export function changesTo(remote: RemoteFiles, wanted: readonly BundleFile[]): Changes {
  const files = [...wanted, manifestOf(wanted)];
  const paths = new Set(files.map(({ path }) => path));
  const added = files.filter(({ path }) => !remote.files.has(path));
  const known = files.filter(({ path }) => remote.files.has(path));
  const isSame = (file: BundleFile): boolean => {
    const there = remote.files.get(file.path);
    return there?.sha256 === undefined
      ? there?.oid === blobId(file.content)
      : there.sha256 === createHash("sha256").update(file.content).digest("hex");
  };
  return {
    added,
    changed: known.filter((file) => !isSame(file)),
    removed: (remote.ours ?? []).filter((path) => !paths.has(path) && remote.files.has(path)),
    unchanged: known.filter(isSame).map(({ path }) => path),
  };
}

export const isEmpty = ({ added, changed, removed }: Changes): boolean =>
  added.length + changed.length + removed.length === 0;

/** The card stays when a Space is made anew of something else: it is everybody's. */
export function manifestOf(files: readonly BundleFile[]): BundleFile {
  const paths = files.map(({ path }) => path).filter((path) => path !== "README.md");
  return textFile(
    MANIFEST,
    `${JSON.stringify({ about: "Files that daggr deploy put here, and may remove.", files: paths }, null, 2)}\n`,
    "which files are daggr's",
  );
}

/** Git's name for a content. */
function blobId(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

const yamlErrors = z.looseObject({ errors: z.array(z.looseObject({ message: z.string() })) });

/** Asks the Hub whether it takes the card, as it would refuse the whole commit for it. */
async function checkCard(hub: Hub, { added, changed }: Changes): Promise<void> {
  const card = [...added, ...changed].find(({ path }) => path === "README.md");
  if (card === undefined) return;
  const body = { content: contentOf(card), repoType: "space" };
  const { status, json } = await askApi(hub, "POST", "/api/validate-yaml", body);
  const parsed = yamlErrors.safeParse(json);
  if (status !== 400 || !parsed.success || parsed.data.errors.length === 0) return;
  const errors = parsed.data.errors.map(({ message }) => message).join("; ");
  throw clientError("DEPLOY_README", `Hugging Face refuses the front matter of README.md: ${errors}`);
}

/** Puts all changes there in one commit. `DEPLOY_CONFLICT` when somebody else was quicker. */
export async function commitChanges(
  hub: Hub,
  id: string,
  remote: RemoteFiles,
  changes: Changes,
  title: string,
): Promise<string> {
  await checkCard(hub, changes);
  const { commit } = await import("@huggingface/hub");
  const operations = [
    ...[...changes.added, ...changes.changed].map((file) => ({
      operation: "addOrUpdate" as const,
      path: file.path,
      content: new Blob([Uint8Array.from(file.content)]),
    })),
    ...changes.removed.map((path) => ({ operation: "delete" as const, path })),
  ];
  const output = await viaLibrary(hub, `put the files into ${id}`, () =>
    commit({
      ...libraryOptions(hub, id),
      title,
      operations,
      // The classic upload of large files needs no second service.
      useXet: false,
      ...(remote.commit === undefined ? {} : { parentCommit: remote.commit }),
    }),
  );
  if (output === undefined) throw clientError("HUB_REFUSED", `Hugging Face made no commit of ${id}.`);
  return output.commit.oid;
}
