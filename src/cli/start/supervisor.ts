import { basename } from "node:path";
import { shareLines } from "../../app/share-lines.ts";
import type { UpstreamNews } from "../../app/watch-upstream.ts";
import type { TunnelState } from "../../clients/share/tunnel.ts";
import type { Banner } from "../../protocol/messages.ts";
import type { ScriptError } from "../script-error.ts";
import { duration, style } from "../terminal.ts";
import type { ErrorPage } from "./error-page.ts";
import { HeldLink } from "./held-link.ts";
import type { FromChild } from "./messages.ts";
import { ScriptProcess } from "./script-process.ts";
import type { UpstreamDesk } from "./upstream-desk.ts";
import type { FileWatcher } from "./watcher.ts";

/** After this, a script that still loads is worth a word. */
const SLOW_MS = 5000;

export interface SuperviseOptions {
  readonly script: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly open: boolean | undefined;
  readonly isReloading: boolean;
  readonly isTypechecking: boolean;
  /** Asks for a link for others. */
  readonly isShared?: boolean;
}

/** Serves the script until Ctrl-C; resolves with the exit code. */
export function supervise(options: SuperviseOptions): Promise<number> {
  return new Supervisor(options).run();
}

/**
 * Holds one process for each version of the script: the one that serves, and the one that is being loaded. A version
 * takes over only once it is loaded, so that a mistake in the script never takes the working graph away.
 */
class Supervisor {
  readonly #options: SuperviseOptions;
  readonly #ended = Promise.withResolvers<number>();
  #serving: ScriptProcess | undefined;
  #loading: ScriptProcess | undefined;
  #watcher: FileWatcher | undefined;
  #errorPage: ErrorPage | undefined;
  #scriptBanner: Banner | null = null;
  #typeBanner: Banner | null = null;
  #recheckTypes: (() => void) | undefined;
  /** Where the pages are that people have open; the next version listens there. */
  #port: number | undefined;
  #token: string | undefined;
  #loadStarted = 0;
  #isAnnounced = false;
  #leaving: Promise<unknown> = Promise.resolve();
  #slowNote: NodeJS.Timeout | undefined;
  #changed: string | undefined;
  #stopped: number | undefined;
  readonly #files = new Set<string>();
  #upstream: UpstreamDesk | undefined;
  readonly #link = new HeldLink((state) => this.#tellTunnel(state));

  constructor(options: SuperviseOptions) {
    this.#options = options;
  }

  run(): Promise<number> {
    this.#files.add(this.#options.script);
    this.#load();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => void this.#stop());
    process.once("exit", () => {
      this.#serving?.kill();
      this.#loading?.kill();
    });
    if (this.#options.isReloading) {
      // After the child is under way: the first page is what a person waits for.
      void import("./watcher.ts").then(({ FileWatcher }) => {
        if (this.#stopped !== undefined) return;
        this.#watcher = new FileWatcher((file) => this.#reload(file));
        this.#watcher.add(this.#files);
      });
    }
    return this.#ended.promise;
  }

  #load(): void {
    this.#loading?.kill();
    this.#loadStarted = performance.now();
    const child: ScriptProcess = new ScriptProcess(
      this.#options.script,
      this.#serving !== undefined,
      (message) => void this.#hear(child, message),
      (code, signal) => void this.#lost(child, code, signal),
    );
    this.#loading = child;
    clearTimeout(this.#slowNote);
    const script = basename(this.#options.script);
    this.#slowNote = setTimeout(() => {
      if (this.#loading === child)
        this.#log(style("dim", `Still loading ${script}: something in it has not ended yet.`));
    }, SLOW_MS).unref();
  }

  #reload(file: string): void {
    this.#changed = basename(file);
    this.#load();
    this.#recheckTypes?.();
  }

  async #hear(child: ScriptProcess, message: FromChild): Promise<void> {
    switch (message.type) {
      case "files":
        for (const file of message.files) this.#files.add(file);
        return this.#watcher?.add(message.files);
      case "failed":
        return this.#failed(child, message.error);
      case "upstream":
        return this.#tellUpstream(message.news);
      case "ready":
        return this.#takeOver(child);
      case "listening":
        child.isListening = true;
        this.#token = message.token;
        if (!message.isShared) await this.#link.close();
        return this.#announce(message);
      case "door":
        await this.#link.lead(message);
        if (this.#link.state !== undefined) child.send({ type: "tunnel", state: this.#link.state });
        return;
      case "close-tunnel":
        return this.#link.stop();
    }
  }

  async #takeOver(child: ScriptProcess): Promise<void> {
    if (this.#loading !== child) return;
    const before = this.#serving;
    this.#serving = child;
    this.#loading = undefined;
    this.#scriptBanner = null;
    // Versions may follow each other faster than they end: the port is free once all before are gone.
    this.#leaving = Promise.all([this.#leaving, before?.close(), this.#errorPage?.close()]);
    this.#errorPage = undefined;
    await this.#leaving;
    if (this.#serving !== child) return;
    const { host, port, open } = this.#options;
    const isFirst = this.#port === undefined;
    child.send({
      type: "listen",
      ...(host === undefined ? {} : { host }),
      ...(isFirst ? (port === undefined ? {} : { port }) : { port: this.#port! }),
      strictPort: !isFirst,
      ...(this.#isAnnounced ? { open: false } : open === undefined ? {} : { open }),
      banner: this.#banner,
      ...(this.#token === undefined ? {} : { token: this.#token }),
      ignoredUpstream: this.#upstream?.ignored ?? [],
      ...(this.#link.isStopped ? { share: false } : this.#options.isShared === true ? { share: true } : {}),
      ...(this.#link.door === undefined ? {} : { door: this.#link.door }),
    });
  }

  #announce({ name, url, port, askedPort }: Extract<FromChild, { type: "listening" }>): void {
    const took = duration(performance.now() - this.#loadStarted);
    if (this.#isAnnounced) {
      this.#log(`${style("green", "reloaded")} after a change of ${this.#changed ?? "the script"} (${took})`);
    } else {
      if (port !== askedPort && askedPort !== 0) this.#log(portTaken(askedPort, port));
      this.#log(`\n  ${style("bold", name)} is on ${style(["cyan", "underline"], url)}`);
      const reloads = this.#options.isReloading
        ? `Reloads when ${basename(this.#options.script)} or what it imports changes. `
        : "";
      this.#log(style("dim", `  ${reloads}Ctrl-C stops it. (${took})\n`));
    }
    this.#port = port;
    this.#isAnnounced = true;
    this.#changed = undefined;
    if (this.#options.isTypechecking && this.#recheckTypes === undefined) void this.#checkTypes();
  }

  async #tellUpstream(news: UpstreamNews): Promise<void> {
    if (this.#upstream === undefined && news.changes.length + news.unasked.length === 0) return;
    const { UpstreamDesk } = await import("./upstream-desk.ts");
    this.#upstream ??= new UpstreamDesk({
      script: this.#options.script,
      log: (text) => this.#log(text),
      choose: ({ kind, id }, choice) => this.#serving?.send({ type: "choose-upstream", kind, id, choice }),
    });
    if (this.#stopped === undefined) this.#upstream.hear(news);
  }

  async #failed(child: ScriptProcess, error: ScriptError): Promise<void> {
    if (child !== this.#loading && child !== this.#serving) return;
    const place = error.place === undefined ? "" : ` at ${error.place}`;
    const title = child.isListening ? `Error${place}` : `The script does not load${place}`;
    this.#log(`${style("red", title)}\n${error.text}\n`);
    this.#watcher?.expectMissing();
    if (!child.isListening) {
      if (child === this.#loading) this.#loading = undefined;
      else this.#serving = undefined;
      child.kill();
    }
    if (this.#serving === undefined && !this.#options.isReloading) return this.#stop(1);
    await this.#show({ kind: "script-error", title, text: error.text });
  }

  async #show(banner: Banner): Promise<void> {
    this.#scriptBanner = banner;
    if (this.#serving !== undefined) return this.#serving.send({ type: "banner", banner: this.#banner });
    if (this.#errorPage !== undefined) return this.#errorPage.show(banner);
    const { ErrorPage } = await import("./error-page.ts");
    if (this.#stopped !== undefined) return;
    const { host, port } = this.#options;
    this.#errorPage = await ErrorPage.open(banner, host, this.#port ?? port);
    const { askedPort, port: taken } = this.#errorPage;
    if (this.#port === undefined && taken !== askedPort && askedPort !== 0)
      this.#log(portTaken(askedPort, taken));
    this.#port = this.#errorPage.port;
    this.#log(
      style(
        "dim",
        `Waiting for a change of it. ${this.#errorPage.url} shows this error until then. Ctrl-C stops it.`,
      ),
    );
  }

  /** The script's process ended by itself. */
  async #lost(child: ScriptProcess, code: number | null, signal: string | null): Promise<void> {
    if (this.#stopped !== undefined || (child !== this.#serving && child !== this.#loading)) return;
    if (child === this.#serving) this.#serving = undefined;
    else this.#loading = undefined;
    const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
    if (!this.#options.isReloading) return this.#stop(code ?? 1);
    const text = `The script's process ${how}.`;
    this.#log(style("red", text));
    this.#watcher?.expectMissing();
    await this.#show({ kind: "script-error", title: "The script ended", text });
  }

  #tellTunnel(state: TunnelState): void {
    this.#serving?.send({ type: "tunnel", state });
    const { port, token } = this.#link.door ?? {};
    if (port === undefined || token === undefined) return;
    const link = state.url === undefined ? undefined : `${state.url}/?token=${token}`;
    const [first, ...more] = shareLines({
      through: "",
      ...state,
      ...(link === undefined ? {} : { link }),
    });
    if (first === undefined) return;
    this.#log(state.status === "open" ? `  ${first}` : `  ${style("yellow", first)}`);
    for (const line of more) this.#log(style("dim", `  ${line}\n`));
  }

  get #banner(): Banner | null {
    return this.#scriptBanner ?? this.#typeBanner;
  }

  async #checkTypes(): Promise<void> {
    this.#recheckTypes = () => {};
    const { TypeChecker } = await import("./type-checker.ts");
    const checker = new TypeChecker(this.#options.script, (banner, report) => {
      if (report !== undefined) this.#log(report);
      this.#typeBanner = banner;
      this.#serving?.send({ type: "banner", banner: this.#banner });
    });
    if (this.#options.isReloading) this.#recheckTypes = () => checker.check();
    process.once("exit", () => checker.close());
    checker.check();
  }

  #log(text: string): void {
    if (this.#stopped === undefined) process.stderr.write(`${text}\n`);
  }

  async #stop(code = 0): Promise<void> {
    if (this.#stopped !== undefined) {
      // The second Ctrl-C does not wait; one that npm passes on is still the first.
      if (performance.now() - this.#stopped > 500) process.exit(130);
      return;
    }
    this.#stopped = performance.now();
    this.#watcher?.close();
    this.#upstream?.close();
    await Promise.all([
      this.#leaving,
      this.#serving?.close(),
      this.#loading?.close(),
      this.#errorPage?.close(),
      this.#link.close(),
    ]);
    this.#ended.resolve(code);
    process.exit(code);
  }
}

const portTaken = (asked: number, port: number): string => `Port ${asked} is taken: using ${port}.`;
