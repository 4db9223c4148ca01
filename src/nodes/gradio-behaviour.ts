import type { Json } from "../base/json.ts";
import { isLocalPath, spaceIdOf, withoutLogin } from "../clients/gradio-source.ts";
import { hubEndpoint } from "../clients/hub-environment.ts";
import type { Behaviour, Upstream } from "../graph/behaviour.ts";
import { normalizedSource } from "../graph/source-text.ts";
import type { NodesLocalApp } from "./gradio-local.ts";
import type { GradioNodeOptions } from "./gradio-options.ts";
import type { GradioSelf } from "./gradio-outputs.ts";
import type { Target } from "./gradio-target.ts";
import { freely, policyOf } from "./options.ts";

type Options = GradioNodeOptions<any, any>;

/** Failures of transport are tried again unasked; those of the app's own code only when the user says so. */
const DEFAULT_RETRIES = 2;

/** The client is loaded when the first app is asked: describing a graph stays quick. */
const work = () => import("./gradio-work.ts");

/** How a GradioNode does its work. `self()` is known only once the node is made. */
export function gradioBehaviour(
  given: string,
  options: Options,
  local: NodesLocalApp | undefined,
  self: () => GradioSelf,
): Behaviour {
  const isPath = isLocalPath(given);
  // Messages say `tools.py`, wherever it lies.
  const source = isPath && local !== undefined ? local.app.label : given;
  const hooks = [options.preprocess, options.postprocess].map((hook) =>
    hook === undefined ? null : normalizedSource(hook),
  );
  const { sourceUrl, id } = isPath ? {} : addressOf(source);
  const target: Target = { source, options, local };
  return {
    kind: "gradio",
    // The canvas shows it: a user and a password in an address are not for everybody who looks.
    source: id ?? withoutLogin(source),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(id === undefined ? {} : { upstream: upstreamOf(id, options) }),
    executes: true,
    concurrency: freely(options),
    policy: { ...policyOf(options), retries: options.retries ?? DEFAULT_RETRIES },
    worker: false,
    trusted: false,
    ...(local === undefined ? {} : { service: local.app }),
    ...(isPath ? { identityChange: "its Python code changed, or the node changed" } : {}),
    ...(id === undefined ? {} : { identityChange: "the Space has a new commit, or the node changed" }),
    async identity(): Promise<Json> {
      const isAnywhere = id === undefined && !isPath;
      const commit = options.revision ?? (isAnywhere ? null : await (await work()).commitOf(target));
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
    check: async (connected) => (await work()).check(target, self(), connected),
    invoke: async (inputs, context) => (await work()).invoke(target, self(), inputs, context),
  };
}

function upstreamOf(id: string, { apiName, runLocally, token, ...options }: Options): Upstream {
  const wanted = typeof runLocally === "object" ? runLocally?.revision : undefined;
  // A branch or a tag may be another thing tomorrow.
  const revision = options.revision ?? (/^[0-9a-f]{7,40}$/.test(wanted ?? "") ? wanted : undefined);
  const endpoint = apiName?.replace(/^\/?/, "/") ?? null;
  return {
    kind: "space",
    id,
    endpoint,
    canPin: true,
    token,
    ...(revision === undefined ? {} : { revision }),
  };
}

/** The Space's id, whichever way it was written, and where its page is. */
export function addressOf(source: string): { id?: string; sourceUrl?: string } {
  const id = spaceIdOf(source);
  if (id !== undefined) return { id, sourceUrl: `${hubEndpoint()}/spaces/${id}` };
  const url = /^\s*https?:\/\//i.test(source) ? URL.parse(source) : null;
  if (url === null) return {};
  url.username = "";
  url.password = "";
  return { sourceUrl: url.href };
}
