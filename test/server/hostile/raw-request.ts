import { connect } from "node:net";

export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are, so that no client makes them pretty, and reads one answer. */
export function sendRaw(port: number, bytes: string | Buffer, timeoutMs = 10_000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = Buffer.alloc(0);
    const finish = (answer: RawAnswer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = parse(received, false);
      if (answer !== undefined) finish(answer);
    });
    socket.on("error", () => finish(parse(received, true) ?? { status: 0, head: "", body: "" }));
    socket.on("close", () => finish(parse(received, true) ?? { status: 0, head: "", body: "" }));
  });
}

function parse(received: Buffer, isOver: boolean): RawAnswer | undefined {
  const text = received.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  // "100 Continue" and the like come before the answer.
  if (status >= 100 && status < 200 && status !== 101) return parse(received.subarray(end + 4), isOver);
  const body = text.slice(end + 4);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const isWhole =
    status === 101 || (length === undefined ? /0\r\n\r\n$/.test(body) : body.length >= Number(length));
  const isHeadOnly = status === 304 || status === 204;
  return isOver || isWhole || isHeadOnly ? { status, head, body } : undefined;
}

/** A request as text. Headers are written as given, in order. */
export function request(
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[],
  body = "",
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const length = body === "" && method === "GET" ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${target} HTTP/1.1\r\n${lines}${length}Connection: close\r\n\r\n${body}`;
}
