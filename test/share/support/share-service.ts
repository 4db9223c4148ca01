import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** The file that stands in for frpc. */
export const fakeFile = Buffer.from(
  `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, "fake-frpc.mjs")}' "$@"\n`,
);
export const fakeChecksum = createHash("sha256").update(fakeFile).digest("hex");

/** The same on the disk. */
export function makeFakeFrpc(path = join(mkdtempSync(join(tmpdir(), "daggr-fake-frpc-")), "frpc")): string {
  writeFileSync(path, fakeFile, { mode: 0o755 });
  return path;
}

export interface Login {
  readonly args: readonly string[];
  readonly certificate: string | null;
  readonly pid: number;
  readonly env: readonly string[];
}

export const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBfake\n-----END CERTIFICATE-----\n";

/** Gradio's share service on loopback: hands out itself as the server, takes logins, and serves the client's file. */
export class ShareService implements AsyncDisposable {
  readonly logins: Login[] = [];
  /** What the next clients are to do. */
  mode: "open" | "refuse" | "die" | "silent" = "open";
  /** What the API answers instead. */
  answer: { status: number; body: string } | undefined;
  /** The client as it is downloaded. */
  file: Buffer = fakeFile;
  downloads = 0;
  host = "tunnel.localhost";
  /** Where links lead; 0: any. */
  port = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ShareService> {
    const server = createServer();
    const service = new ShareService(server);
    server.on("request", async (request, response) => {
      if (request.url === "/v3/tunnel-request") {
        const [host, port] = service.address.split(":");
        const { status, body } = service.answer ?? {
          status: 200,
          body: JSON.stringify([{ host, port: Number(port), root_ca: CERTIFICATE }]),
        };
        response.writeHead(status, { "content-type": "application/json" }).end(body);
      } else if (request.url === "/login") {
        service.logins.push(JSON.parse(await text(request)) as Login);
        response.end(JSON.stringify({ mode: service.mode, host: service.host, port: service.port }));
      } else if (request.url?.startsWith("/frpc/")) {
        service.downloads += 1;
        response.end(service.file);
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get api(): string {
    return `http://${this.address}/v3/tunnel-request`;
  }

  get files(): string {
    return `http://${this.address}/frpc/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Whether a process is there. */
export function lives(pid: number): boolean {
  if (pid <= 1) throw new Error("There is no such process.");
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
