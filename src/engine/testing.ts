import type { GraphDefinition } from "../graph/definition.ts";
import { type TestNode, testGraph } from "../plan/testing.ts";
import type { RunEvent } from "../protocol/events.ts";
import type { NodeState } from "../protocol/view.ts";
import { createInvoker } from "../run/invoker.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Scope, Store } from "../store/store.ts";
import { createEngine } from "./create-engine.ts";
import type { Engine, StartRun } from "./engine.ts";

export const LOCAL: Scope = { user: "local", graph: "test" };

/** An engine over a small graph, with what tests do most. */
export class TestEngine {
  readonly engine: Engine;
  readonly store: Store;
  sheet = "";

  constructor(definition: GraphDefinition, store: Store) {
    this.store = store;
    this.engine = createEngine({ definition, store, invoker: createInvoker(definition, store.files) });
  }

  static async open(
    nodes: Readonly<Record<string, TestNode>>,
    store: Store = createMemoryStore(),
  ): Promise<TestEngine> {
    return TestEngine.of(testGraph(nodes), store);
  }

  static async of(definition: GraphDefinition, store: Store = createMemoryStore()): Promise<TestEngine> {
    const made = new TestEngine(definition, store);
    made.sheet = (await made.engine.sheets(LOCAL))[0]?.id ?? "";
    return made;
  }

  async start(options: Partial<StartRun> = {}): Promise<string> {
    const { id } = await this.engine.startRun(LOCAL, {
      mode: "stale",
      nodes: [],
      sheet: this.sheet,
      ...options,
    });
    return id;
  }

  /** Runs to the end; returns the names of the nodes that were executed. */
  async run(options: Partial<StartRun> = {}): Promise<string[]> {
    const id = await this.start(options);
    const events = await this.events(id);
    await this.settled();
    return executed(events);
  }

  async events(id: string, after = 0): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    for await (const { event } of this.engine.events(LOCAL, id, after, new AbortController().signal))
      events.push(event);
    return events;
  }

  async node(name: string): Promise<NodeState> {
    const { view } = await this.engine.openSheet(LOCAL, this.sheet);
    return view.nodes[name] as NodeState;
  }

  async statuses(): Promise<Record<string, string>> {
    const { view } = await this.engine.openSheet(LOCAL, this.sheet);
    return Object.fromEntries(Object.entries(view.nodes).map(([name, { status }]) => [name, status]));
  }

  /** After the end of a run the sheet finds out what is stale. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.store.close();
  }
}

export function executed(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === "node-done" && !event.reused
      ? [event.item === undefined ? event.node : `${event.node}/${event.item}`]
      : [],
  );
}

/** Something that steps wait for until the test lets them go on. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
