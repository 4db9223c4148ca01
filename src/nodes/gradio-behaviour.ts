import type { Json } from "../base/json.ts";

import type { Behaviour, Upstream } from "../graph/behaviour.ts";

import { normalizedSource } from "../graph/source-text.ts";
import type { GradioNodeOptions } from "./gradio-options.ts";
import type { GradioSelf } from "./gradio-outputs.ts";
import { freely, policyOf } from "./options.ts";

type Options = GradioNodeOptions<any, any>;

/** Failures of transport are tried again unasked; those of the app's own code only when the user says so. */
const DEFAULT_RETRIES = 2;

/** The client is loaded when the first app is asked: describing a graph stays quick. */
const work = () => import("./gradio-work.ts");

/** How a GradioNode does its work. `self()` is known only once the node is made. */
export function gradioBehaviour(source: string, options: Options, self: () => GradioSelf): Behaviour {
  const hooks = [options.preprocess, options.postprocess].map((hook) =>
    hook === undefined ? null : normalizedSource(hook),
  );
  const { sourceUrl, id } = addressOf(source);
  return {
    kind: "gradio",
    source: id ?? source,
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(id === undefined ? {} : { upstream: upstreamOf(id, options) }),
    executes: true,
    concurrency: freely(options),
    policy: { ...policyOf(options), retries: options.retries ?? DEFAULT_RETRIES },
    worker: false,
    trusted: false,
    ...(id === undefined ? {} : { identityChange: "the Space has a new commit, or the node changed" }),
    async identity(): Promise<Json> {
      const commit =
        options.revision ?? (id === undefined ? null : await (await work()).commitOf(id, options));
      return {
        kind: "gradio",
        source: id ?? source,
        commit,
        apiName: options.apiName ?? null,
        hooks,
        // They go by their order.
        outputs: Object.keys(self().outputs),
      };
    },
    check: async (connected) => (await work()).check(source, options, self(), connected),
    invoke: async (inputs, context) => (await work()).invoke(source, options, self(), inputs, context),
  };
}

function upstreamOf(id: string, { revision, token }: Options): Upstream {
  return { kind: "space", id, canPin: true, token, ...(revision === undefined ? {} : { revision }) };
}

/** The Space's id, whichever way it was written, and where its page is. */
export function addressOf(source: string): { id?: string; sourceUrl?: string } {
  const id = /^(?:https?:\/\/(?:huggingface\.co|hf\.co)\/spaces\/)?([\w.-]+\/[\w.-]+)\/?$/.exec(
    source.trim(),
  )?.[1];
  if (id !== undefined) return { id, sourceUrl: `https://huggingface.co/spaces/${id}` };
  const url = /^https?:\/\//.test(source) ? URL.parse(source) : null;
  if (url === null) return {};
  url.username = "";
  url.password = "";
  return { sourceUrl: url.href };
}
