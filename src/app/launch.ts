import { closest } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { callSite, type Place } from "../base/place.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { never, host as scriptHost } from "../graph/registry.ts";
import type { Launched, LaunchOptions } from "./launch-options.ts";
import { checkShare } from "./sharing.ts";

const KNOWN = ["host", "port", "open", "theme", "share", "api", "trustProxy", "limits"];

/** `graph.launch()`: see there. */
export async function launch(definition: GraphDefinition, options: LaunchOptions): Promise<Launched> {
  checkLaunchOptions(options);
  const hosted = scriptHost();
  if (hosted?.describeOnly === true) return never();
  if (hosted?.onLaunch !== undefined) return (await hosted.onLaunch({ definition }, options)) as Launched;
  const { serveGraph } = await import("./serve-graph.ts");
  return stopWithProcess(await serveGraph(definition, options));
}

function checkLaunchOptions(options: LaunchOptions): void {
  const place = callSite();
  const at: { place?: Place } = place === undefined ? {} : { place };
  for (const key of Object.keys(options)) {
    if (KNOWN.includes(key)) continue;
    const meant = closest(key, KNOWN);
    throw new DaggrError(
      "UNKNOWN_OPTION",
      `launch has no option '${key}'.${meant === undefined ? "" : ` Did you mean '${meant}'?`} It has: ${KNOWN.join(", ")}.`,
      at,
    );
  }
  checkShare(options.share, at);
  const { port } = options;
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535)) {
    throw new DaggrError(
      "INVALID_OPTION",
      `launch: port must be a whole number from 0 to 65535, got ${describe(port)}.`,
      at,
    );
  }
}

/** Ctrl-C and a polite kill stop the server first, so that what runs is marked as interrupted. */
function stopWithProcess(served: Launched): Launched {
  const codes = { SIGINT: 130, SIGTERM: 143 } as const;
  const onSignal = (signal: keyof typeof codes) => {
    const exit = () => process.exit(codes[signal]);
    served.close().then(exit, exit);
  };
  const signals = Object.keys(codes) as (keyof typeof codes)[];
  for (const signal of signals) process.once(signal, onSignal);
  return {
    get url() {
      return served.url;
    },
    get shareUrl() {
      return served.shareUrl;
    },
    async close() {
      for (const signal of signals) process.off(signal, onSignal);
      await served.close();
    },
  };
}
