import type { SheetNotice } from "./notices.ts";

type WithoutSeq<T> = T extends unknown ? Omit<T, "seq"> : never;
/** A notice before it has its number. */
export type Notice = WithoutSeq<SheetNotice>;

/** A page that was away for more changes than this opens the sheet anew. Each holds a card's values: more would cost memory. */
const KEPT = 200;

/** The changes of one sheet, numbered without gaps, with the latest at hand for pages that reconnect. */
export class NoticeLog {
  /** A new process starts higher than the last one ended, so that a page from before is not taken for an up-to-date one. */
  #seq = Date.now();
  #kept: SheetNotice[] = [];
  readonly #watchers = new Set<(notice: SheetNotice) => void>();

  get seq(): number {
    return this.#seq;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  tell(notice: Notice): void {
    const numbered = { ...notice, seq: ++this.#seq } as SheetNotice;
    this.#kept.push(numbered);
    if (this.#kept.length > KEPT * 2) this.#kept = this.#kept.slice(-KEPT);
    for (const watcher of [...this.#watchers]) watcher(numbered);
  }

  watch(
    listener: (notice: SheetNotice) => void,
    after: number | undefined,
  ): { readonly complete: boolean; stop(): void } {
    const stop = (): void => void this.#watchers.delete(listener);
    if (after !== undefined) {
      const first = this.#seq - this.#kept.length;
      if (after < first || after > this.#seq) return { complete: false, stop };
      for (const notice of this.#kept.slice(after - first)) listener(notice);
    }
    this.#watchers.add(listener);
    return { complete: true, stop };
  }
}
