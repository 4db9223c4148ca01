import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { z } from "zod";
import { DaggrError } from "../../base/errors.ts";
import { clientError, tokenRefused } from "../client-errors.ts";
import { askHub } from "../hub.ts";
import { notFound } from "../hub-search.ts";
import { type Environment, hubToken } from "../tokens.ts";
import { bootstrapFile } from "./bootstrap.ts";
import { appEnvironment } from "./child-environment.ts";
import { ensureAgreed, short } from "./consent.ts";
import { dockerLaunchable } from "./docker.ts";
import { ensureEnvironment } from "./environment.ts";
import { readFrontMatter, type SpaceCard } from "./front-matter.ts";
import { lastKnownCommit, rememberCommit, spaceFolder } from "./kept-spaces.ts";
import { localError } from "./local-errors.ts";
import { filesOfFolder, importedModules } from "./python-files.ts";
import { type AppHead, type LocalOptions, type Recipe, START_TIMEOUT_MS } from "./recipe.ts";
import { copyOfSpace } from "./snapshot.ts";

/** A Space of the Hub, run on this machine. */
export function spaceRecipe(
  head: AppHead,
  id: string,
  options: LocalOptions,
  env: Environment = process.env,
): Recipe {
  return {
    ...head,
    startTimeoutMs: options.startTimeout ?? START_TIMEOUT_MS,
    identity: async () => (await commitToRun(id, options, env)).commit,
    async prepare(preparing) {
      const { signal, onStep, onWarning, ask } = preparing;
      onStep(`Looking ${id} up`);
      const { commit, note } = await commitToRun(id, options, env);
      if (note !== undefined) onWarning(note);
      await ensureAgreed(id, commit, ask, env, signal);
      const folder = spaceFolder(id, commit, env);
      if (!existsSync(folder)) {
        onStep(`Downloading ${id} at ${short(commit)}`);
        await copyOfSpace(id, commit, folder, { env, token: options.token, signal, onStep });
      }
      await rememberCommit(id, options.revision, commit, env);
      const card = await cardOf(id, folder);
      const token = options.passToken === true ? await hubToken(options.token, env) : undefined;
      if (card.sdk === "docker")
        return dockerLaunchable({ id, commit, folder, card, options, token }, preparing);
      const file = appFile(id, folder, card);
      await tellSystemPackages(id, folder, onWarning);
      const bootstrap = await bootstrapFile(env);
      const python = await ensureEnvironment(await needsOf(id, folder, card), preparing);
      return {
        identity: commit,
        start: (port) => ({
          command: [python.path, bootstrap, file, String(port)],
          cwd: folder,
          env: appEnvironment({
            env,
            port,
            pythonFolder: dirname(python.path),
            isOwnCode: false,
            token,
            extra: options.env,
          }),
        }),
      };
    },
  };
}

/** The commit that a Space is at, as the Hub says. */
export async function currentCommit(
  id: string,
  revision?: string,
  env: Environment = process.env,
): Promise<string> {
  return (await commitToRun(id, { revision }, env)).commit;
}

/** The commit that the revision is at; while the Hub cannot be asked, the one that was run last. */
async function commitToRun(
  id: string,
  options: LocalOptions,
  env: Environment,
): Promise<{ readonly commit: string; readonly note?: string }> {
  const { revision, token } = options;
  // A commit's whole name needs no question when its files are here.
  if (revision !== undefined && /^[0-9a-f]{40}$/.test(revision) && existsSync(spaceFolder(id, revision, env)))
    return { commit: revision };
  try {
    const path = `/api/spaces/${id}${revision === undefined ? "" : `/revision/${encodeURIComponent(revision)}`}`;
    const { status, json, hasToken } = await askHub(path, { token, env });
    const parsed = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/) }).safeParse(json);
    if (parsed.success) return { commit: parsed.data.sha };
    if (status === 401 && hasToken) throw tokenRefused();
    if (status === 401 || status === 403 || status === 404)
      throw await missing(id, revision, hasToken, token, env);
    throw clientError(
      "HUB_UNREACHABLE",
      `The Hub's answer about Space '${id}' cannot be read (HTTP ${status}).`,
    );
  } catch (error) {
    const isAway = error instanceof DaggrError && error.code.startsWith("HUB_");
    const known = isAway ? await lastKnownCommit(id, revision, env) : undefined;
    if (known === undefined || !existsSync(spaceFolder(id, known, env))) throw error;
    const why = error instanceof DaggrError ? error.sentence : "";
    return { commit: known, note: `${why} '${id}' runs as it was downloaded last (${short(known)}).` };
  }
}

async function missing(
  id: string,
  revision: string | undefined,
  hasToken: boolean,
  token: string | false | undefined,
  env: Environment,
): Promise<DaggrError> {
  if (revision !== undefined) {
    const { status } = await askHub(`/api/spaces/${id}`, { token, env });
    if (status === 200)
      return clientError(
        "SPACE_NOT_FOUND",
        `Space '${id}' has no revision '${revision}'. Give a branch, a tag or a commit.`,
      );
  }
  return notFound("spaces", id, hasToken, { token, env });
}

/** Its README.md. Throws `LOCAL_SPACE_UNSUPPORTED` for what has no program to run. */
async function cardOf(id: string, folder: string): Promise<SpaceCard> {
  const readme = await readFile(join(folder, "README.md"), "utf8").catch(() => "");
  const card = readFrontMatter(readme);
  const { sdk } = card;
  if (sdk === "docker" || sdk === "gradio") return card;
  if (sdk === "" && existsSync(join(folder, card.appFile))) return { ...card, sdk: "gradio" };
  const why: Readonly<Record<string, string>> = {
    static: "It is a static page: there is no program in it that could be called.",
    "": "Its README.md does not say what it is (sdk), and it has no app.py.",
  };
  throw localError(
    "LOCAL_SPACE_UNSUPPORTED",
    `Space '${id}' cannot run locally. ${why[sdk] ?? `It is made with ${sdk}: only Gradio and Docker Spaces can be called.`}`,
  );
}

function appFile(id: string, folder: string, { appFile }: SpaceCard): string {
  const file = resolve(folder, appFile);
  if (file.startsWith(folder + sep) && existsSync(file)) return file;
  throw localError(
    "LOCAL_SPACE_UNSUPPORTED",
    `Space '${id}' names the app file '${appFile}', which it does not have.`,
  );
}

/** Debian packages need root: they can only be told of. */
async function tellSystemPackages(id: string, folder: string, warn: (text: string) => void): Promise<void> {
  const text = await readFile(join(folder, "packages.txt"), "utf8").catch(() => "");
  const names = text.split(/\s+/).filter((name) => /^[a-z0-9][a-z0-9+.:-]*$/i.test(name));
  if (names.length > 0)
    warn(
      `${id} also wants packages of the system: ${names.join(", ")}. Where something is missing: apt install ${names.join(" ")}`,
    );
}

/** What the Hub has in every Gradio Space, so that no requirements.txt names it. */
const PREINSTALLED = ["spaces", "datasets"];

/** Gradio at the version that the Hub runs, in one run with requirements.txt. */
async function needsOf(id: string, folder: string, card: SpaceCard) {
  const path = join(folder, "requirements.txt");
  const given = await readFile(path, "utf8").catch(() => undefined);
  const sources = await Promise.all(
    (await filesOfFolder(folder))
      .filter((file) => file.endsWith(".py"))
      .map((file) => readFile(file, "utf8")),
  );
  const extras = new Set<string>();
  const kept = (given ?? "").split(/\r?\n/).filter((line) => {
    const gradio = /^\s*gradio\s*(?:\[([^\]]*)\])?\s*(?:[=<>~!;#@].*)?$/i.exec(line);
    for (const extra of gradio?.[1]?.split(",") ?? []) extras.add(extra.trim());
    // The Hub installs its own version after these.
    return gradio === null || card.sdkVersion === undefined;
  });
  if (sources.some((text) => /\b(LoginButton|OAuthToken|OAuthProfile)\b/.test(text))) extras.add("oauth");
  const list = [...extras].filter((extra) => extra !== "").toSorted();
  const gradio = `gradio${list.length === 0 ? "" : `[${list.join(",")}]`}${card.sdkVersion === undefined ? "" : `==${card.sdkVersion}`}`;
  const imported = new Set(
    sources.flatMap((text) => importedModules(text).map((name) => name.split(".")[0]!)),
  );
  const isNamed = (name: string): boolean => new RegExp(`^\\s*${name}\\b`, "im").test(given ?? "");
  const added = PREINSTALLED.filter(
    (name) => imported.has(name) && !isNamed(name) && !existsSync(join(folder, `${name}.py`)),
  );
  const requirements = given === undefined ? undefined : join(folder, ".daggr-requirements.txt");
  if (requirements !== undefined) await writeFile(requirements, kept.join("\n"));
  const before = join(folder, "pre-requirements.txt");
  return {
    label: id,
    folder,
    python: card.pythonVersion,
    before: existsSync(before) ? before : undefined,
    requirements,
    packages: [gradio, ...added],
  };
}
