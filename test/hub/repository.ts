import { createHash, randomBytes } from "node:crypto";
import { parse } from "yaml";
import { type SpaceOptions, SpaceState } from "./space.ts";

export type RepositoryKind = "model" | "space" | "dataset";
/** Files by path; `null` deletes one. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

export interface ProviderMapping {
  readonly status: "live" | "staging" | "error";
  readonly providerId: string;
  readonly task: string;
  readonly [key: string]: unknown;
}

export interface RepositoryOptions extends SpaceOptions {
  readonly files?: Files;
  readonly private?: boolean;
  readonly gated?: "auto" | "manual";
  readonly sdk?: string;
  readonly cardData?: Readonly<Record<string, unknown>>;
  readonly pipelineTag?: string;
  readonly libraryName?: string;
  readonly inferenceProviderMapping?: Readonly<Record<string, ProviderMapping>>;
  readonly likes?: number;
  readonly downloads?: number;
  readonly tags?: readonly string[];
  /** What else its info tells. */
  readonly info?: Readonly<Record<string, unknown>>;
}

export interface Commit {
  readonly oid: string;
  readonly title: string;
  readonly message: string;
  readonly author: string;
  readonly date: Date;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Git's name of a file with this content, which is its etag too. */
export function blobOid(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

export class Repository {
  readonly kind: RepositoryKind;
  readonly internalId = randomBytes(12).toString("hex");
  readonly createdAt = new Date();
  id: string;
  private: boolean;
  gated: "auto" | "manual" | undefined;
  /** Who may read a gated one. */
  readonly accepted = new Set<string>();
  options: RepositoryOptions;
  inferenceProviderMapping: Readonly<Record<string, ProviderMapping>> | undefined;
  readonly commits: Commit[] = [];
  readonly branches = new Map<string, string>();
  readonly space: SpaceState | undefined;

  constructor(kind: RepositoryKind, id: string, options: RepositoryOptions = {}) {
    this.kind = kind;
    this.id = id;
    this.options = options;
    this.private = options.private ?? false;
    this.gated = options.gated;
    this.inferenceProviderMapping = options.inferenceProviderMapping;
    this.space = kind === "space" ? new SpaceState(options) : undefined;
    this.commit(options.files ?? {}, "initial commit");
  }

  /** A new revision of one branch; gives its commit. */
  commit(changes: Files, title = "Update", more: CommitOptions = {}): string {
    const branch = more.branch ?? "main";
    const files = new Map(this.at(branch)?.files ?? []);
    for (const [path, content] of Object.entries(changes)) {
      if (content === null) files.delete(path);
      else files.set(path, Buffer.from(content));
    }
    const commit: Commit = {
      oid: randomBytes(20).toString("hex"),
      title,
      message: more.message ?? "",
      author: more.author ?? this.id.split("/")[0]!,
      date: new Date(),
      files,
    };
    this.commits.push(commit);
    this.branches.set(branch, commit.oid);
    return commit.oid;
  }

  /** The commit that a revision stands for: a branch, `HEAD` or a commit, which may be shortened. */
  at(revision: string): Commit | undefined {
    const oid = this.branches.get(revision === "HEAD" ? "main" : revision) ?? revision;
    if (!/^[0-9a-f]{7,40}$/.test(oid)) return undefined;
    return this.commits.find((commit) => commit.oid.startsWith(oid));
  }

  get head(): Commit {
    return this.at("main")!;
  }

  /** The commits up to one of them, the newest first, as the Hub lists them. */
  history(revision: string): Commit[] {
    const last = this.at(revision);
    return last === undefined ? [] : this.commits.slice(0, this.commits.indexOf(last) + 1).toReversed();
  }

  /** The metadata at the head of the README. */
  cardData(commit: Commit = this.head): Readonly<Record<string, unknown>> | undefined {
    const readme = commit.files.get("README.md")?.toString();
    const [, yaml] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readme ?? "") ?? [];
    const own = yaml === undefined ? undefined : parse(yaml);
    return own ?? this.options.cardData;
  }

  get sdk(): string | undefined {
    const fromCard = this.cardData()?.["sdk"];
    return typeof fromCard === "string" ? fromCard : this.options.sdk;
  }
}

export interface CommitOptions {
  readonly branch?: string;
  readonly message?: string;
  readonly author?: string;
}
