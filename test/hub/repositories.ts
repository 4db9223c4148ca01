import { type AccessToken, mayRead, mayWrite } from "./accounts.ts";
import { HubRefusal } from "./exchange.ts";
import { Repository, type RepositoryKind, type RepositoryOptions } from "./repository.ts";

/** All repositories, and who may see them. */
export class Repositories {
  readonly #all = new Map<string, Repository>();

  add(kind: RepositoryKind, id: string, options: RepositoryOptions = {}): Repository {
    const repository = new Repository(kind, id, options);
    this.#all.set(`${kind} ${id}`, repository);
    return repository;
  }

  get(kind: RepositoryKind, id: string): Repository {
    const repository = this.find(kind, id);
    if (repository === undefined) throw new Error(`The Hub stub has no ${kind} '${id}'.`);
    return repository;
  }

  find(kind: RepositoryKind, id: string): Repository | undefined {
    return this.#all.get(`${kind} ${id}`);
  }

  remove(kind: RepositoryKind, id: string): void {
    this.#all.delete(`${kind} ${id}`);
  }

  move(kind: RepositoryKind, from: string, to: string): void {
    const repository = this.get(kind, from);
    this.remove(kind, from);
    repository.id = to;
    this.#all.set(`${kind} ${to}`, repository);
  }

  /** Those that a token may see. */
  visible(kind: RepositoryKind, token: AccessToken | undefined): Repository[] {
    return [...this.#all.values()].filter(
      (one) => one.kind === kind && (!one.private || mayRead(token, one.id)),
    );
  }

  /** One that may be read. The Hub tells nobody whether a private one is there; without a token it says 401. */
  readable(kind: RepositoryKind, id: string, token: AccessToken | undefined): Repository {
    const repository = this.find(kind, id);
    if (repository === undefined || (repository.private && !mayRead(token, id))) {
      if (token === undefined) throw new HubRefusal(401, "Invalid username or password.", "RepoNotFound");
      throw new HubRefusal(404, "Repository not found", "RepoNotFound");
    }
    return repository;
  }

  /** One whose files may be read: not those of a gated one that the account was not let into. */
  contents(kind: RepositoryKind, id: string, token: AccessToken | undefined): Repository {
    const repository = this.readable(kind, id, token);
    if (repository.gated === undefined || mayRead(token, id)) return repository;
    if (token === undefined) {
      const message = `Access to ${kind} ${id} is restricted. You must have access to it and be authenticated to access it. Please log in.`;
      throw new HubRefusal(401, message, "GatedRepo");
    }
    if (repository.accepted.has(token.account.name)) return repository;
    throw new HubRefusal(
      403,
      `Access to ${kind} ${id} is restricted and you are not in the authorized list. Visit the repository's page to ask for access.`,
      "GatedRepo",
    );
  }

  writable(kind: RepositoryKind, id: string, token: AccessToken | undefined): Repository {
    const repository = this.readable(kind, id, token);
    if (token === undefined) throw new HubRefusal(401, "Invalid username or password.");
    if (!mayWrite(token, id)) {
      throw new HubRefusal(
        403,
        `You don't have the required permissions to perform this action on ${kind} ${id}.`,
      );
    }
    return repository;
  }
}

const KINDS: Record<string, RepositoryKind> = { models: "model", spaces: "space", datasets: "dataset" };

/** `spaces` in an address is a `space`. */
export function kindOf(plural: string | undefined): RepositoryKind {
  return KINDS[plural ?? "models"]!;
}
