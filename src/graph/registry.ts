import type { GraphDefinition } from "./definition.ts";

/** A graph whose definition is made when it is asked for. */
export interface AnnouncedGraph {
  readonly definition: GraphDefinition;
}

/**
 * Who has loaded the user's script, when it is not the script's own process: the command line, or a worker thread.
 * It lives on `globalThis`, so that two copies of this package in one process still find each other.
 */
export interface Host {
  /** Every graph that the script makes. */
  onGraph?(graph: AnnouncedGraph): void;
  /** Takes over `graph.launch()`; its answer is what `launch()` resolves to. */
  onLaunch?(graph: AnnouncedGraph, options: object): Promise<unknown>;
  /** `run()`, `stream()` and `launch()` of the script never settle: only its description is wanted. */
  readonly describeOnly?: boolean;
}

const KEY = Symbol.for("daggr.host");
type Global = { [KEY]?: Host };

/** The host of this process or thread, if it has one. */
export function host(): Host | undefined {
  return (globalThis as Global)[KEY];
}

export function setHost(value: Host | undefined): void {
  if (value === undefined) delete (globalThis as Global)[KEY];
  else (globalThis as Global)[KEY] = value;
}

/** Tells the host of a new graph; called by its constructor. */
export function announceGraph(graph: AnnouncedGraph): void {
  host()?.onGraph?.(graph);
}

/** A promise that never settles, for a script of which only the description is wanted. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
