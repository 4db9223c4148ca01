import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { redact } from "../../base/redact.ts";
import { clientError } from "../client-errors.ts";
import { allowedEnvironment } from "../local/child-environment.ts";
import { KeptProcess } from "../local/kept-process.ts";
import type { Environment } from "../tokens.ts";
import { type BinaryOptions, frpcBinary } from "./frpc-binary.ts";
import { findShareServer, type ShareServer } from "./share-server.ts";
import type { StartTunnel, Tunnel } from "./tunnel.ts";

/** How long the service keeps a link. */
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const PATIENCE_MS = 30_000;
const SHOWN_LINES = 12;

export interface GradioTunnelOptions {
  readonly env?: Environment;
  /** Where a server is asked for. */
  readonly api?: string;
  readonly binary?: BinaryOptions;
  readonly patienceMs?: number;
}

/** Opens tunnels of Gradio's share service, all under one name, so that the service knows who comes back. */
export function gradioTunnels(options: GradioTunnelOptions = {}): StartTunnel {
  const { env = process.env, patienceMs = PATIENCE_MS } = options;
  const name = randomBytes(32).toString("base64url");
  return async (port) => {
    const [server, binary] = await Promise.all([
      findShareServer(env, options.api),
      ownClient(env) ?? frpcBinary({ env, ...options.binary }),
    ]);
    return openTunnel({ binary, name, port, server, env, patienceMs });
  };
}

/** A client of the user's own, for platforms and servers for which Gradio publishes none. */
function ownClient(env: Environment): string | undefined {
  const path = env["DAGGR_FRPC_PATH"]?.trim();
  return path === undefined || path === "" ? undefined : resolve(path);
}

async function openTunnel(about: {
  readonly binary: string;
  readonly name: string;
  readonly port: number;
  readonly server: ShareServer;
  readonly env: Environment;
  readonly patienceMs: number;
}): Promise<Tunnel> {
  const { binary, name, port, server, env, patienceMs } = about;
  const folder = await mkdtemp(join(tmpdir(), "daggr-share-"));
  const found = Promise.withResolvers<string>();
  found.promise.catch(() => {});
  const lines: string[] = [];
  const failed = (why: string) => found.reject(failure(why, lines));
  const hear = (text: string) => {
    const line = text.trim();
    lines.push(line);
    if (lines.length > SHOWN_LINES) lines.shift();
    const url = /start proxy success: (\S+)/.exec(line)?.[1];
    if (url !== undefined) found.resolve(url);
    else if (line.includes("login to server failed")) failed("its server refused the login");
  };
  const timer = setTimeout(
    () => failed(`there was no link after ${Math.round(patienceMs / 1000)} s`),
    patienceMs,
  );
  let kept: KeptProcess | undefined;
  const close = async (): Promise<void> => {
    await kept?.release();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const args = [
      "http",
      "-n",
      name,
      "-l",
      String(port),
      "-i",
      "127.0.0.1",
      "--uc",
      "--sd",
      "random",
      "--ue",
    ];
    args.push("--server_addr", server.address, "--disable_log_color");
    if (server.certificate !== undefined) {
      const certificate = join(folder, "certificate.pem");
      await writeFile(certificate, server.certificate, { mode: 0o600 });
      args.push("--tls_enable", "--tls_trusted_ca_file", certificate);
    }
    kept = await KeptProcess.start(
      {
        name: `share ${name}`,
        command: [binary, ...args],
        cwd: folder,
        env: allowedEnvironment(env),
        about: { port },
      },
      hear,
    );
    const ended = kept.exited.then(({ code, signal, error }) =>
      error !== undefined
        ? `its client could not be started (${error})`
        : `its client ended with ${signal ?? code}`,
    );
    void ended.then(failed);
    const url = linkOf(await found.promise, server, lines);
    return {
      url,
      ...(server.certificate === undefined ? {} : { until: Date.now() + WEEK_MS }),
      ended: ended.then((why) => `The tunnel of Gradio's share service is gone: ${why}.`),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** As Gradio does: the address is the service's word, the protocol is known. */
function linkOf(text: string, server: ShareServer, lines: readonly string[]): string {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol)) throw failure("its link is none", lines);
  const { host } = url;
  return `${server.protocol}://${host}`;
}

function failure(why: string, lines: readonly string[]): Error {
  const tail = lines.length === 0 ? "" : `\n${redact(lines.join("\n"))}`;
  return clientError("SHARE_FAILED", `Gradio's share service gave no link: ${why}.${tail}`);
}
