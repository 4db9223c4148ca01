import { DaggrError } from "../base/errors.ts";
import type { SheetInfo } from "../protocol/view.ts";
import type { Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { loadSheet, reloadSheet } from "./load-sheet.ts";
import { freeSheetName } from "./sheet-names.ts";

/** Sheets that nobody looks at are kept in memory as long as there are no more than these. */
const MOST_IDLE = 100;

const keyOf = (scope: Scope): string => JSON.stringify([scope.user, scope.graph]);
const sheetKey = (scope: Scope, id: string): string => JSON.stringify([scope.user, scope.graph, id]);

type TakenOver = (scope: Scope, run: string, node: string) => void;

interface Held {
  sheet: Promise<LiveSheet | undefined>;
  loaded: LiveSheet | undefined;
  readAt: number;
}

/** The sheets of every scope: the list, and those that are open. */
export class Sheets {
  readonly #context: EngineContext;
  readonly #onTakenOver: TakenOver;
  readonly #held = new Map<string, Held>();
  readonly #watchers = new Map<string, { readonly scope: Scope; readonly watchers: Set<() => void> }>();
  /** The list of sheets as whoever watches it knows it. */
  readonly #told = new Map<string, string>();
  #lookedAt: number;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(context: EngineContext, onTakenOver: TakenOver) {
    this.#context = context;
    this.#lookedAt = context.store.changesByOthers();
    this.#onTakenOver = onTakenOver;
  }

  /** There is always one. */
  list(scope: Scope): Promise<readonly SheetInfo[]> {
    return this.#inTurn(scope, async () => {
      const sheets = await this.#context.store.listSheets(scope);
      return sheets.length > 0 ? sheets : this.#context.store.ensureSheets(scope, "Sheet 1");
    });
  }

  async create(scope: Scope, wanted?: string): Promise<SheetInfo> {
    const info = await this.#inTurn(scope, async () => {
      const names = (await this.#context.store.listSheets(scope)).map((sheet) => sheet.name);
      return this.#context.store.createSheet(scope, freeSheetName(names, wanted));
    });
    this.#tell(scope);
    return info;
  }

  /** A sheet that is made of something else, which may take a while. */
  async add<T>(scope: Scope, make: () => Promise<T>): Promise<T> {
    const made = await make();
    this.#tell(scope);
    return made;
  }

  async clear(scope: Scope, id: string): Promise<void> {
    await this.#context.store.clearSheet(scope, id);
    const loaded = this.loaded(scope, id);
    if (loaded !== undefined) await loaded.inTurn(() => reloadSheet(this.#context, loaded));
    this.#tell(scope);
  }

  async ensure(scope: Scope, wanted: string): Promise<SheetInfo> {
    const name = wanted.trim();
    if (name === "")
      throw new DaggrError("INVALID_VALUE", "A sheet's name must be a text that is not empty.");
    const info = await this.#inTurn(scope, () => this.#context.store.ensureSheet(scope, name));
    this.#tell(scope);
    return info;
  }

  async rename(scope: Scope, id: string, wanted: string): Promise<void> {
    await this.#inTurn(scope, async () => {
      const others = (await this.#context.store.listSheets(scope)).filter((sheet) => sheet.id !== id);
      const name = freeSheetName(
        others.map((sheet) => sheet.name),
        wanted,
      );
      await this.#context.store.renameSheet(scope, id, name);
      const loaded = this.loaded(scope, id);
      if (loaded !== undefined) loaded.state = { ...loaded.state, info: { ...loaded.state.info, name } };
    });
    this.#tell(scope);
  }

  async remove(scope: Scope, id: string): Promise<void> {
    await this.#inTurn(scope, async () => {
      await this.#context.store.deleteSheet(scope, id);
      this.#held.delete(sheetKey(scope, id));
      await this.#context.store.ensureSheets(scope, "Sheet 1");
    });
    this.#tell(scope);
  }

  /** The sheet, up to date. Throws `SHEET_NOT_FOUND`. */
  async open(scope: Scope, id: string): Promise<LiveSheet> {
    const key = sheetKey(scope, id);
    const held = this.#hold(scope, id, key);
    const sheet = await held.sheet;
    const isThere = sheet !== undefined && (await this.#bringUpToDate(held, sheet));
    if (this.#held.get(key) === held) {
      // The newest last: what was not asked for longest goes first.
      this.#held.delete(key);
      if (isThere) this.#held.set(key, held);
    }
    if (isThere) return sheet;
    throw new DaggrError("SHEET_NOT_FOUND", "This sheet does not exist any more.");
  }

  /** The sheet if it is in memory. */
  loaded(scope: Scope, id: string): LiveSheet | undefined {
    return this.#held.get(sheetKey(scope, id))?.loaded;
  }

  all(): LiveSheet[] {
    return [...this.#held.values()].flatMap(({ loaded }) => loaded ?? []);
  }

  watch(scope: Scope, listener: () => void): () => void {
    const key = keyOf(scope);
    const { watchers } = this.#watchers.get(key) ?? { watchers: new Set() };
    this.#watchers.set(key, { scope, watchers: watchers.add(listener) });
    return () => void watchers.delete(listener);
  }

  #hold(scope: Scope, id: string, key: string): Held {
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const held: Held = {
      sheet: loadSheet(this.#context, scope, id),
      loaded: undefined,
      readAt: this.#context.store.changesByOthers(),
    };
    held.sheet.then(
      (sheet) => {
        if (sheet !== undefined) sheet.onTakenOver = (run, node) => this.#onTakenOver(scope, run, node);
        held.loaded = sheet;
      },
      () => this.#held.delete(key),
    );
    this.#held.set(key, held);
    this.#dropIdle();
    return held;
  }

  /** Lets go of everything of a scope. */
  forget(scope: Scope): void {
    for (const [key, { loaded }] of this.#held)
      if (key.startsWith(`${keyOf(scope).slice(0, -1)},`)) {
        loaded?.changes.flush();
        this.#held.delete(key);
      }
    const key = keyOf(scope);
    this.#watchers.delete(key);
    this.#told.delete(key);
    this.#turns.delete(key);
  }

  /** Looks whether another process has changed something; what nobody watches is looked at when it is opened. */
  async lookAround(): Promise<void> {
    const now = this.#context.store.changesByOthers();
    if (now === this.#lookedAt) return;
    this.#lookedAt = now;
    for (const [key, { scope, watchers }] of this.#watchers) {
      if (watchers.size === 0) continue;
      const list = JSON.stringify(await this.#context.store.listSheets(scope));
      if (list !== this.#told.get(key)) this.#tell(scope);
      this.#told.set(key, list);
    }
    for (const held of this.#held.values()) {
      const { loaded } = held;
      if (loaded?.notices.isWatched === true) await this.#bringUpToDate(held, loaded);
    }
  }

  get isWatched(): boolean {
    for (const { watchers } of this.#watchers.values()) if (watchers.size > 0) return true;
    for (const { loaded } of this.#held.values()) if (loaded?.notices.isWatched === true) return true;
    return false;
  }

  async #bringUpToDate(held: Held, sheet: LiveSheet): Promise<boolean> {
    const now = this.#context.store.changesByOthers();
    // While a run of ours is on it, this process knows best.
    if (now === held.readAt || sheet.isRunning) return true;
    held.readAt = now;
    return sheet.inTurn(() => reloadSheet(this.#context, sheet));
  }

  #dropIdle(): void {
    let surplus = this.#held.size - MOST_IDLE;
    for (const [key, { loaded }] of this.#held) {
      if (surplus <= 0) return;
      if (loaded === undefined || loaded.isInUse) continue;
      this.#held.delete(key);
      surplus--;
    }
  }

  #inTurn<T>(scope: Scope, change: () => Promise<T>): Promise<T> {
    const key = keyOf(scope);
    const done = (this.#turns.get(key) ?? Promise.resolve()).then(change);
    this.#turns.set(
      key,
      done.catch(() => {}),
    );
    return done;
  }

  #tell(scope: Scope): void {
    for (const watcher of [...(this.#watchers.get(keyOf(scope))?.watchers ?? [])]) watcher();
  }
}
