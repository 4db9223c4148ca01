import type { NodeState } from "../../../src/protocol/view.ts";
import { isOutOfDate } from "../cards/words.ts";

/** How many steps stand how: kept up with each change, for counting all of them again would cost more the more there are. */
export class Tally {
  outOfDate = $state(0);
  failed = $state(0);
  withResult = $state(0);
  /** Grows whenever some step's status is another. */
  turn = $state(0);

  /** Counts a step that is new, has changed or is gone. */
  change(before: NodeState | undefined, after: NodeState | undefined): void {
    const by = (counts: (state: NodeState) => boolean) =>
      Number(after !== undefined && counts(after)) - Number(before !== undefined && counts(before));
    const outOfDate = by(isOutOfDate);
    const failed = by(({ status }) => status === "failed");
    const withResult = by(({ result }) => result !== undefined);
    if (outOfDate !== 0) this.outOfDate += outOfDate;
    if (failed !== 0) this.failed += failed;
    if (withResult !== 0) this.withResult += withResult;
    if (before?.status !== after?.status) this.turn++;
  }
}
