import type { IncomingMessage } from "node:http";
import type { AccountView } from "../../protocol/account.ts";
import { isLoopback } from "../access.ts";
import type { ServerContext, SharedContext } from "../context.ts";
import { refuse } from "../refusal.ts";
import { isThroughDoor } from "../sharing/door.ts";
import type { Room } from "./rooms.ts";
import type { Visits } from "./visitor.ts";

/** One person's machine: whoever may come in is that person, logged in or not. */
export function createMachineVisits(shared: SharedContext, room: Room): Visits {
  const never = new AbortController().signal;
  const context: ServerContext = {
    ...shared,
    ...room,
    visitor: {
      // This machine's own token, whichever that is when a step needs it.
      caller: () => undefined,
      account: machineView,
      left: never,
    },
  };
  // What the graph is to be made of is no guest's to decide.
  const { upstream: _, ...guest } = context;
  return { of: (request) => (isThroughDoor(request) ? guest : context), close: async () => {} };
}

/** Only the person at the machine changes whose token it uses; a guest with the link does not. */
export function refuseGuests(request: IncomingMessage, sentence = ACCOUNT): void {
  if (isAtTheMachine(request)) return;
  throw refuse("ONLY_ON_THE_MACHINE", sentence);
}

const ACCOUNT =
  "The account of this machine is changed on the machine itself: open http://127.0.0.1 there, or use daggr login.";

/** Whether whoever asks sits at this machine: over no network, and through no tunnel or proxy. */
export function isAtTheMachine(request: IncomingMessage): boolean {
  if (isThroughDoor(request)) return false;
  const { socket, headers } = request;
  const name = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  const from = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return isLoopback(name) && isLoopback(from) && !Object.keys(headers).some(isOfProxy);
}

/** Which of them a proxy sets is its own affair. */
const isOfProxy = (header: string): boolean => /^(?:forwarded|via|x-real-ip|x-forwarded-.+)$/.test(header);

async function machineView(request: IncomingMessage): Promise<AccountView> {
  const [{ machineAccount }, { deviceClientId }] = await Promise.all([
    import("../../clients/login/machine-account.ts"),
    import("../../clients/login/device-code.ts"),
  ]);
  const { user, from, place, problem } = await machineAccount();
  const isHere = isAtTheMachine(request);
  const login: AccountView["login"] = deviceClientId() === undefined ? ["paste"] : ["device", "paste"];
  return {
    at: "machine",
    isKept: true,
    // A variable comes before every login: a new one would change nothing.
    login: isHere && from !== "variable" ? login : [],
    canLogOut: isHere && from === "login",
    ...(user === undefined
      ? {}
      : { user: { name: user.name, ...(user.fullName === undefined ? {} : { fullName: user.fullName }) } }),
    ...(place === undefined ? {} : { from: place }),
    ...(problem === undefined ? {} : { problem }),
  };
}
