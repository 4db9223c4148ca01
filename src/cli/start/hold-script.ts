import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { LaunchOptions } from "../../app/launch-options.ts";
import type { Served } from "../../app/serve-graph.ts";
import type { HoldShare } from "../../app/sharing.ts";
import { DaggrError } from "../../base/errors.ts";
import type { TunnelState } from "../../clients/share/tunnel.ts";
import type { GraphDefinition } from "../../graph/definition.ts";
import { type AnnouncedGraph, setHost } from "../../graph/registry.ts";
import type { Banner } from "../../protocol/messages.ts";
import { describeScriptError } from "../script-error.ts";
import { watchLoading } from "../script-hooks.ts";
import { exitWithParent } from "./exit-with-parent.ts";
import { failureLine } from "./failure-line.ts";
import type { FromChild, ToChild } from "./messages.ts";

type Listen = Extract<ToChild, { type: "listen" }>;

/** How long a run may take to end in good order before the process goes anyway. */
const CLOSE_MS = 3000;

/** How long a change of the script may wait for what other servers say of it. */
const PRECHECK_MS = 3000;

/**
 * Loads the script, tells the supervisor whether that went well, and serves its graph once told to.
 *
 * @param isCheckedFirst - Ask the outside world about the graph before it takes the place of one that works.
 */
export async function holdScript(script: string, isCheckedFirst: boolean): Promise<void> {
  let served: Served | undefined;
  let banner: Banner | null = null;
  let isClosing = false;
  const told = Promise.withResolvers<Listen>();
  let onTunnel: (state: TunnelState) => void = () => {};
  /** The supervisor holds the tunnel, so that the link outlives this version of the script. */
  const hold: HoldShare = async (door, onState) => {
    onTunnel = onState;
    tell({ type: "door", ...door });
    return {
      settled: Promise.resolve(),
      stop: async () => tell({ type: "close-tunnel" }),
      // That this version ends is no reason to close it.
      leave: async () => {},
    };
  };

  const close = async (): Promise<never> => {
    if (!isClosing) {
      isClosing = true;
      setTimeout(() => process.exit(0), CLOSE_MS).unref();
      await served?.close().catch(() => undefined);
      process.exit(0);
    }
    return new Promise<never>(() => {});
  };
  exitWithParent(() => void close());
  process.on("message", (message: ToChild) => {
    if (message.type === "listen") {
      banner = message.banner;
      told.resolve(message);
    } else if (message.type === "choose-upstream") {
      served?.chooseUpstream(message.kind, message.id, message.choice).catch(fail);
    } else if (message.type === "tunnel") {
      onTunnel(message.state);
    } else {
      banner = message.banner;
      served?.setBanner(banner);
    }
  });

  const fail = (thrown: unknown): void => tell({ type: "failed", error: describeScriptError(thrown) });
  const graphs: AnnouncedGraph[] = [];
  let launched: Promise<Served> | undefined;
  let toldOf: { readonly error: unknown } | undefined;
  const serve = async (graph: AnnouncedGraph, options: object): Promise<Served> => {
    const { definition } = graph;
    const app = import("../../app/serve-graph.ts");
    if (isCheckedFirst) await refuseCertainMistakes(definition);
    const { adoptServices } = await import("../../app/serve-services.ts");
    const release = isCheckedFirst ? await adoptServices(definition) : undefined;
    tell({ type: "ready" });
    const listen = await told.promise;
    const { serveGraph } = await app;
    const merged = {
      ...options,
      ...withoutUndefined({ host: listen.host, port: listen.port, open: listen.open }),
      ...shareOf(listen, options),
    };
    const serving = serveGraph(definition, {
      ...merged,
      ...withoutUndefined({ token: listen.token }),
      strictPort: listen.strictPort,
      sharing: { ...listen.door, hold },
      quiet: true,
      ignoredUpstream: listen.ignoredUpstream,
      onUpstream: (news) => tell({ type: "upstream", news }),
      ...(process.env["DAGGR_CLI_QUIET"] === "1"
        ? {}
        : { onFailure: (node, error) => void process.stderr.write(`${failureLine(node, error)}\n`) }),
      banner: () => banner,
      onListening(server) {
        served = server;
        const { url, port, token } = server;
        const asked = listen.port ?? askedPort(options);
        tell({
          type: "listening",
          name: definition.name,
          url,
          port,
          askedPort: asked,
          ...(token === undefined ? {} : { token }),
          isShared: merged.share === true,
        });
      },
    });
    // From then on the served graph holds them.
    return serving.finally(() => release?.());
  };
  setHost({
    onGraph: (graph) => graphs.push(graph),
    onLaunch(graph, options) {
      if (launched !== undefined) {
        return Promise.reject(
          new DaggrError(
            "LAUNCHED_TWICE",
            "The script launches two graphs. The command serves one: the first that is launched.",
          ),
        );
      }
      launched = serve(graph, options);
      launched.catch((error: unknown) => {
        toldOf = { error };
        fail(error);
      });
      return launched;
    },
  });

  // What the script does after it was loaded: the graph that works stays, the error is shown.
  process.on("uncaughtException", (error) => {
    if (isClosing) return;
    fail(error);
  });
  reportFiles();
  // The server's code is needed next: it is read while the script is.
  void import("../../app/serve-graph.ts").catch(() => undefined);
  try {
    await import(pathToFileURL(script).href);
  } catch (error) {
    // A failed launch was told already; the same error then ends the script's `await graph.launch()`.
    if (toldOf?.error !== error) fail(error);
    return;
  }
  if (launched !== undefined) return;
  const graph = graphs.at(-1);
  if (graph !== undefined) serve(graph, {}).catch(fail);
  else
    fail(new DaggrError("NO_GRAPH", "The script makes no graph. It needs one: new Graph({ name, nodes })."));
}

/** A tunnel of the script's own is the script's to open, also when the command asks for a link. */
function shareOf({ share }: Listen, options: LaunchOptions): Pick<LaunchOptions, "share"> {
  if (share === undefined || (share && typeof options.share === "object")) return {};
  return { share };
}

/** Only for a moment: what answers slowly is asked again, and shown on its card, by the server itself. */
async function refuseCertainMistakes(definition: GraphDefinition): Promise<void> {
  const { checkNodes } = await import("../../app/check-nodes.ts");
  const late = delay(PRECHECK_MS, undefined, { ref: false });
  const certain = (await Promise.race([checkNodes(definition), late]))?.certain;
  if (certain !== undefined) throw certain;
}

/** Tells of loaded files, a batch for each turn of the event loop. */
function reportFiles(): void {
  let files: string[] = [];
  watchLoading((path) => {
    if (files.length === 0) {
      queueMicrotask(() => {
        tell({ type: "files", files });
        files = [];
      });
    }
    files.push(path);
  });
}

function tell(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

function askedPort(options: { readonly port?: number }): number {
  return options.port ?? Number(process.env["DAGGR_PORT"] ?? process.env["GRADIO_SERVER_PORT"] ?? 7860);
}

function withoutUndefined(record: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
