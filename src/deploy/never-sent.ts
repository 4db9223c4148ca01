import { execFile } from "node:child_process";
import { basename } from "node:path";

/** Folders that hold nothing that belongs on a Space. */
const FOLDERS = new Set([
  ".cache",
  ".daggr_files",
  ".git",
  ".hg",
  ".ssh",
  ".svn",
  ".venv",
  "__pycache__",
  "node_modules",
  "venv",
]);

const SECRETS = [
  /^\.env(?!\.(example|sample|template)$)/,
  /^\.(npmrc|netrc|pypirc|yarnrc(\.yml)?|git-credentials|htpasswd|dockercfg)$/,
  /^(id_(rsa|dsa|ecdsa|ed25519)|credentials(\.json)?|token|tokens|stored_tokens)$/,
  /^(service[-_]?account|client[-_]?secret).*\.json$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ovpn)$/,
];

const DATABASES = /\.(db|sqlite|sqlite3)(-(wal|shm|journal))?$|^\.daggr_sessions/;

/** Why a file is never sent, whoever names it; `undefined` for one that may be. */
export function whyNeverSent(path: string): string | undefined {
  const parts = path.split("/");
  const folder = parts.slice(0, -1).find((part) => FOLDERS.has(part));
  if (folder !== undefined) return `it lies in ${folder}`;
  const name = basename(path).toLowerCase();
  if (SECRETS.some((pattern) => pattern.test(name))) return "files of this name hold secrets";
  if (DATABASES.test(name)) return "it is a database";
  if (name === ".ds_store" || name.endsWith(".log")) return "nobody needs it there";
  return undefined;
}

export const isNeverSentFolder = (name: string): boolean => FOLDERS.has(name);

/** Whether the name of a file that git ignores says why it is ignored. */
export function looksSecret(path: string): boolean {
  return /secret|token|credential|passw|private|apikey|api[-_]key|\blocal\b/i.test(basename(path));
}

/** Which of the paths git ignores. None where there is no git, or no repository. */
export async function ignoredByGit(folder: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  return new Promise((resolve) => {
    const child = execFile(
      "git",
      ["check-ignore", "-z", "--stdin"],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout) => resolve(new Set(stdout.split("\0").filter((path) => path !== ""))),
    );
    // Without git there is nobody to read.
    child.stdin?.on("error", () => {});
    child.stdin?.end(paths.join("\0"));
  });
}
