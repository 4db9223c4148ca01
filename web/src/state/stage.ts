/** What can be done with the canvas as a place. The list of a narrow window has none. */
export interface Stage {
  /** Lays the cards out again; without ids all of them. */
  tidy(ids?: readonly string[]): void;
  /** Brings cards into view; without ids all of them. */
  fit(ids?: readonly string[]): void;
  zoomTo(zoom: number): void;
  zoomBy(way: "in" | "out"): void;
  selectAll(): void;
  /** Puts the left or the top edges of cards in line. */
  align(ids: readonly string[], side: "left" | "top"): void;
}
