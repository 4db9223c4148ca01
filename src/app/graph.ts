import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { callSite, type Place } from "../base/place.ts";
import type { ExtraEdge } from "../graph/bindings.ts";
import { buildDefinition } from "../graph/build-definition.ts";
import type { EdgeDefinition, GraphDefinition } from "../graph/definition.ts";
import { persistKeyFor } from "../graph/name.ts";
import { type AnyNode, BaseNode, type InputPort, nodeMethods } from "../graph/node.ts";
import { type ItemSource, type Port, sourceOf } from "../graph/port.ts";
import { announceGraph } from "../graph/registry.ts";
import type { RunEvent } from "../protocol/events.ts";
import type { ApiSchema } from "../server/api-schema.ts";
import type { Launched, LaunchOptions } from "./launch-options.ts";
import type { RunInputs, RunOptions, RunResult } from "./run-types.ts";
import type { Sheets } from "./sheets.ts";

/** What {@link Graph} takes. */
export interface GraphOptions<Nodes extends readonly AnyNode[]> {
  /** Shown in the title bar; results are saved under a key made from it. Needs a letter or a digit. */
  name: string;
  /** Nodes upstream of these are added by themselves. */
  nodes: Nodes;
  /** Keeps data across a rename; `false` saves nothing. Default: the name in snake case. */
  persistKey?: string | false;
}

// Only a script that tests a node pays for what that needs.
nodeMethods.test = async (node, inputs) => (await import("./test-node.ts")).testNode(node, inputs);

/**
 * A workflow: nodes joined by their ports. From this one object come the canvas, headless runs and the API.
 *
 * @example
 * ```ts
 * import { FnNode, Graph, gr } from "daggr";
 * const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
 *   name: "shout",
 *   inputs: { text: gr.Textbox({ label: "Text", value: "hello" }) },
 *   outputs: { loud: gr.Textbox() },
 * });
 * export const graph = new Graph({ name: "Shouting", nodes: [shout] });
 * const { shout: outputs } = await graph.run({ shout: { text: "good morning" } });
 * console.log(outputs.loud); // GOOD MORNING
 * ```
 */
export class Graph<const Nodes extends readonly AnyNode[] = readonly AnyNode[]> {
  /** As given. */
  readonly name: string;
  /** The key under which it is saved, or `false`. */
  readonly persistKey: string | false;
  readonly #listed: BaseNode[];
  readonly #edges: ExtraEdge[] = [];
  readonly #place: Place | undefined = callSite();
  #definition: GraphDefinition | undefined;

  /** @throws DaggrError for every mistake in describing: see `docs/errors.md`. */
  constructor(options: GraphOptions<Nodes>) {
    checkGraphOptions(options, this.#place);
    this.name = options.name;
    this.persistKey = options.persistKey ?? persistKeyFor(options.name);
    this.#listed = [...options.nodes] as unknown as BaseNode[];
    for (const warning of this.definition.warnings) console.warn(`daggr: ${warning}`);
    announceGraph(this);
  }

  /** The graph as plain, checked data. */
  get definition(): GraphDefinition {
    this.#definition ??= buildDefinition({
      name: this.name,
      persistKey: this.persistKey,
      nodes: this.#listed,
      edges: this.#edges,
    });
    return this.#definition;
  }

  /** Every node by its name in this graph, in an order in which they can run. */
  get nodes(): ReadonlyMap<
    string,
    {
      readonly name: string;
      readonly kind: string;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
    }
  > {
    return new Map(
      [...this.definition.nodes].map(([name, node]) => [
        name,
        {
          name,
          kind: node.behaviour.kind,
          inputs: [...node.inputs.keys()],
          outputs: [...node.outputs.keys()],
        },
      ]),
    );
  }

  /** Every edge: `{ from: { node, port }, to: { node, port }, kind: "plain" | "each" | "all" }`. */
  get edges(): readonly EdgeDefinition[] {
    return this.definition.edges;
  }

  /**
   * Adds a node, and what is upstream of it.
   *
   * @throws DaggrError `DUPLICATE_NAME`, `VARIANT_USED_ALONE` and others; the graph stays as it was.
   */
  add(node: AnyNode): this {
    return this.#change(
      () => this.#listed.push(node as unknown as BaseNode),
      () => this.#listed.pop(),
    );
  }

  /**
   * Adds an edge.
   *
   * @param from - An output port, scattered or gathered as in `inputs`.
   * @param to - `node.input("name")`.
   * @throws DaggrError `CYCLE`, `INPUT_TAKEN`, `UNKNOWN_PARAMETER` and others; the graph stays as it was.
   *
   * @example
   * ```ts
   * import { FnNode, Graph, gr } from "daggr";
   * const source = new FnNode(() => "text", { name: "source", inputs: {}, outputs: { text: gr.Textbox() } });
   * const sink = new FnNode(({ text }: { text: string }) => text.length, { name: "sink", outputs: { length: gr.Number() } });
   * const graph = new Graph({ name: "Edges", nodes: [source, sink] });
   * graph.edge(source.text, sink.input("text"));
   * ```
   */
  edge(from: Port<any> | ItemSource<any>, to: InputPort): this {
    const source = sourceOf(from);
    const place = callSite();
    const at = place === undefined ? {} : { place };
    if (source === undefined)
      throw new DaggrError(
        "INVALID_EDGE",
        `graph.edge starts at an output port (node.port), got ${describe(from)}.`,
        at,
      );
    if (!(to?.node instanceof BaseNode) || typeof to.input !== "string") {
      throw new DaggrError(
        "INVALID_EDGE",
        `graph.edge ends at an input port (node.input("name")), got ${describe(to)}.`,
        at,
      );
    }
    return this.#change(
      () => this.#edges.push({ from: source, to }),
      () => this.#edges.pop(),
    );
  }

  /** The inputs and outputs of each connected part, as `/api/schema` shows them. */
  async schema(): Promise<ApiSchema> {
    const { apiSchema } = await import("../server/api-schema.ts");
    return apiSchema(this.definition);
  }

  /** A flowchart in Mermaid's language, for a README. */
  toMermaid(): string {
    const ids = new Map([...this.definition.nodes.keys()].map((name, index) => [name, `n${index}`]));
    const text = (value: string): string => `"${value.replaceAll('"', "#quot;")}"`;
    const lines = [...ids].map(
      ([name, id]) =>
        `  ${id}${this.definition.nodes.get(name)?.behaviour.executes === false ? `([${text(name)}])` : `[${text(name)}]`}`,
    );
    for (const edge of this.edges) {
      const arrow = edge.kind === "each" ? "-- each -->" : edge.kind === "all" ? "-- all -->" : "-->";
      lines.push(`  ${ids.get(edge.from.node)} ${arrow} ${ids.get(edge.to.node)}`);
    }
    // Variants of one step may read the same port.
    return ["flowchart LR", ...new Set(lines), ""].join("\n");
  }

  /**
   * Runs without a server.
   *
   * @param inputs - `{ [node]: { [port]: value } }`; files are paths. What is left out has its component's `value`.
   * @param options - Which nodes, on which sheet, and a signal that ends it.
   * @returns `{ [node]: { [port]: value } }` of every node that ran; lists for scattered nodes; files are paths.
   * @throws RunError when a node failed (after the branches that can finish have) or the run was cancelled.
   * @throws DaggrError `UNKNOWN_NODE`, `UNKNOWN_INPUT`, `INVALID_VALUE`, `MISSING_INPUT` and others before anything runs.
   *
   * @example
   * ```ts
   * import { FnNode, Graph, gr } from "daggr";
   * const double = new FnNode(({ x }: { x: number }) => x * 2, {
   *   name: "double",
   *   inputs: { x: gr.Number() },
   *   outputs: { y: gr.Number() },
   * });
   * const graph = new Graph({ name: "Doubling", nodes: [double], persistKey: false });
   * const outputs = await graph.run({ double: { x: 2 } }, { signal: AbortSignal.timeout(60_000) });
   * console.log(outputs.double.y); // 4
   * ```
   */
  async run(inputs: RunInputs<Nodes> = {}, options: RunOptions = {}): Promise<RunResult<Nodes>> {
    const { runToEnd } = await import("./headless.ts");
    return (await runToEnd(this.definition, inputs, options)) as RunResult<Nodes>;
  }

  /**
   * The same as {@link Graph.run} as a stream of events; leaving it early ends the run.
   *
   * @param inputs - As for {@link Graph.run}.
   * @param options - As for {@link Graph.run}.
   * @returns Every event in order; the last is `run-done`, `run-failed` or `run-cancelled`. A failure is not thrown.
   *
   * @example
   * ```ts
   * import { FnNode, Graph, gr } from "daggr";
   * const double = new FnNode(({ x }: { x: number }) => x * 2, {
   *   name: "double",
   *   inputs: { x: gr.Number() },
   *   outputs: { y: gr.Number() },
   * });
   * const graph = new Graph({ name: "Doubling", nodes: [double], persistKey: false });
   * for await (const event of graph.stream({ double: { x: 2 } })) console.log(event.type);
   * ```
   */
  async *stream(
    inputs: RunInputs<Nodes> = {},
    options: RunOptions = {},
  ): AsyncGenerator<RunEvent, void, void> {
    const { streamRun } = await import("./headless.ts");
    yield* streamRun(this.definition, inputs, options);
  }

  /** The saved sheets: list, export, import, duplicate and delete them, with or without a running server. */
  get sheets(): Sheets {
    const opened = import("./sheets.ts").then(({ sheetsOf }) => sheetsOf(() => this.definition));
    return {
      list: async () => (await opened).list(),
      export: async (...given) => (await opened).export(...given),
      import: async (...given) => (await opened).import(...given),
      duplicate: async (...given) => (await opened).duplicate(...given),
      delete: async (...given) => (await opened).delete(...given),
    };
  }

  /**
   * Serves the canvas and the APIs until stopped.
   *
   * @param options - Where, and how it looks.
   * @returns The address, and a function that stops it.
   * @throws DaggrError `PORT_TAKEN`, `UNKNOWN_HOST`, `STORE_READ_ONLY` and others; `UNKNOWN_ENDPOINT` and
   *   `UNKNOWN_PARAMETER` where a Gradio app says so. An app that cannot be reached shows on its card.
   *
   * @example
   * ```ts
   * import { FnNode, Graph, gr } from "daggr";
   * const hello = new FnNode(() => "Hello", { name: "hello", inputs: {}, outputs: { text: gr.Textbox() } });
   * const { url, close } = await new Graph({ name: "Hello", nodes: [hello] }).launch({ port: 7870, open: false });
   * console.log(url); // http://127.0.0.1:7870/
   * await close();
   * ```
   */
  async launch(options: LaunchOptions = {}): Promise<Launched> {
    const { launch } = await import("./launch.ts");
    return launch(this.definition, options);
  }

  /** Applies a change of the description, and takes it back when the graph would be wrong with it. */
  #change(apply: () => void, undo: () => void): this {
    const before = this.#definition;
    apply();
    this.#definition = undefined;
    try {
      void this.definition;
    } catch (error) {
      undo();
      this.#definition = before;
      throw error;
    }
    return this;
  }
}

function checkGraphOptions(options: GraphOptions<readonly AnyNode[]>, place: Place | undefined): void {
  const at = place === undefined ? {} : { place };
  if (typeof options !== "object" || options === null)
    throw new DaggrError("INVALID_OPTION", `Graph takes { name, nodes }, got ${describe(options)}.`, at);
  const known = ["name", "nodes", "persistKey"];
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new DaggrError(
        "UNKNOWN_OPTION",
        `Graph has no option '${key}'.${didYouMean(key, known)} It has: ${known.join(", ")}.`,
        at,
      );
  }
  if (typeof options.name !== "string" || options.name.trim() === "")
    throw new DaggrError("INVALID_NAME", `A graph needs a name, got ${describe(options.name)}.`, at);
  if (!Array.isArray(options.nodes))
    throw new DaggrError(
      "INVALID_OPTION",
      `Graph '${options.name}': nodes must be a list of nodes, got ${describe(options.nodes)}.`,
      at,
    );
  const { persistKey } = options;
  if (
    persistKey !== undefined &&
    persistKey !== false &&
    (typeof persistKey !== "string" || persistKey === "")
  ) {
    throw new DaggrError(
      "INVALID_OPTION",
      `Graph '${options.name}': persistKey must be a text or false, got ${describe(persistKey)}.`,
      at,
    );
  }
}
