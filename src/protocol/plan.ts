/** Which nodes a run executes: see `docs/running.md`. */
export type RunMode =
  /** The node, always, once more. */
  | "step"
  /** Its stale ancestors, then the node. */
  | "to"
  /** The node, then what becomes stale downstream. */
  | "from"
  /** Everything stale. */
  | "stale"
  /** Everything, anew. */
  | "all";

/** What a run would do with one node, and why, in words. */
export interface PlanEntry {
  readonly node: string;
  /**
   * `run`: it will be executed. `reuse`: its selected result is fresh (or is taken as it is).
   * `wait`: decided when what is upstream has run: executed if that gives another value, else reused.
   * `blocked`: something it needs is missing.
   */
  readonly action: "run" | "reuse" | "wait" | "blocked";
  /** `prompt changed`, `never ran`, `2 of 6 items changed`, `needs samples`, `asked for`. */
  readonly reason: string;
  /** A person will be asked. */
  readonly asks?: true;
  /** Who blocks it. */
  readonly by?: string;
}

/** What a run would do: in `run-started`, and when a run button is hovered. */
export interface Plan {
  readonly mode: RunMode;
  /** The nodes that were asked for; empty means all. */
  readonly targets: readonly string[];
  /** In an order in which they can run. Nodes that the run does not touch are left out. */
  readonly entries: readonly PlanEntry[];
}
