import type { Banner, ServerMessage } from "../../../src/protocol/messages.ts";
import type { RunMode } from "../../../src/protocol/plan.ts";
import type { PlanPreview, RunInfo, SheetInfo, SheetView, Viewport } from "../../../src/protocol/view.ts";
import { count } from "../cards/time.ts";
import { endWords, refusalWords } from "../cards/words.ts";
import {
  Connection,
  ConnectionLostError,
  type ConnectionStatus,
  RefusedError,
  type Request,
} from "../connection/connection.ts";
import { shared } from "../sharing/shared.svelte.ts";
import { Announcer } from "./announcer.svelte.ts";
import { isOlderThan, mayReload } from "./build.ts";
import { serverNow, setServerTime } from "./clock.svelte.ts";
import { type GraphIndex, indexGraph } from "./graph-index.ts";
import { missingField } from "./missing-input.ts";
import { FieldModel, NodeModel } from "./node-model.svelte.ts";
import { stateAfter } from "./node-outputs.ts";
import { notifications } from "./notify.svelte.ts";
import { Outbox } from "./outbox.ts";
import { overlay } from "./overlay.svelte.ts";
import { rememberedSheet, rememberSheet } from "./remembered-sheet.ts";
import type { Stage } from "./stage.ts";
import { Tally } from "./tally.svelte.ts";
import { Undo } from "./undo.svelte.ts";
import type { Change } from "./undo-stack.ts";
import { Visit } from "./visit.svelte.ts";

export interface Toast {
  readonly id: number;
  readonly tone: "bad" | "plain";
  readonly text: string;
  /** What can be done about it. */
  readonly action?: { readonly title: string; readonly act: () => void };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What hovering a run button shows: the plan, and which cards it would touch. */
export interface HoveredPlan {
  readonly title: string;
  readonly mode: RunMode;
  readonly nodes: readonly string[];
  readonly anchor: DOMRect;
  /** It belongs to a line of a menu, and stands beside it. */
  readonly isInMenu: boolean;
  readonly preview: PlanPreview | null;
}

const inputDelayMs = 300;
const maxToasts = 3;

/** Everything the page knows, as signals; the only place that applies what the server says. */
export class App {
  status = $state<ConnectionStatus>("connecting");
  /** How many pages show this sheet, here and elsewhere. */
  pages = $state(1);
  /** The server has another build of this page than the one that runs. */
  isOldPage = $state(false);
  retryAt = $state<number | null>(null);
  graph = $state.raw<GraphIndex | null>(null);
  sheets = $state.raw<readonly SheetInfo[]>([]);
  sheet = $state.raw<SheetInfo | null>(null);
  banner = $state.raw<Banner | null>(null);
  variants = $state.raw<Readonly<Record<string, number>>>({});
  positions = $state.raw<Readonly<Record<string, Point>>>({});
  viewport = $state.raw<Viewport | null>(null);
  /** Grows when a sheet was opened anew, so that the canvas takes over its view. */
  sheetVersion = $state(0);
  runs = $state.raw<ReadonlyMap<string, RunInfo>>(new Map());
  lastRun = $state.raw<RunInfo | null>(null);
  /** The run that ended before the page's eyes, until it is dismissed or another one starts. */
  ended = $state.raw<{ readonly run: RunInfo; readonly tookMs: number } | null>(null);
  interrupted = $state.raw<RunInfo | null>(null);
  /** The cards that are selected, in the order in which they were. */
  selection = $state.raw<readonly string[]>([]);
  /** The canvas, while it is shown. */
  stage = $state.raw<Stage | null>(null);
  hovered = $state.raw<HoveredPlan | null>(null);
  toasts = $state.raw<readonly Toast[]>([]);
  isSaving = $state(false);
  /** The sheet that the page's address leads to. */
  linkedSheet: string | null = null;

  nodes = $state.raw<ReadonlyMap<string, NodeModel>>(new Map());
  fields = $state.raw<ReadonlyMap<string, FieldModel>>(new Map());

  readonly tally = new Tally();
  readonly outOfDate = $derived(this.tally.outOfDate);
  readonly failed = $derived(this.tally.failed);
  readonly hasResults = $derived(this.tally.withResult > 0);
  /** What is at work comes before what waits for a person. */
  readonly activeRun = $derived(
    [...this.runs.values()].findLast((run) => run.status === "running") ??
      [...this.runs.values()].at(-1) ??
      null,
  );

  /** The cards that the run under the pointer would execute. */
  readonly willRun: ReadonlySet<string> = $derived(
    new Set(
      (this.hovered?.preview?.entries ?? [])
        .filter(({ action }) => action === "run" || action === "wait")
        .map(({ node }) => node),
    ),
  );

  readonly visit = new Visit();
  readonly announcer = new Announcer();
  readonly undo = new Undo(this);
  readonly #outbox = new Outbox(
    (address, value) => this.#sendInput(address, value),
    inputDelayMs,
    () => {
      this.isSaving = this.#outbox.isBusy;
    },
  );
  #connection: Connection | undefined;
  #lastSeq: number | undefined;
  #nextToast = 1;
  /** The sheet that was deleted from here. */
  #deleted: string | undefined;

  /** The one card that is selected. */
  get selected(): string | null {
    return this.selection.length === 1 ? this.selection[0]! : null;
  }

  set selected(id: string | null) {
    this.selection = id === null ? [] : [id];
  }

  connect(url: string): void {
    this.#connection = new Connection(url, {
      onstatus: (status, retryAt) => this.#onstatus(status, retryAt),
      onmessages: (batch) => {
        for (const message of batch) this.#apply(message);
      },
      resumeFrom: () => ({
        ...(this.sheet === null ? this.#firstSheet() : { sheet: this.sheet.id }),
        ...(this.#lastSeq === undefined ? {} : { after: this.#lastSeq }),
      }),
    });
    this.#connection.open();
    // A phone may end a page that is out of sight without a word; what is typed goes out before.
    for (const type of ["pagehide", "visibilitychange"])
      window.addEventListener(type, () => void this.#outbox.flush().catch(() => {}), { capture: true });
  }

  /** Sends what is not sent yet, as far as the line allows, and loads the page anew. */
  async reload(): Promise<void> {
    await Promise.race([this.#outbox.flush(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    location.reload();
  }

  /** Resolves when what was typed is at the server. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  retryConnection(): void {
    this.#connection?.retry();
  }

  #firstSheet(): { sheet?: string } {
    return this.linkedSheet === null ? rememberedSheet() : { sheet: this.linkedSheet };
  }

  /** Asks the server; whoever asks says a refusal in its own place. */
  async request<T = unknown>(request: Request): Promise<T> {
    if (this.visit.needsFreshQuota(request.type)) await this.visit.freshenQuota();
    return this.#connection!.request<T>(request);
  }

  /** Asks the server; a refusal is shown to the user and passed on. */
  async ask<T = unknown>(request: Request): Promise<T> {
    if (request.type === "delete-sheet") this.#deleted = request.sheet;
    try {
      const reply = await this.request<T>(request);
      this.undo.answered(request, reply);
      return reply;
    } catch (error) {
      if (error instanceof RefusedError) this.#sayRefusal(error);
      throw error;
    }
  }

  /** The same for what nobody waits for: a lost connection is shown by its own bar. */
  tell(request: Request): void {
    this.ask(request).catch(() => {});
  }

  setField(address: string, value: unknown): void {
    const field = this.fields.get(address);
    if (field === undefined) return;
    this.undo.field(address, field.value, value);
    field.value = value;
    field.error = null;
    this.#outbox.put(address, value);
  }

  async run(mode: RunMode, nodes: readonly string[] = []): Promise<void> {
    this.hovered = null;
    await this.#outbox.flush();
    this.interrupted = null;
    try {
      await this.request({ type: "run", mode, nodes: [...nodes] });
    } catch (error) {
      if (error instanceof RefusedError && !this.#showMissing(error)) this.#sayRefusal(error);
    }
  }

  /** What a value is missing for stands at its field until there is one; the focus goes there. */
  #showMissing({ data }: RefusedError): boolean {
    const missing = missingField(this.graph, data);
    const field = this.fields.get(missing?.port.address ?? "");
    if (missing === undefined || field === undefined) return false;
    field.error = missing.words;
    overlay.jump = { card: missing.card, field: missing.port.label };
    return true;
  }

  #sayRefusal({ message, data }: RefusedError): void {
    const again = {
      title: "Log in again",
      act: () => void import("../account/log-in.ts").then(({ logIn }) => logIn(this)),
    };
    const isExpired = data.code === "LOGIN_EXPIRED";
    this.toast(refusalWords(message, data.hint), "bad", isExpired ? again : undefined);
  }

  select(ids: readonly string[]): void {
    this.selection = ids;
  }

  /** Whether the card that is selected failed. */
  get isFailureShown(): boolean {
    return this.nodes.get(this.selected ?? "")?.state.status === "failed";
  }

  /** Goes to the failed step after the one that is selected, in the order of the graph. */
  showNextFailed(): void {
    const failed = (this.graph?.steps ?? []).filter(
      ({ id }) => this.nodes.get(id)?.state.status === "failed",
    );
    const next = failed[(failed.findIndex(({ id }) => id === this.selected) + 1) % failed.length];
    if (next !== undefined) overlay.jump = { card: next.id };
  }

  stop(node?: string): void {
    if (node !== undefined) return this.tell({ type: "stop", node });
    const runs = [...this.runs.values()];
    const atWork = runs.filter((run) => run.status === "running");
    // A question is not taken away with what goes on beside it.
    for (const { id } of atWork.length > 0 ? atWork : runs) this.tell({ type: "stop", run: id });
    this.announce("Stopping");
  }

  async plan(mode: RunMode, nodes: readonly string[]): Promise<PlanPreview> {
    await this.#outbox.flush();
    return this.#connection!.request<PlanPreview>({ type: "plan", mode, nodes: [...nodes] });
  }

  /** Resolves when the server has everything that was typed. */
  saved(): Promise<void> {
    return this.#outbox.flush();
  }

  async createSheet(): Promise<void> {
    await this.#outbox.flush();
    try {
      const made = await this.ask<SheetInfo>({ type: "create-sheet" });
      await this.ask({ type: "open-sheet", sheet: made.id });
    } catch {
      // Said by the toast or the connection bar.
    }
  }

  async openSheet(sheet: string): Promise<void> {
    await this.#outbox.flush();
    await this.ask({ type: "open-sheet", sheet });
  }

  setVariant(node: string, variant: number): void {
    this.undo.variant(node, this.variants[node] ?? 0, variant);
    this.variants = { ...this.variants, [node]: variant };
    this.tell({ type: "set-variant", node, variant });
  }

  /** `null` puts a card back where the layout wants it. */
  moveCards(moved: Readonly<Record<string, Point | null>>, words?: string, more?: readonly Change[]): void {
    this.undo.places(moved, words, more);
    this.#applyPositions(moved);
    this.tell({ type: "move-cards", positions: { ...moved } });
  }

  toast(text: string, tone: Toast["tone"] = "bad", action?: Toast["action"]): number {
    const toast = { id: this.#nextToast++, tone, text, ...(action === undefined ? {} : { action }) };
    this.toasts = [...this.toasts, toast].slice(-maxToasts);
    const isShort = tone === "plain" && action === undefined;
    setTimeout(() => this.dismiss(toast.id), isShort ? 4_000 : 12_000);
    return toast.id;
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  announce(text: string): void {
    this.announcer.say(text);
  }

  async #sendInput(address: string, value: unknown): Promise<void> {
    try {
      await this.#connection!.request({ type: "set-input", address, value });
    } catch (error) {
      if (error instanceof ConnectionLostError) throw error;
      const field = this.fields.get(address);
      if (field !== undefined) field.error = (error as Error).message;
    }
  }

  #onstatus(status: ConnectionStatus, retryAt: number | null): void {
    const was = this.status;
    this.status = status;
    this.retryAt = retryAt;
    if (status === "outdated" && !this.isSaving && mayReload()) return location.reload();
    if (status === "open" && was === "lost") {
      this.announce("Connected again");
      this.#outbox.resend();
    }
    if (status === "lost" && was === "open") this.announce("Connection lost. The run goes on at the server.");
  }

  #apply(message: ServerMessage): void {
    if ("seq" in message) this.#lastSeq = message.seq;
    switch (message.type) {
      case "welcome":
        this.sheets = message.sheets;
        this.banner = message.banner;
        this.isOldPage = isOlderThan(message.build);
        if (message.now !== undefined) setServerTime(message.now);
        return this.#takeGraph(message.graph);
      case "graph":
        return this.#takeGraph(message.graph);
      case "sheets":
        this.sheets = message.sheets;
        this.sheet = message.sheets.find((sheet) => sheet.id === this.sheet?.id) ?? this.sheet;
        overlay.keepSheets(message.sheets);
        return this.#leaveDeleted(message.sheets);
      case "sheet":
        return this.#takeSheet(message.view);
      case "node": {
        const model = this.nodes.get(message.node);
        if (model === undefined) return;
        const was = model.state.status;
        model.state = stateAfter(model.state, message);
        if (model.state.status === "waiting" && was !== "waiting")
          this.announcer.sayOf(
            "waiting",
            `${message.node} waits for you`,
            (more) => `${count(more, "more step")} wait for you`,
          );
        if (message.state.status === "failed" && was !== "failed")
          this.announcer.sayOf(
            "failed",
            `${message.node} failed: ${message.state.error?.message ?? ""}`,
            (more) => `${count(more, "more step")} failed`,
          );
        if (message.state.status === "running" && was !== "running") model.logs = [];
        return;
      }
      case "items":
        return this.nodes.get(message.node)?.itemsChanged(message.changed);
      case "log":
        return this.nodes.get(message.node)?.addLogs([message]);
      case "input": {
        const field = this.fields.get(message.address);
        if (field === undefined || this.#outbox.isAhead(message.address)) return;
        field.value = message.value;
        field.error = null;
        return;
      }
      case "variant":
        this.variants = { ...this.variants, [message.node]: message.variant };
        return;
      case "positions":
        return this.#applyPositions(message.positions);
      case "run":
        return this.#applyRun(message.run);
      case "present":
        this.pages = message.pages;
        return;
      case "account":
        return this.visit.take(message.account);
      case "banner":
        this.banner = message.banner;
        return;
      case "share":
        shared.status = message.status;
    }
  }

  /** Another sheet is opened where the open one was deleted; who did not do it here is told. */
  #leaveDeleted(sheets: readonly SheetInfo[]): void {
    const { sheet } = this;
    const next = sheets[0];
    if (sheet === null || next === undefined || sheets.includes(sheet)) return;
    this.tell({ type: "open-sheet", sheet: next.id });
    if (this.#deleted !== sheet.id)
      this.toast(`“${sheet.name}” was deleted in another tab or elsewhere. This is “${next.name}” now.`);
  }

  #takeGraph(view: GraphIndex["view"]): void {
    if (this.graph?.view.hash === view.hash && JSON.stringify(this.graph.view) === JSON.stringify(view))
      return;
    const graph = indexGraph(view);
    const nodes = new Map<string, NodeModel>();
    for (const card of graph.steps)
      nodes.set(card.id, this.nodes.get(card.id) ?? new NodeModel(card.id, this.tally));
    for (const [name, node] of this.nodes) if (!nodes.has(name)) node.forget();
    const fields = new Map<string, FieldModel>();
    for (const [address, { port }] of graph.fields) {
      fields.set(
        address,
        this.fields.get(address) ?? new FieldModel(address, port.component?.props["value"]),
      );
    }
    this.nodes = nodes;
    this.fields = fields;
    this.graph = graph;
    overlay.keepCards(graph.steps);
  }

  #takeSheet(view: SheetView): void {
    const isSame = this.sheet?.id === view.sheet.id;
    if (!isSame) {
      this.#outbox.clear();
      overlay.leaveSheet();
    }
    this.sheet = view.sheet;
    rememberSheet(view.sheet.id);
    for (const [address, field] of this.fields) {
      if (isSame && this.#outbox.isAhead(address)) continue;
      const port = this.graph?.fields.get(address)?.port;
      field.value = address in view.inputs ? view.inputs[address] : port?.component?.props["value"];
      field.error = null;
    }
    for (const [name, node] of this.nodes) {
      if (isSame) node.state = view.nodes[name] ?? { status: "idle" };
      else node.reset(view.nodes[name]);
    }
    this.variants = view.variants;
    this.positions = view.positions;
    this.runs = new Map(view.activeRuns.map((run) => [run.id, run]));
    this.interrupted = view.interrupted;
    if (!isSame || this.sheetVersion === 0) {
      this.viewport = view.viewport;
      this.selected = null;
      this.lastRun = null;
      this.sheetVersion++;
    }
  }

  #applyPositions(moved: Readonly<Record<string, Point | null>>): void {
    const positions: Record<string, Point> = { ...this.positions };
    for (const [id, position] of Object.entries(moved)) {
      if (position === null) delete positions[id];
      else positions[id] = position;
    }
    this.positions = positions;
  }

  #applyRun(run: RunInfo): void {
    const runs = new Map(this.runs);
    if (this.runs.get(run.id)?.status !== run.status)
      notifications.tell(this.graph?.view.name ?? "daggr", run);
    // How many steps it has is known a moment after it starts.
    const isCounted = run.total > 0 && (runs.get(run.id)?.total ?? 0) === 0;
    if (run.status === "running" || run.status === "waiting") {
      runs.set(run.id, run);
      if (isCounted && run.status === "running") this.announce(`Running ${count(run.total, "step")}`);
      this.interrupted = null;
    } else {
      runs.delete(run.id);
      this.lastRun = run;
      this.ended = { run, tookMs: serverNow() - run.startedAt };
      if (run.status === "interrupted") this.interrupted = run;
      else this.announce(endWords(run, this.ended.tookMs));
    }
    this.runs = runs;
  }
}
