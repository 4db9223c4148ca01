import type { AccountView } from "../../../src/protocol/account.ts";
import { tabStorage } from "./storage.ts";

const FORMER = "daggr.account";
const STARTS_WORK: ReadonlySet<string> = new Set(["run", "run-item", "resume", "answer"]);

/** Whoever looks at the page, as the server knows them. */
export class Visit {
  /** How they stand with Hugging Face. */
  account = $state.raw<AccountView | null>(null);
  /** Who was logged in before this page was loaded anew because nobody is any more. */
  wasLoggedIn = $state.raw(tabStorage.getItem(FORMER));
  #freshAt = 0;

  take(account: AccountView): void {
    const before = this.account;
    const name = account.user?.name;
    this.account = account;
    if (account.at === "machine") return;
    if (name !== undefined) {
      tabStorage.removeItem(FORMER);
      this.wasLoggedIn = null;
    }
    if (before === null || before.user?.name === name) return;
    // Everything on the page is somebody else's.
    if (before.user !== undefined) tabStorage.setItem(FORMER, before.user.name);
    location.reload();
  }

  /** The page is nobody's from now on. */
  forget(): void {
    this.account = null;
    tabStorage.removeItem(FORMER);
  }

  /** ZeroGPU counts by a token that every request to a Space carries, and that is over in minutes: the socket's is old. */
  needsFreshQuota(request: string): boolean {
    return this.account?.at === "space" && STARTS_WORK.has(request) && Date.now() > this.#freshAt + 60_000;
  }

  async freshenQuota(): Promise<void> {
    this.#freshAt = Date.now();
    await fetch("/api/account").catch(() => {});
  }
}
