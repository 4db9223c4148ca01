import { expect, test } from "vitest";
import type { NoticeLog } from "./notice-log.ts";
import { SheetChanges } from "./sheet-changes.ts";

test("a step's start is told before its first line of log, and not anew for every line", () => {
  const told: string[] = [];
  const notices = { tell: ({ type }: { type: string }) => told.push(type) } as unknown as NoticeLog;
  const changes = new SheetChanges(notices, {
    node: () => ({ status: "running" }),
    run: () => undefined,
  });
  const log = () => {
    changes.beforeLog("write");
    told.push("log");
  };
  changes.started("write");
  log();
  changes.node("write");
  log();
  expect(told).toEqual(["node", "log", "log"]);
  changes.flush();
  expect(told).toEqual(["node", "log", "log", "node"]);
});
