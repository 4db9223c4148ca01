/**
 * A load generator in a process of its own: `node http-load.ts <json>`. Each client sends the next request on its
 * kept-alive connection when the answer to the last one is there. Plain sockets, because Node's own client is slower
 * than the servers it is to load.
 */
import { execFile } from "node:child_process";
import { connect } from "node:net";

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly clients: number;
  readonly seconds: number;
  /** Every answer must hold this. */
  readonly expected: string;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly medianMs: number;
  /** 99 of 100 requests were answered within. */
  readonly p99Ms: number;
}

export function runLoad(load: Load): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const timeout = (load.seconds + 20) * 1_000;
    execFile(process.execPath, [import.meta.filename, JSON.stringify(load)], { timeout }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as LoadResult);
      else reject(error);
    });
  });
}

if (import.meta.main) {
  const { port, path, body, clients, seconds, expected } = JSON.parse(process.argv[2]!) as Load;
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const latencies: number[] = [];
  const until = performance.now() + seconds * 1_000;
  const begun = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const took = (performance.now() - begun) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  const result: LoadResult = { perSecond: latencies.length / took, medianMs: at(0.5), p99Ms: at(0.99) };
  console.log(JSON.stringify(result));

  function client(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      socket.setNoDelay(true);
      let sent = 0;
      let received = "";
      const send = () => {
        sent = performance.now();
        socket.write(request);
      };
      socket.once("connect", send);
      socket.once("error", reject);
      socket.on("data", (data) => {
        received += data.toString("latin1");
        if (!isWhole(received)) return;
        if (!received.startsWith("HTTP/1.1 200") || !received.includes(expected))
          return void socket.destroy(new Error(`Unexpected answer: ${received.slice(0, 500)}`));
        received = "";
        const now = performance.now();
        latencies.push(now - sent);
        if (now < until) send();
        else {
          socket.destroy();
          resolve();
        }
      });
    });
  }

  function isWhole(text: string): boolean {
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
    return length === undefined ? text.endsWith("\r\n0\r\n\r\n") : text.length >= end + 4 + Number(length);
  }
}
