import { type ErrorData, toErrorData } from "../base/errors.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Service } from "../graph/service.ts";
import { holdServices, servicesOf } from "../graph/services.ts";
import { checkNodes } from "./check-nodes.ts";

/** Installing tells of a new step many times a second. */
const SETTLE_MS = 60;

export interface ServedServices {
  /** Starts them all, without waiting. */
  warm(): void;
  /** Ends those that nobody else holds. */
  close(): Promise<void>;
}

/**
 * The programs that the nodes of a served graph need on this machine: held, started before they are needed, and shown
 * on their cards. What an app turns out not to have is a problem of the node that asks for it.
 */
export function serveServices(
  definition: GraphDefinition,
  problems: Map<string, ErrorData>,
  refresh: () => void,
  onFailure: ((node: string, error: ErrorData) => void) | undefined,
  isShared: boolean,
): ServedServices {
  const services = servicesOf(definition);
  const release = holdServices(definition, { isWatched: !isShared, isShared });
  let timer: NodeJS.Timeout | undefined;
  const show = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh();
    }, SETTLE_MS).unref();
  };
  const told = new Map<Service, string>();
  const changed = async (service: Service, nodes: readonly string[]): Promise<void> => {
    const { status, error } = service.state;
    if (told.get(service) !== status) {
      told.set(service, status);
      if (status === "running") await recheck(definition, nodes, problems);
      else for (const node of nodes) problems.delete(node);
      if (status === "failed" && error !== undefined) onFailure?.(nodes[0]!, error);
    }
    show();
  };
  const unwatch = [...services].map(([service, nodes]) =>
    service.watch(() => {
      changed(service, nodes).catch(() => {});
    }),
  );
  return {
    warm() {
      for (const service of services.keys()) service.warm();
    },
    async close() {
      clearTimeout(timer);
      for (const stop of unwatch) stop();
      await release();
    },
  };
}

async function recheck(
  definition: GraphDefinition,
  nodes: readonly string[],
  problems: Map<string, ErrorData>,
): Promise<void> {
  const checked = await checkNodes(definition, nodes);
  for (const node of nodes) problems.delete(node);
  for (const problem of [checked.certain, ...checked.problems]) {
    if (problem?.node !== undefined) problems.set(problem.node, toErrorData(problem));
  }
}

/** Takes over what the version of the script before this one has running of them. */
export async function adoptServices(definition: GraphDefinition): Promise<() => Promise<void>> {
  const release = holdServices(definition);
  await Promise.all([...servicesOf(definition).keys()].map((service) => service.adopt().catch(() => {})));
  return release;
}
