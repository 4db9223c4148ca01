import { request as ask, createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";

/**
 * A tunnel as cloudflared or a proxy in front makes one: it asks the local port under its local name, and says in
 * `X-Forwarded-*` what the visitor asked for. `close` ends it.
 */
export async function reverseProxy(port: number, host = "share.localhost") {
  const server = createServer((incoming, outgoing) => {
    const inside = ask(
      {
        host: "127.0.0.1",
        port,
        method: incoming.method,
        path: incoming.url,
        headers: forwarded(incoming.headers),
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    inside.on("error", () => outgoing.destroy());
    incoming.pipe(inside);
  });
  const forwarded = (headers: Record<string, unknown>) => ({
    ...(headers as Record<string, string>),
    host: `127.0.0.1:${port}`,
    "x-forwarded-host": String(headers["host"]),
    "x-forwarded-proto": "http",
    "x-forwarded-for": "203.0.113.9",
  });
  server.on("upgrade", (incoming, socket, head) => {
    const inside = connect(port, "127.0.0.1", () => {
      const lines = Object.entries(forwarded(incoming.headers)).map(([name, value]) => `${name}: ${value}`);
      inside.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      inside.write(head);
      inside.pipe(socket).pipe(inside);
    });
    inside.on("error", () => socket.destroy());
    socket.on("error", () => inside.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: outside } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${outside}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
