/** An engine for tests of the server alone: a real store, real nodes, and the simplest possible way to run them. */
import { randomUUID } from "node:crypto";
import { DaggrError, toErrorData } from "../../src/base/errors.ts";
import type { CallResult, Engine, RunSnapshot } from "../../src/engine/engine.ts";
import type { SheetNotice } from "../../src/engine/notices.ts";
import {
  activeBehaviour,
  activeInputs,
  type GraphDefinition,
  type NodeDefinition,
} from "../../src/graph/definition.ts";
import type { RunEvent } from "../../src/protocol/events.ts";
import type { RunInfo, SheetView } from "../../src/protocol/view.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";

type Values = Record<string, unknown>;

export function createFakeEngine(definition: GraphDefinition): Engine {
  const store = createMemoryStore();
  const notices = new Map<string, SheetNotice[]>();
  const listeners = new Map<string, Set<(notice: SheetNotice) => void>>();
  const sheetListeners = new Set<() => void>();
  const runs = new Map<string, { snapshot: RunSnapshot; events: RunEvent[]; waiting: Set<() => void> }>();
  const tell = (sheet: string, notice: Record<string, unknown>) => {
    const list = notices.get(sheet) ?? [];
    notices.set(sheet, list);
    const numbered = { ...notice, seq: list.length + 1 } as unknown as SheetNotice;
    list.push(numbered);
    for (const listener of listeners.get(sheet) ?? []) listener(numbered);
  };

  async function execute(
    fields: Values,
    variants: Readonly<Record<string, number>>,
    targets: readonly string[],
  ): Promise<CallResult> {
    const outputs: Record<string, Values> = {};
    const errors: { node: string; error: ReturnType<typeof toErrorData> }[] = [];
    for (const node of definition.nodes.values()) {
      if (targets.length > 0 && !targets.includes(node.name)) continue;
      if (node.upstream.some((name) => outputs[name] === undefined)) continue;
      try {
        outputs[node.name] = await executeNode(node, variants[node.name] ?? 0, fields, outputs);
      } catch (error) {
        errors.push({ node: node.name, error: toErrorData(error) });
      }
    }
    return { outputs, errors };
  }

  async function executeNode(
    node: NodeDefinition,
    variant: number,
    fields: Values,
    outputs: Record<string, Values>,
  ): Promise<Values> {
    if (!node.behaviour.executes) {
      return Object.fromEntries(
        [...node.fields].map(([port, address]) => [
          port,
          fields[address] ?? definition.fields.get(address)?.component.props.value,
        ]),
      );
    }
    const inputs: Values = {};
    const lists: Record<string, unknown[]> = {};
    for (const { parameter, binding } of activeInputs(node, variant)) {
      if (binding.type === "component")
        inputs[parameter] = fields[binding.address] ?? binding.component.props.value;
      else if (binding.type === "fixed") inputs[parameter] = binding.value;
      else if (binding.type === "function") inputs[parameter] = await binding.draw();
      else {
        const value = outputs[binding.node]![binding.output];
        const isList = binding.mode === "each" || binding.itemwise;
        if (isList)
          lists[parameter] = (value as Values[]).map((item) =>
            binding.field === undefined ? item : item[binding.field],
          );
        else inputs[parameter] = value;
      }
    }
    const invoke = (given: Values) =>
      activeBehaviour(node, variant).invoke(given, {
        signal: new AbortController().signal,
        files: store.files,
        request: { node: node.name, attempt: 1, workId: "w", inputs: given, trusted: [] },
        update() {},
      });
    if (!node.scattered) return invoke(inputs);
    const length = Object.values(lists)[0]!.length;
    const results: Values[] = [];
    for (let item = 0; item < length; item++) {
      results.push(
        await invoke({
          ...inputs,
          ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list[item]])),
        }),
      );
    }
    return Object.fromEntries(
      [...node.outputs.keys()].map((port) => [port, results.map((result) => result[port])]),
    );
  }

  const engine: Engine = {
    definition,
    store,
    async startRun(scope, { mode, nodes, sheet, fields = {}, variants = {} }) {
      const id = randomUUID();
      const record = {
        id,
        sheet: sheet ?? null,
        mode,
        targets: nodes,
        fields,
        variants: {},
        status: "running" as const,
        startedAt: Date.now(),
      };
      await store.createRun(scope, record);
      const run = {
        snapshot: {
          record: { ...record, endedAt: null, nodes: {}, lastSeq: 0 },
          items: {},
          outputs: {},
          reasons: {},
        } as RunSnapshot,
        events: [] as RunEvent[],
        waiting: new Set<() => void>(),
      };
      runs.set(id, run);
      const emit = (event: RunEvent) => {
        run.events.push(event);
        for (const wake of run.waiting) wake();
      };
      emit({ type: "run-started", run: id, plan: { mode, targets: nodes, entries: [] } });
      const info = (status: RunInfo["status"], done: number): RunInfo => ({
        id,
        status,
        startedAt: record.startedAt,
        total: definition.nodes.size,
        done,
      });
      if (sheet !== undefined) tell(sheet, { type: "run", run: info("running", 0) });
      execute({ ...fields }, variants as Record<string, number>, []).then(({ outputs, errors }) => {
        const status = errors.length === 0 ? "done" : "failed";
        for (const [node, values] of Object.entries(outputs))
          emit({ type: "node-done", node, outputs: values, durationMs: 1, reused: false });
        run.snapshot = {
          ...run.snapshot,
          outputs,
          record: {
            ...run.snapshot.record,
            status,
            endedAt: Date.now(),
            lastSeq: run.events.length + 1,
            nodes: Object.fromEntries(Object.keys(outputs).map((name) => [name, { status: "done" }])),
          },
        };
        emit(
          status === "done"
            ? { type: "run-done", run: id, outputs, durationMs: 1 }
            : { type: "run-failed", run: id, outputs, errors, durationMs: 1 },
        );
        if (sheet === undefined) return;
        for (const [node, values] of Object.entries(outputs))
          tell(sheet, { type: "node", node, state: { status: "done", outputs: values } });
        tell(sheet, { type: "run", run: info(status, definition.nodes.size) });
      });
      return { id };
    },
    async call(_scope, { fields, variants, targets }) {
      return execute({ ...fields }, variants, targets);
    },
    async preview() {
      return { entries: [], run: 0, reuse: 0 };
    },
    async cancel(_scope, run) {
      return runs.has(run);
    },
    async resume(_scope, run) {
      if (!runs.has(run)) throw new DaggrError("RUN_NOT_FOUND", "There is no such run.");
    },
    async run(_scope, id) {
      return runs.get(id)?.snapshot;
    },
    async *events(_scope, id, after, signal) {
      const run = runs.get(id)!;
      for (let seq = after + 1; ; seq++) {
        while (run.events.length < seq) {
          if (signal.aborted || /^run-(done|failed)/.test(run.events.at(-1)!.type)) return;
          await new Promise<void>((resolve) => {
            run.waiting.add(resolve);
            signal.addEventListener("abort", () => resolve(), { once: true });
          });
        }
        yield { seq, event: run.events[seq - 1]! };
      }
    },
    async ended(id) {
      while (runs.get(id)?.snapshot.record.status === "running")
        await new Promise((resolve) => setTimeout(resolve, 5));
    },
    sheets: (scope) => store.listSheets(scope),
    async createSheet(scope, name = "Sheet") {
      const sheet = await store.createSheet(scope, name);
      for (const listener of sheetListeners) listener();
      return sheet;
    },
    async renameSheet(scope, sheet, name) {
      await store.renameSheet(scope, sheet, name);
      for (const listener of sheetListeners) listener();
    },
    async deleteSheet(scope, sheet) {
      await store.deleteSheet(scope, sheet);
      for (const listener of sheetListeners) listener();
    },
    async openSheet(scope, sheet) {
      const state = await store.loadSheet(scope, sheet);
      if (state === undefined) throw new DaggrError("SHEET_NOT_FOUND", "There is no such sheet.");
      const nodes = Object.fromEntries(
        [...definition.nodes.keys()].map((name) => [name, { status: "idle" as const }]),
      );
      const view: SheetView = {
        sheet: state.info,
        inputs: state.fields,
        variants: state.variants,
        nodes,
        positions: state.positions,
        viewport: state.viewport,
        activeRuns: [],
        interrupted: null,
      };
      return { view, seq: notices.get(sheet)?.length ?? 0 };
    },
    async setField(scope, sheet, address, value) {
      await store.setFields(scope, sheet, { [address]: value });
      tell(sheet, { type: "input", address, value });
    },
    async setVariant(scope, sheet, node, variant) {
      await store.setVariant(scope, sheet, node, variant);
      tell(sheet, { type: "variant", node, variant });
    },
    async setPositions(scope, sheet, positions) {
      await store.setPositions(scope, sheet, positions);
      tell(sheet, { type: "positions", positions });
    },
    setViewport: (scope, sheet, viewport) => store.setViewport(scope, sheet, viewport),
    async selectResult() {
      throw new DaggrError("RESULT_NOT_FOUND", "There is no such result.");
    },
    async editOutput() {},
    async history() {
      return { entries: [], total: 0 };
    },
    async items() {
      return { items: [], total: 0 };
    },
    async logs() {
      return [];
    },
    watch(_scope, sheet, listener, after) {
      const set = listeners.get(sheet) ?? new Set();
      listeners.set(sheet, set);
      set.add(listener);
      if (after !== undefined) for (const notice of (notices.get(sheet) ?? []).slice(after)) listener(notice);
      return { complete: true, stop: () => set.delete(listener) };
    },
    watchSheets(_scope, listener) {
      sheetListeners.add(listener);
      return () => sheetListeners.delete(listener);
    },
    close: () => store.close(),
  };
  return engine;
}
