import { describe } from "vitest";
import { describeItems } from "./item-specification.ts";
import { describeResults } from "./result-specification.ts";
import { describeRuns } from "./run-specification.ts";
import { describeScopes } from "./scope-specification.ts";
import { describeSheets } from "./sheet-specification.ts";
import type { Store } from "./store.ts";
import { StoreUnderTest } from "./store-under-test-specification.ts";
import { describeTransfer } from "./transfer-specification.ts";

/** What every store does. `open` gives an empty one. */
export function describeStore(name: string, open: () => Store): void {
  describe(name, () => {
    const test = new StoreUnderTest(open);
    describeSheets(test);
    describeScopes(test);
    describeResults(test);
    describeItems(test);
    describeRuns(test);
    describeTransfer(test);
  });
}
