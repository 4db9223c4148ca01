import { Textbox } from "../../src/components/text.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import type { BaseNode } from "../../src/graph/node.ts";
import { ApproveNode } from "../../src/nodes/approve-node.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import { createInvoker } from "../../src/run/invoker.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";

/**
 * A process that does what it is told: `start` a run and say its id, `answer` one, `wait` for its end. What it executes
 * it says on the way.
 */
const [database = ""] = process.argv.slice(2);
const scope = { user: "local", graph: "human" };
const say = (message: object): void => void process.send?.(message);

const draft = new FnNode(
  () => {
    say({ executed: "draft" });
    return "draft";
  },
  { name: "draft", inputs: {}, outputs: { text: Textbox() } },
);
const review = new ApproveNode({ name: "review", inputs: { text: draft.text } });
const print = new FnNode(
  ({ text }: { text: string }) => {
    say({ executed: "print" });
    return `<${text}>`;
  },
  { name: "print", inputs: { text: review.text }, outputs: { page: Textbox() } },
);
const definition = buildDefinition({
  name: "human",
  persistKey: "human",
  nodes: [print] as unknown as BaseNode[],
  edges: [],
});
const store = new SqliteStore({ path: database });
const engine = createEngine({ definition, store, invoker: createInvoker(definition, store.files) });

process.on(
  "message",
  async ({ type, run = "", text = "" }: { type: string; run?: string; text?: string }) => {
    try {
      if (type === "start") {
        const [sheet] = await engine.sheets(scope);
        say(await engine.startRun(scope, { mode: "stale", nodes: [], sheet: sheet!.id }));
      } else if (type === "answer") {
        await engine.answer(scope, run, { node: "review", answer: { action: "approve", values: { text } } });
        say({ answered: text });
      } else {
        const found = await engine.run(scope, run);
        say({ status: found?.record.status, asks: found?.asks, outputs: found?.outputs });
      }
    } catch (error) {
      say({ code: (error as { code?: string }).code });
    }
  },
);
say({ ready: true });
