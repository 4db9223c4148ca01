// A script with a step in a worker thread that looks for tokens; loaded by the test and again in the thread.
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { FnNode, Graph, gr } from "../../src/index.ts";

const heard: unknown[] = [];
if (!isMainThread) parentPort?.on("message", (message) => heard.push(message));

const look = new FnNode(
  (_inputs: object, context) => {
    const seen = JSON.stringify([heard, workerData, process.env, process.argv, Object.entries(context)]);
    // Counted, because a token would be taken out of what is returned.
    return `${heard.length} heard, ${seen.split(/hf_oauth_|ip\.of\.ada/).length - 1} of visitors`;
  },
  { name: "look", worker: true, inputs: {}, outputs: { seen: gr.Textbox() } },
);
export const graph: Graph = new Graph({ name: "Looking in a thread", nodes: [look] });
