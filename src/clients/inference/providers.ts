import { closest, didYouMean } from "../../base/closest.ts";
import { clientError } from "../client-errors.ts";
import { POLICIES } from "./model-id.ts";
import type { ModelInfo, ProviderOfModel } from "./model-info.ts";
import { canChat, type InferenceTask, isChat, isTask } from "./tasks.ts";

/** How a model is called. */
export type Route =
  | { readonly way: "chat"; readonly task: InferenceTask; readonly model: string; readonly provider?: string }
  | {
      readonly way: "completion" | "task";
      readonly task: InferenceTask;
      readonly model: string;
      readonly provider: string;
    };

/** Two names for what the Hub's own servers do with the same model. */
const SAME = new Set(["feature-extraction", "sentence-similarity"]);

const serves = (entry: ProviderOfModel, task: string): boolean =>
  entry.task === task || (SAME.has(entry.task) && SAME.has(task));

/**
 * Chooses task and provider: what the script says, else what the model's page says, and the first provider, in the
 * account's own order, that serves the model for it. Throws `UNSUPPORTED_TASK`, `MODEL_NO_PROVIDER`.
 */
export function routeOf(
  info: ModelInfo,
  asked: { task?: string | undefined; provider?: string | undefined },
): Route {
  const tag = asked.task ?? info.task;
  const policy = asked.provider !== undefined && POLICIES.has(asked.provider) ? asked.provider : undefined;
  const named = policy === undefined ? asked.provider : undefined;
  const offered = info.providers.filter((entry) => named === undefined || entry.provider === named);
  if (canChat(tag) && offered.some((entry) => entry.task === "conversational")) {
    const task = isTask(tag) ? tag : "text-generation";
    if (policy !== undefined) return { way: "chat", task, model: `${info.id}:${policy}` };
    return { way: "chat", task, model: info.id, ...(named === undefined ? {} : { provider: named }) };
  }
  const task = isTask(tag) ? tag : undefined;
  if (task === undefined) {
    const what = tag === undefined ? "says no task on its page" : `is made for '${tag}'`;
    const advice = tag === undefined ? "Say it: task: '…'." : "No client can run that task.";
    throw clientError("UNSUPPORTED_TASK", `Model '${info.id}' ${what}. ${advice}`);
  }
  const wire = isChat(task) ? "text-generation" : task;
  const fitting = offered.filter((entry) => serves(entry, wire));
  const chosen = fitting.find((entry) => entry.status === "live") ?? fitting[0];
  if (chosen === undefined || policy !== undefined) throw noProvider(info, task, asked.provider);
  return { way: isChat(task) ? "completion" : "task", task, model: info.id, provider: chosen.provider };
}

/** Nobody serves it, or not the one that was asked for, or not for this task. */
export function noProvider(
  info: ModelInfo,
  task: InferenceTask | undefined,
  asked: string | undefined,
): Error {
  const others = info.providers.map((entry) => `${entry.provider} (${entry.task})`);
  const page = `https://huggingface.co/${info.id}`;
  if (others.length === 0) {
    return clientError(
      "MODEL_NO_PROVIDER",
      `No inference provider serves '${info.id}'. ${page} shows who does; a model that nobody serves can be run as an endpoint of your own (endpointUrl).`,
    );
  }
  const wanted = asked === undefined ? "" : ` by '${asked}'`;
  const names = info.providers.map((entry) => entry.provider);
  const near = asked === undefined ? "" : didYouMean(asked, names);
  const policy =
    asked !== undefined && POLICIES.has(asked)
      ? " Only chat models take ':fastest', ':cheapest' and ':preferred'."
      : "";
  return clientError(
    "MODEL_NO_PROVIDER",
    `Model '${info.id}' is not served${wanted}${task === undefined ? "" : ` for '${task}'`}.${near}${policy} It is served by ${others.join(", ")}.`,
    { hint: `provider: "${closest(asked ?? "", names) ?? names[0]}"` },
  );
}
