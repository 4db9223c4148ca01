/** One difference between what was accepted and what is there now, in words. */
export interface UpstreamDifference {
  /** `/generate: parameter 'steps' is gone`. */
  readonly text: string;
  /** It is about what the script uses, which may fit no more. */
  readonly breaking: boolean;
}

/** What a change is answered with: `accept` for good, `ignore` until the next start. */
export type UpstreamChoice = "accept" | "ignore";

/** A Space or model of the graph that is no longer what was accepted. */
export interface UpstreamChange {
  readonly kind: "space" | "model";
  readonly id: string;
  /** Where its commits are listed. */
  readonly url: string;
  /** The nodes that use it. */
  readonly nodes: readonly string[];
  /** The accepted commit, and the one that is there now. */
  readonly from: string;
  readonly to: string;
  /** When `from` was accepted, milliseconds since 1970. */
  readonly since: number;
  readonly differences: readonly UpstreamDifference[];
  /** `false`: what it offered then or offers now is not known, so that `differences` says nothing. */
  readonly isCompared: boolean;
  /** A service can be asked for an older revision; then this goes into the options of the nodes. */
  readonly pin?: string;
}
