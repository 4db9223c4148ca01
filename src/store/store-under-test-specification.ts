import { afterEach, beforeEach } from "vitest";
import type { ResultRecord } from "../graph/result.ts";
import type { Store } from "./store.ts";
import { LOCAL, makeItem, makeResult, makeRun } from "./testing.ts";

/** A fresh store for each test, with what the tests of every part need. */
export class StoreUnderTest {
  current: Store | undefined;

  constructor(open: () => Store) {
    beforeEach(() => {
      this.current = open();
    });
    afterEach(() => this.current?.close());
  }

  get store(): Store {
    if (this.current === undefined) throw new Error("There is a store only within a test.");
    return this.current;
  }

  async sheetWithRun(): Promise<{ readonly sheet: string; readonly run: string }> {
    const sheet = (await this.store.createSheet(LOCAL, "Sheet 1")).id;
    const run = makeRun({ sheet });
    await this.store.createRun(LOCAL, run);
    return { sheet, run: run.id };
  }

  async scatteredResult(sheet: string, run: string, count: number): Promise<ResultRecord> {
    const items = Array.from({ length: count }, (_, index) => makeItem({ index, run }));
    await this.store.commit(LOCAL, { items: items.map((record) => ({ run, sheet, node: "node", record })) });
    const outputs = { output: items.map((item) => item.outputs["output"]) };
    const record = makeResult({ run, items, outputs });
    await this.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
    return record;
  }
}
