import { afterEach, expect, it, vi } from "vitest";
import { createMemoryStore } from "../store/memory-store.ts";
import type { SheetNotice } from "./notices.ts";
import { gate, LOCAL, TestEngine } from "./testing.ts";

let test: TestEngine;
const endIsKept = gate();
afterEach(async () => {
  endIsKept.open();
  await test.close();
});

it("the end of a run is told once, and not before it is kept", async () => {
  const store = createMemoryStore();
  const commit = store.commit.bind(store);
  vi.spyOn(store, "commit").mockImplementation(async (scope, batch) => {
    if (batch.runs?.some(({ status }) => status === "done")) await endIsKept.opened;
    return commit(scope, batch);
  });
  const goOn = gate();
  test = await TestEngine.open({ a: { invoke: () => goOn.opened.then(() => "done") } }, store);
  const seen: SheetNotice[] = [];
  const { seq } = await test.engine.openSheet(LOCAL, test.sheet);
  test.engine.watch(LOCAL, test.sheet, (notice) => seen.push(notice), seq);
  const told = (status: string) =>
    seen
      .filter(
        (notice) =>
          (notice.type === "node" && notice.state.status === status) ||
          (notice.type === "run" && notice.run.status === status),
      )
      .map(({ type }) => type);

  await test.start();
  await vi.waitFor(() => expect(told("running")).toContain("node"));
  goOn.open();
  await vi.waitFor(() => expect(told("done")).toContain("node"));
  expect(told("done")).not.toContain("run");
  endIsKept.open();
  await vi.waitFor(() => expect(told("done")).toContain("run"));
  await test.settled();
  expect(told("done").filter((type) => type === "run")).toHaveLength(1);
});
