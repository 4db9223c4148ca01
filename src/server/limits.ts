/** What a stranger may send at most; options of `launch()`. */
export interface Limits {
  /** Bytes of a JSON body. */
  readonly jsonBytes: number;
  /** Bytes of one uploaded file. */
  readonly uploadBytes: number;
  /** Bytes of an imported sheet, packed and unpacked. */
  readonly importBytes: number;
  /** Bytes of one frame on the socket. */
  readonly frameBytes: number;
  /** Lists and objects inside each other. */
  readonly nesting: number;
  /** Milliseconds in which the head of a request must be there. */
  readonly headMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  jsonBytes: 10_000_000,
  uploadBytes: 200_000_000,
  importBytes: 2_000_000_000,
  frameBytes: 1_000_000,
  nesting: 100,
  headMs: 20_000,
};
