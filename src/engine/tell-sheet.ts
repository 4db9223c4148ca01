import type { RunEvent } from "../protocol/events.ts";
import type { RunInfo } from "../protocol/view.ts";
import type { RunNotice } from "../run/notice.ts";
import { afterEvent, isActive, type LiveNode } from "./live-node.ts";
import type { LiveRun } from "./live-run.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { toItemState } from "./node-state.ts";

/** Brings a sheet up to date with what a run on it has kept, and tells whoever watches it. */
export function tellSheet(
  sheet: LiveSheet,
  run: LiveRun,
  event: RunEvent,
  notice: RunNotice,
  isInterrupted: boolean,
): void {
  if (event.type === "run-started") {
    for (const { node, action } of event.plan.entries) {
      if (action !== "run") continue;
      takeOver(sheet, run, node);
      sheet.live.set(node, { run: run.id, status: "planned" });
      sheet.changes.node(node);
    }
  } else if ("node" in event) tellNode(sheet, run, event, notice);
  else {
    endRun(sheet, run, isInterrupted);
    return;
  }
  tellProgress(sheet, run);
}

function tellNode(
  sheet: LiveSheet,
  run: LiveRun,
  event: Extract<RunEvent, { readonly node: string }>,
  notice: RunNotice,
): void {
  const { node } = event;
  if (event.type === "node-log") {
    const { level, text, item } = event;
    const about = { level, text, ...(item === undefined ? {} : { item }) };
    sheet.changes.beforeLog(node);
    sheet.logs.add(node, run.id, { ...about, at: Date.now() });
    sheet.notices.tell({ type: "log", node, ...about });
    return;
  }
  if (event.type === "node-waiting") takeOver(sheet, run, node);
  tellAsk(sheet, event);
  if (event.type === "node-started" && event.item === undefined && event.items !== undefined)
    sheet.liveItems.set(node, new Map());
  if ("item" in event && event.item !== undefined) tellItem(sheet, event, event.item, notice);
  if (notice.result !== undefined) {
    sheet.take(notice.result);
    sheet.liveItems.delete(node);
  }
  const after = afterEvent(sheet.live.get(node), event, run.id, Date.now());
  // A cancelled step leaves its card as it was.
  if (after.status === "cancelled") sheet.live.delete(node);
  else sheet.live.set(node, after);
  if (event.type === "node-started" && event.item === undefined) sheet.changes.started(node);
  else sheet.changes.node(node);
}

function tellItem(
  sheet: LiveSheet,
  event: Extract<RunEvent, { readonly node: string }>,
  index: number,
  notice: RunNotice,
): void {
  const items = sheet.liveItems.get(event.node) ?? new Map();
  sheet.liveItems.set(event.node, items);
  if (notice.item !== undefined) items.set(index, toItemState(notice.item.record, index));
  else if (event.type === "node-started") items.set(index, { index, status: "running" });
  else if (event.type === "node-queued") items.set(index, { index, status: "queued" });
  else if (event.type === "node-waiting") items.set(index, { index, status: "waiting" });
  else return;
  sheet.changes.item(event.node, index);
}

function tellProgress(sheet: LiveSheet, run: LiveRun): void {
  const before = sheet.runs.get(run.id);
  const { total, done } = run.tracker.info;
  if (before?.total === total && before.done === done) return;
  // The tracker may know of an end that is not kept yet; `endRun` tells it.
  const startedAt = before?.startedAt ?? run.record.startedAt;
  const info = { id: run.id, status: "running" as const, startedAt, total, done };
  sheet.runs.set(run.id, info);
  sheet.changes.run(info);
}

/** A step asks one question at a time: a run that comes to it ends the one that has waited there. */
function takeOver(sheet: LiveSheet, run: LiveRun, node: string): void {
  const before = sheet.live.get(node);
  if (before?.status === "waiting" && before.run !== run.id) sheet.onTakenOver?.(before.run, node);
}

function tellAsk(sheet: LiveSheet, event: Extract<RunEvent, { readonly node: string }>): void {
  const { type, node } = event;
  const item = "item" in event ? event.item : undefined;
  if (type === "node-waiting") {
    const open = sheet.asks.get(node) ?? new Map();
    sheet.asks.set(node, open.set(item, event.values));
  } else if (type === "node-done" || type === "node-failed" || type === "node-cancelled") {
    if (item === undefined) sheet.asks.delete(node);
    else sheet.asks.get(node)?.delete(item);
  }
}

/** Only people can bring the run on now; the sheet goes on showing what it asks. */
export function restOnSheet(sheet: LiveSheet, run: LiveRun): void {
  const info = { id: run.id, startedAt: run.record.startedAt, ...run.tracker.info };
  sheet.runs.set(run.id, info);
  sheet.changes.run(info);
  if (!sheet.isRunning) sheet.refresh().catch(() => {});
}

/** A run that waited will not be answered any more. */
export function forgetOnSheet(sheet: LiveSheet, info: RunInfo): void {
  sheet.runs.delete(info.id);
  for (const [node, live] of sheet.live) {
    if (live.run !== info.id || !isActive(live)) continue;
    sheet.asks.delete(node);
    sheet.live.delete(node);
    sheet.changes.node(node);
  }
  sheet.changes.run(info);
  if (!sheet.isRunning) sheet.refresh().catch(() => {});
}

function endRun(sheet: LiveSheet, run: LiveRun, isInterrupted: boolean): void {
  const info = { id: run.id, startedAt: run.record.startedAt, ...run.tracker.info };
  sheet.runs.delete(run.id);
  for (const [node, live] of sheet.live) {
    if (live.run !== run.id || !isActive(live)) continue;
    settle(sheet, node, live, isInterrupted);
  }
  if (info.status === "interrupted") sheet.interrupted = info;
  sheet.changes.run(info);
  // With another run on the sheet it is that one's turn to find out what is stale.
  if (!sheet.isRunning) sheet.refresh().catch(() => {});
}

function settle(sheet: LiveSheet, node: string, live: LiveNode, isInterrupted: boolean): void {
  if (isInterrupted && live.status !== "planned")
    sheet.live.set(node, { run: live.run, status: "interrupted" });
  else sheet.live.delete(node);
  sheet.asks.delete(node);
  sheet.changes.node(node);
}
