import type { LogLine } from "../engine/log-lines.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Service } from "../graph/service.ts";
import { servicesOf } from "../graph/services.ts";
import type { ClientMessage } from "../protocol/messages.ts";
import { refuse } from "./refusal.ts";

type Told = Extract<ClientMessage, { type: "service" }>;

function ofNode(definition: GraphDefinition, node: string): Service[] {
  return [...servicesOf(definition)].flatMap(([service, nodes]) => (nodes.includes(node) ? [service] : []));
}

/** What the node's programs printed, while no run has anything to show. */
export function logOfServices(definition: GraphDefinition, node: string): readonly LogLine[] {
  return ofNode(definition, node).flatMap(({ log }) => log.map((line) => ({ level: "info", ...line })));
}

/** Carries out what a person says about a node's programs. Whether code may run on a machine is said at that machine. */
export async function tellServices(
  definition: GraphDefinition,
  { node, action, question }: Told,
  isAtTheMachine: boolean,
): Promise<void> {
  const services = ofNode(definition, node);
  if (services.length === 0)
    throw refuse("NO_SERVICE", `Node '${node}' runs nothing on this machine.`, { node });
  if (!isAtTheMachine)
    throw refuse(
      "ONLY_ON_THE_MACHINE",
      "What runs on the machine of this server is decided there: open http://127.0.0.1 on it, or use daggr local trust.",
      { node },
    );
  if (action === "restart") {
    await Promise.all(services.map((service) => service.restart()));
    return;
  }
  const answered = await Promise.all(
    services.map((service) => service.answer(question ?? "", action === "agree")),
  );
  if (!answered.includes(true)) throw refuse("NOT_ASKED", "This is not asked any more.", { node });
}
