import { basename } from "node:path";
import type { Unasked } from "../clients/upstream/check.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { UpstreamChange, UpstreamChoice } from "../protocol/upstream.ts";
import { type DependencyCheck, dependencyCheck } from "./dependency-check.ts";
import type { DeskOptions, UpstreamDesk } from "./upstream.ts";

/** What is known of the Spaces and models of a graph that serves. */
export interface UpstreamNews {
  /** What nobody has decided about. */
  readonly changes: readonly UpstreamChange[];
  /** What the Hub did not tell about: the last known state counts. */
  readonly unasked: readonly Unasked[];
}

export interface WatchUpstreamOptions extends DeskOptions {
  /** After the check, and whenever something was decided. */
  readonly onNews: (news: UpstreamNews) => void;
  readonly onError: (error: unknown) => void;
}

/** The upstream of one graph while it is served. Its code is loaded for graphs that have any. */
export class UpstreamWatch {
  readonly #definition: GraphDefinition;
  readonly #options: WatchUpstreamOptions;
  readonly #mode: DependencyCheck = dependencyCheck();
  readonly #stopped = new AbortController();
  #desk: UpstreamDesk | undefined;

  constructor(definition: GraphDefinition, options: WatchUpstreamOptions) {
    this.#definition = definition;
    this.#options = options;
  }

  get changes(): readonly UpstreamChange[] {
    return this.#desk?.changes ?? [];
  }

  /** Before anything is served. Throws `UPSTREAM_CHANGED` where that is wanted; else it takes no time. */
  async refuseIfWanted(): Promise<void> {
    if (this.#mode !== "error" || !hasUpstream(this.#definition)) return;
    await (await this.#open()).check("error");
  }

  /** Asks the Hub while the graph is in use already. */
  async start(): Promise<void> {
    if (this.#mode === "skip" || !hasUpstream(this.#definition)) return;
    try {
      const desk = await this.#open();
      if (this.#mode !== "error") await desk.check(this.#mode, this.#stopped.signal);
      this.#tell(desk);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#options.onError(error);
    }
  }

  async choose(kind: UpstreamChange["kind"], id: string, choice: UpstreamChoice): Promise<void> {
    const desk = await this.#open();
    await desk.choose(kind, id, choice);
    this.#tell(desk);
  }

  stop(): void {
    this.#stopped.abort();
  }

  #tell({ changes, unasked }: UpstreamDesk): void {
    if (!this.#stopped.signal.aborted) this.#options.onNews({ changes, unasked });
  }

  async #open(): Promise<UpstreamDesk> {
    const { UpstreamDesk } = await import("./upstream.ts");
    this.#desk ??= new UpstreamDesk(this.#definition, this.#options);
    return this.#desk;
  }
}

/** Whether anything of the graph can change without its script. */
export function hasUpstream({ nodes }: GraphDefinition): boolean {
  return [...nodes.values()].some((node) =>
    [node, ...node.variants].some(({ behaviour }) => behaviour.upstream !== undefined),
  );
}

/** For a server: what changed goes to whoever listens, else to the terminal, once; the pages are told each time. */
export function watchUpstream(
  definition: GraphDefinition,
  { dbPath, ignoredUpstream, onUpstream, quiet }: WatchForServer,
  refresh: () => Promise<void>,
): UpstreamWatch {
  let isTold = false;
  const tell = async (news: UpstreamNews): Promise<void> => {
    if (quiet === true || isTold) return;
    isTold = true;
    const { tellUpstream } = await import("./tell-upstream.ts");
    const text = tellUpstream(news, basename(process.argv[1] ?? "<script>"));
    if (text !== "") console.warn(text);
  };
  return new UpstreamWatch(definition, {
    dbPath,
    ignored: ignoredUpstream,
    onNews(news) {
      void (onUpstream ?? tell)(news);
      void refresh();
    },
    onError: (error) => console.warn(`daggr: ${error instanceof Error ? error.message : String(error)}`),
  });
}

interface WatchForServer {
  readonly dbPath?: string;
  readonly ignoredUpstream?: readonly string[];
  readonly onUpstream?: (news: UpstreamNews) => void;
  readonly quiet?: boolean;
}
