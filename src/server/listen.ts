import type { Server } from "node:http";
import { DaggrError } from "../base/errors.ts";

const PORTS_TO_TRY = 100;

/** Listens on `port`, or on the next free one; with `isStrict` on that port or not at all. Returns the port. */
export async function listen(server: Server, host: string, port: number, isStrict: boolean): Promise<number> {
  const last = isStrict || port === 0 ? port : Math.min(port + PORTS_TO_TRY - 1, 65_535);
  for (let candidate = port; candidate <= last; candidate++) {
    if (await tryListen(server, host, candidate)) return (server.address() as { port: number }).port;
  }
  const ports = last === port ? `Port ${port} is` : `The ports ${port} to ${last} are all`;
  throw new DaggrError("PORT_TAKEN", `${ports} taken. Choose another with \`port\` or DAGGR_PORT.`);
}

/** `false` when somebody else has the port. */
function tryListen(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off("listening", onListening);
      if (error.code === "EADDRINUSE") resolve(false);
      else if (error.code === "EACCES")
        reject(new DaggrError("PORT_FORBIDDEN", `Port ${port} needs more rights than this process has.`));
      else if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
        reject(new DaggrError("UNKNOWN_HOST", `'${host}' is no address of this machine.`));
      } else reject(error);
    };
    const onListening = () => {
      server.off("error", onError);
      resolve(true);
    };
    server.once("error", onError);
    server.once("listening", onListening);
    server.listen(port, host.replace(/^\[|\]$/g, ""));
  });
}
