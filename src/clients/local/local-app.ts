import { DaggrError, toErrorData } from "../../base/errors.ts";
import type { HoldOptions, OwnCode, Service, ServiceQuestion, ServiceState } from "../../graph/service.ts";
import type { Environment } from "../tokens.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { CodeWatcher } from "./code-watcher.ts";
import type { Ask } from "./consent.ts";
import type { Instance } from "./instance.ts";
import type { AppHead, Recipe } from "./recipe.ts";

const MOST_LINES = 300;
const WAITS = "Waits for your answer";

/** What a call hears of the app while it lasts. */
export interface LocalListener {
  onStep(text: string): void;
  onLine(text: string): void;
  onWarning(text: string): void;
}

/** The app for the length of one call. */
export interface Lease {
  readonly url: string;
  /** Once everything is told that it printed meanwhile. */
  release(): Promise<void>;
}

/** An app on this machine: prepared and started when it is first needed, shared by the nodes that name it. */
export class LocalApp implements Service {
  readonly #head: AppHead;
  readonly #load: () => Promise<Recipe>;
  readonly #env: Environment;
  readonly #holders = new Set<HoldOptions>();
  readonly #watchers = new Set<(change: "state" | "code") => void>();
  readonly #listeners = new Set<LocalListener>();
  readonly #calls = new Map<Instance, number>();
  readonly #retired = new Set<Instance>();
  readonly #code: CodeWatcher;
  readonly #log: { readonly text: string; readonly at: number }[] = [];
  #state: ServiceState = { status: "off", text: "Not started" };
  #life = new AbortController();
  #current: Instance | undefined;
  #starting: Promise<Instance> | undefined;
  #asked: { readonly question: ServiceQuestion; readonly resolve: (isAgreed: boolean) => void } | undefined;
  #stopping: Promise<unknown> = Promise.resolve();
  readonly #ending = new Set<Promise<void>>();
  #seen: string | undefined;

  /** `load` is called when the app is first asked something: describing a graph stays quick. */
  constructor(head: AppHead, load: () => Promise<Recipe>, env: Environment = process.env) {
    this.#head = head;
    this.#load = load;
    this.#env = env;
    this.#code = new CodeWatcher(() => void this.#codeMayHaveChanged());
  }

  get label(): string {
    return this.#head.label;
  }

  /** The same for every process: what is known of it can be kept under it. */
  get key(): string {
    return this.#head.key;
  }

  get state(): ServiceState {
    return this.#state;
  }

  get log(): Service["log"] {
    return this.#log;
  }

  /** The code that runs, or would be run. */
  async identity(): Promise<string> {
    if (!this.#head.isOwnCode && this.#current !== undefined) return this.#current.identity;
    this.#seen = await (await this.#load()).identity();
    return this.#seen;
  }

  hold(options: HoldOptions = {}): () => Promise<void> {
    const holder = { ...options };
    if (this.#holders.size === 0) this.#life = new AbortController();
    this.#holders.add(holder);
    return async () => {
      if (!this.#holders.delete(holder) || this.#holders.size > 0) return this.#stopping as Promise<void>;
      await this.#stop();
    };
  }

  warm(): void {
    this.#running().catch(() => {});
  }

  async adopt(): Promise<void> {
    if (this.#current !== undefined || this.#starting !== undefined || this.#holders.size === 0) return;
    const { signal } = this.#life;
    const recipe = await this.#load();
    const identity = await recipe.identity().catch(() => undefined);
    if (identity === undefined) return;
    const { adoptInstance } = await import("./instance.ts");
    const instance = await adoptInstance(recipe, identity, (line) => this.#line(line));
    if (instance === undefined) return;
    if (signal.aborted || this.#current !== undefined) return instance.release();
    this.#take(instance);
  }

  watch(listener: (change: "state" | "code") => void): () => void {
    this.#watchers.add(listener);
    void this.#watchFolders();
    return () => {
      this.#watchers.delete(listener);
      if (this.#watchers.size === 0) this.#code.close();
    };
  }

  async restart(): Promise<void> {
    const before = this.#current;
    this.#current = undefined;
    if (before !== undefined) await this.#end(before);
    this.warm();
  }

  async ownCode(): Promise<OwnCode | undefined> {
    return (await this.#load()).ownCode?.();
  }

  async answer(question: string, isAgreed: boolean): Promise<boolean> {
    if (this.#asked?.question.id !== question) return false;
    this.#asked.resolve(isAgreed);
    return true;
  }

  /** The app, started if it must be, for one call. Throws `LOCAL_…`, what the Hub says, or the signal's reason. */
  async use(signal: AbortSignal, listener: LocalListener): Promise<Lease> {
    const release = this.hold();
    this.#listeners.add(listener);
    const { status, text } = this.#state;
    // What goes on already was said before it listened.
    if (status === "asking") listener.onStep(WAITS);
    else if (status === "preparing" || status === "starting") listener.onStep(text);
    const end = (): void => {
      this.#listeners.delete(listener);
      void release();
    };
    try {
      return this.#lease(await unlessAborted(this.#running(), signal), end);
    } catch (error) {
      end();
      throw error;
    }
  }

  /** The app as it runs; `undefined` when it does not, and then nothing is started. */
  useRunning(): Lease | undefined {
    return this.#current === undefined ? undefined : this.#lease(this.#current, () => {});
  }

  #lease(instance: Instance, end: () => void): Lease {
    this.#calls.set(instance, (this.#calls.get(instance) ?? 0) + 1);
    return {
      url: instance.url,
      release: async () => {
        await instance.flush();
        this.#callEnded(instance);
        end();
      },
    };
  }

  #callEnded(instance: Instance): void {
    const count = (this.#calls.get(instance) ?? 1) - 1;
    if (count > 0) this.#calls.set(instance, count);
    else {
      this.#calls.delete(instance);
      if (this.#retired.delete(instance)) void this.#end(instance);
    }
  }

  #end(instance: Instance): Promise<void> {
    const ending = instance.release().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    return ending;
  }

  async #running(): Promise<Instance> {
    if (this.#starting !== undefined) return this.#starting;
    const { signal } = this.#life;
    const current = this.#current;
    // Files that nobody watches may have changed as well.
    if (current !== undefined && (!this.#head.isOwnCode || (await this.identity()) === current.identity))
      return current;
    this.#starting ??= this.#start(signal).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(signal: AbortSignal): Promise<Instance> {
    this.#log.length = 0;
    try {
      await this.#stopping;
      signal.throwIfAborted();
      this.#step("preparing", "Preparing");
      const recipe = await this.#load();
      const launchable = await recipe.prepare({
        env: this.#env,
        signal,
        ask: await this.#ask(),
        onStep: (text) => this.#step("preparing", text),
        onLine: (line) => this.#line(line),
        onWarning: (text) => this.#warn(text),
      });
      this.#step("starting", `Starting ${this.label}`);
      const onLine = (line: string): void => this.#line(line);
      const { startInstance } = await import("./instance.ts");
      const instance = await startInstance(recipe, launchable, { signal, onLine });
      this.#take(instance);
      return instance;
    } catch (error) {
      if (signal.aborted) this.#set({ status: "off", text: "Stopped" });
      else
        this.#set({ status: "failed", text: "Does not run", error: toErrorData(error, "LOCAL_APP_FAILED") });
      throw error;
    }
  }

  #take(instance: Instance): void {
    const before = this.#current;
    this.#current = instance;
    this.#seen = instance.identity;
    if (before !== undefined) this.#retire(before);
    this.#set({ status: "running", text: "Runs on this machine" });
    void this.#watchFolders();
    void instance.exited.then(({ code, signal }) => {
      if (this.#current !== instance) return;
      this.#current = undefined;
      void instance.release();
      if (this.#life.signal.aborted) return;
      const how = code === null ? `was ended by ${signal}` : `ended with ${code}`;
      const message = `${this.label} ${how}. The next run starts it again.`;
      this.#set({ status: "failed", text: "Has ended", error: { code: "LOCAL_APP_FAILED", message } });
    });
  }

  /** Calls that go on keep the one before until they end. */
  #retire(instance: Instance): void {
    if (this.#calls.has(instance)) this.#retired.add(instance);
    else void this.#end(instance);
  }

  async #stop(): Promise<void> {
    this.#life.abort(new DaggrError("CLOSED", `${this.label} is being stopped.`));
    for (const instance of [this.#current, ...this.#retired])
      if (instance !== undefined) void this.#end(instance);
    this.#current = undefined;
    this.#retired.clear();
    this.#asked = undefined;
    const started = this.#starting?.then(
      (instance) => instance.release(),
      () => {},
    );
    this.#stopping = Promise.all([...this.#ending, started]);
    await this.#stopping;
    if (this.#holders.size === 0) this.#set({ status: "off", text: "Stopped" });
  }

  /** Whoever looks at the cards is asked there, else whoever is at the terminal. */
  async #ask(): Promise<Ask> {
    const isWatched = [...this.#holders].some((holder) => holder.isWatched === true);
    if (!isWatched) return (await import("./consent.ts")).terminalAsk();
    return async (question, signal) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      this.#asked = { question, resolve };
      this.#set({ status: "asking", text: question.text, question });
      for (const listener of this.#listeners) listener.onStep(WAITS);
      try {
        return await unlessAborted(promise, signal);
      } finally {
        this.#asked = undefined;
      }
    };
  }

  async #watchFolders(): Promise<void> {
    if (this.#watchers.size === 0 || !this.#head.isOwnCode) return;
    const recipe = await this.#load();
    const folders = (await recipe.folders?.().catch(() => [])) ?? [];
    if (this.#watchers.size > 0) this.#code.watch(folders);
  }

  async #codeMayHaveChanged(): Promise<void> {
    const before = this.#seen;
    const now = await (await this.#load()).identity().catch(() => undefined);
    if (now === undefined || now === before) return;
    this.#seen = now;
    void this.#watchFolders();
    for (const watcher of [...this.#watchers]) watcher("code");
    // What runs is replaced at once, and what could not start may start now.
    if (this.#current !== undefined || this.#state.status === "failed") this.warm();
  }

  #step(status: "preparing" | "starting", text: string): void {
    this.#set({ status, text });
    for (const listener of this.#listeners) listener.onStep(text);
  }

  #line(text: string): void {
    // It may hold what another visitor has sent: it goes to the server's own log, and to nobody's card.
    if ([...this.#holders].some((holder) => holder.isShared === true)) {
      console.log(`${this.label}: ${text}`);
      return;
    }
    this.#keep(text);
    for (const listener of this.#listeners) listener.onLine(text);
  }

  #warn(text: string): void {
    this.#keep(text);
    for (const listener of this.#listeners) listener.onWarning(text);
  }

  #keep(text: string): void {
    if (this.#log.push({ text, at: Date.now() }) > MOST_LINES) this.#log.shift();
  }

  #set(state: ServiceState): void {
    this.#state = state;
    for (const watcher of [...this.#watchers]) watcher("state");
  }
}
