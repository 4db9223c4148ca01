import type { SheetStep } from "../../../src/protocol/view.ts";
import type { Request } from "../connection/connection.ts";
import type { App, Point } from "./app.svelte.ts";
import { type Change, type Move, UndoStack } from "./undo-stack.ts";

/** A value that lives on the page alone and can be taken back, such as the layout under the cards that were moved. */
export interface OwnValue {
  read(): unknown;
  write(value: unknown): void;
}

const settleMs = 1000;

/** Undo and redo of what a person did on this page: values, variants, chosen results, positions. Never of a run. */
export class Undo {
  readonly #app: App;
  /** One for each sheet, for as long as the page lives. */
  readonly #stacks = new Map<string, UndoStack>();
  readonly #own = new Map<string, OwnValue>();
  #version = $state(0);
  #turn: Promise<void> = Promise.resolve();
  #isWriting = false;
  /** Set while a text field undoes or redoes typing by itself. */
  #isTyped = false;
  #toast: number | undefined;

  /** What would be undone and redone, in words. */
  readonly back = $derived.by(() => this.#words((stack) => stack.next));
  readonly again = $derived.by(() => this.#words((stack) => stack.nextAgain));

  constructor(app: App) {
    this.#app = app;
  }

  /** Makes a value of the page's own one that steps may hold. */
  own(key: string, value: OwnValue): void {
    this.#own.set(key, value);
  }

  field(address: string, before: unknown, after: unknown): void {
    const words = this.#app.graph?.fields.get(address)?.port.label ?? address;
    const step = { words, changes: [{ key: `field:${address}`, before, after }] };
    if (this.#isWriting) return;
    if (this.#isTyped) this.#stack.amend(step, Date.now());
    else this.#stack.record(step, Date.now());
    this.#version++;
  }

  variant(node: string, before: number, after: number): void {
    this.record(`variant of ${node}`, [{ key: `variant:${node}`, before, after }]);
  }

  places(moved: Readonly<Record<string, Point | null>>, words?: string, more: readonly Change[] = []): void {
    const ids = Object.keys(moved);
    const name = this.#app.graph?.cards.get(ids[0] ?? "")?.name ?? ids[0];
    this.record(words ?? (ids.length === 1 ? `move ${name}` : `move ${ids.length} cards`), [
      ...ids.map((id) => ({ key: `place:${id}`, before: this.#app.positions[id] ?? null, after: moved[id] })),
      ...more,
    ]);
  }

  record(words: string, changes: readonly Change[]): void {
    if (this.#isWriting) return;
    this.#stack.record({ words, changes }, Date.now());
    this.#version++;
  }

  /** The server did what was asked. What it says it changed with that, however much, is one step. */
  answered(request: Request, reply: unknown): void {
    if (!("node" in request) || request.node === undefined) return;
    const { step } = (reply ?? {}) as { readonly step?: SheetStep };
    if (step === undefined) return;
    const { before, after } = step;
    const changes = (["inputs", "variants", "results"] as const).flatMap((part) =>
      Object.keys(after[part]).map(
        (name): Change => ({
          key: `${keyOf[part]}:${name}`,
          before: before[part][name],
          after: after[part][name],
        }),
      ),
    );
    const words: Readonly<Record<string, string>> = {
      "edit-output": "edit of",
      "discard-edit": "discarded edit of",
    };
    this.record(`${words[request.type] ?? "result of"} ${request.node}`, changes);
  }

  /** Steps take turns: each sees what the one before has left. */
  undo(): Promise<void> {
    return this.#inTurn(() => this.#go("undo"));
  }

  redo(): Promise<void> {
    return this.#inTurn(() => this.#go("redo"));
  }

  /**
   * A text field that has the focus gets the key first, for what was typed. Where it had nothing to take back, the
   * page's own undo acts.
   */
  afterTyping(event: KeyboardEvent, way: "undo" | "redo"): void {
    let isTaken = false;
    const taken = () => (isTaken = true);
    addEventListener("input", taken, { capture: true });
    const version = this.#version;
    this.#isTyped = true;
    setTimeout(() => {
      removeEventListener("input", taken, { capture: true });
      this.#isTyped = false;
      if (!isTaken && !event.defaultPrevented && version === this.#version) void this[way]();
    });
  }

  get #stack(): UndoStack {
    const sheet = this.#app.sheet?.id ?? "";
    const stack = this.#stacks.get(sheet) ?? new UndoStack();
    this.#stacks.set(sheet, stack);
    return stack;
  }

  #words(of: (stack: UndoStack) => { readonly words: string } | undefined): string | null {
    void this.#version;
    const stack = this.#stacks.get(this.#app.sheet?.id ?? "");
    return stack === undefined ? null : (of(stack)?.words ?? null);
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(act).catch(() => {});
    return this.#turn;
  }

  async #go(way: "undo" | "redo"): Promise<void> {
    const stack = this.#stack;
    const next = way === "undo" ? stack.next : stack.nextAgain;
    if (next === undefined) return this.#app.announce(`Nothing to ${way}`);
    // A result that was just chosen shows a moment after the server said yes.
    await this.#arrived(next.changes, way === "undo" ? "after" : "before");
    const move = stack[way]((key) => this.#read(key));
    if (move === undefined) return;
    this.#version++;
    try {
      await this.#write(move.values);
    } finally {
      this.#say(way, move);
    }
    await this.#arrived(
      [...move.values].map(([key, value]) => ({ key, before: value, after: value })),
      "after",
    );
  }

  /** Chosen results are shown when the server says so; nobody waits longer than a second. */
  async #arrived(changes: readonly Change[], end: "before" | "after"): Promise<void> {
    const results = changes.filter(({ key }) => key.startsWith("result:"));
    const until = Date.now() + settleMs;
    while (Date.now() < until && results.some((change) => this.#read(change.key) !== (change[end] ?? null)))
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  #read(key: string): unknown {
    const [kind, name] = parts(key);
    const app = this.#app;
    if (kind === "field") return app.fields.get(name)?.value;
    if (kind === "variant") return app.variants[name] ?? 0;
    if (kind === "place") return app.positions[name] ?? null;
    if (kind === "result") return app.nodes.get(name)?.state.result?.id ?? null;
    return this.#own.get(key)?.read();
  }

  async #write(values: ReadonlyMap<string, unknown>): Promise<void> {
    const app = this.#app;
    const of = (wanted: string) =>
      Object.fromEntries(
        [...values].flatMap(([key, value]) => (parts(key)[0] === wanted ? [[parts(key)[1], value]] : [])),
      );
    const [inputs, variants, places, results] = [of("field"), of("variant"), of("place"), of("result")];
    this.#isWriting = true;
    try {
      for (const [key, value] of values) this.#own.get(key)?.write(value);
      if (Object.keys(places).length > 0) app.moveCards(places as Record<string, Point | null>);
      if (Object.keys(results).length === 0) {
        for (const [address, value] of Object.entries(inputs)) app.setField(address, value);
        for (const [node, variant] of Object.entries(variants)) app.setVariant(node, variant as number);
        return;
      }
    } finally {
      this.#isWriting = false;
    }
    await app.saved();
    await app.ask({
      type: "restore",
      inputs,
      variants: variants as Record<string, number>,
      results: results as Record<string, string | null>,
    });
  }

  #say(way: "undo" | "redo", { step, values, left }: Move): void {
    const app = this.#app;
    if (this.#toast !== undefined) app.dismiss(this.#toast);
    const said = `${way === "undo" ? "Undone" : "Redone"}: ${step.words}`;
    const others = [...new Set(left.map((key) => this.#nameOf(key)))].join(", ");
    const changed = `${others} ${left.length === 1 ? "was" : "were"} changed elsewhere since and stayed as it is`;
    this.#toast = app.toast(
      left.length === 0
        ? said
        : values.size === 0
          ? `Not ${way === "undo" ? "undone" : "redone"}: ${changed}.`
          : `${said}. ${changed}.`,
      "plain",
    );
  }

  #nameOf(key: string): string {
    const [kind, name] = parts(key);
    const { graph } = this.#app;
    if (kind === "field") return graph?.fields.get(name)?.port.label ?? name;
    return graph?.cards.get(name)?.name ?? (name === "" ? kind : name);
  }
}

const keyOf = { inputs: "field", variants: "variant", results: "result" } as const;

function parts(key: string): [string, string] {
  const at = key.indexOf(":");
  return at < 0 ? [key, ""] : [key.slice(0, at), key.slice(at + 1)];
}
