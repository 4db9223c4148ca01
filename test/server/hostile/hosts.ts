import { type HostileCase, httpCase, own, type Target } from "./hostile-case.ts";
import { request } from "./raw-request.ts";

export const HOSTS: readonly ((port: number) => string)[] = [
  () => "evil.example",
  (port) => `evil.example:${port}`,
  () => "127.0.0.1",
  () => "localhost",
  (port) => `127.0.0.1:${port + 1}`,
  (port) => `127.0.0.1:${port - 1}`,
  (port) => `localhost:${port + 1}`,
  (port) => `127.0.0.1:${port}.evil.example`,
  (port) => `127.0.0.1.evil.example:${port}`,
  (port) => `localhost.evil.example:${port}`,
  (port) => `evil.example@127.0.0.1:${port}`,
  (port) => `127.0.0.1:${port}@evil.example`,
  (port) => `127.0.0.1:${port}#.evil.example`,
  (port) => `127.0.0.1:${port}/evil.example`,
  (port) => `127.0.0.1:${port}?x`,
  (port) => `127.0.0.1:${port}, evil.example`,
  (port) => `evil.example, 127.0.0.1:${port}`,
  (port) => `127.0.0.1 :${port}`,
  (port) => `127.0.0.1: ${port}`,
  (port) => `127.0.0.1:0${port}`,
  (port) => `127.0.0.1:+${port}`,
  (port) => `127.0.0.1.:${port}`,
  (port) => `localhost.:${port}`,
  (port) => `127.1:${port}`,
  (port) => `127.0.0.2:${port}`,
  (port) => `2130706433:${port}`,
  (port) => `0x7f000001:${port}`,
  (port) => `0177.0.0.1:${port}`,
  (port) => `0.0.0.0:${port}`,
  (port) => `[::]:${port}`,
  (port) => `[::ffff:127.0.0.1]:${port}`,
  (port) => `[0:0:0:0:0:0:0:1]:${port}`,
  (port) => `[::1%25lo]:${port}`,
  (port) => `::1:${port}`,
  (port) => `app.localhost:${port}`,
  (port) => `localhost\t:${port}`,
  (port) => `lоcalhost:${port}`,
  (port) => `xn--lcalhost-s1g:${port}`,
  (port) => `169.254.169.254:${port}`,
  (port) => `10.0.0.1:${port}`,
  (port) => `192.168.1.1:${port}`,
  (port) => `rebind.127.0.0.1.nip.io:${port}`,
  (port) => `huggingface.co:${port}`,
  (port) => `http://127.0.0.1:${port}`,
  (port) => `127.0.0.1:${port}\u0000`,
  () => "",
  () => " ",
  () => "*",
  () => "null",
  (port) => `:${port}`,
  (port) => `${"a".repeat(5_000)}:${port}`,
  (port) => `-:${port}`,
];

export const ROUTES: readonly (readonly [string, string, string])[] = [
  ["GET", "/", ""],
  ["GET", "/app", ""],
  ["GET", "/api/schema", ""],
  ["GET", "/api/health", ""],
  ["GET", "/theme.css", ""],
  ["GET", "/api/runs", ""],
  ["POST", "/api/call", "{}"],
  ["POST", "/api/runs", "{}"],
  ["POST", "/api/files", ""],
  ["DELETE", "/api/runs/x", ""],
];

/** Names under which the server must not answer: DNS rebinding, other ports, other spellings. */
export function hostCases(): HostileCase[] {
  const cases: HostileCase[] = [];
  for (const [method, path, body] of ROUTES) {
    for (const host of HOSTS) {
      const name = `${method} ${path} with Host ${host(7860).slice(0, 60)}`;
      cases.push(
        httpCase("host", name, "refused", ({ port }) => request(method, path, [["Host", host(port)]], body)),
      );
    }
    const bare = (target: Target) => ["Host", `127.0.0.1:${target.port}`] as const;
    cases.push(
      httpCase("host", `${method} ${path} with two hosts`, "refused", (target) =>
        request(method, path, [bare(target), ["Host", "evil.example"]], body),
      ),
      httpCase("host", `${method} ${path} with two hosts, ours last`, "refused", (target) =>
        request(method, path, [["Host", "evil.example"], bare(target)], body),
      ),
      httpCase("host", `${method} ${path} twice ours`, "refused", (target) =>
        request(method, path, [bare(target), bare(target)], body),
      ),
      httpCase("host", `${method} ${path} without a host`, "refused", () => request(method, path, [], body)),
      httpCase(
        "host",
        `${method} ${path} in HTTP/1.0 without a host`,
        "refused",
        () => `${method} ${path} HTTP/1.0\r\n\r\n`,
      ),
      httpCase("host", `${method} ${path} at an absolute address`, "refused", (target) =>
        request(method, `http://evil.example${path}`, [own(target)], body),
      ),
      httpCase("host", `${method} ${path} at our absolute address`, "refused", (target) =>
        request(method, `http://127.0.0.1:${target.port}${path}`, [own(target)], body),
      ),
      httpCase("host", `${method} ${path} forwarded from elsewhere`, "harmless", (target) =>
        request(
          method,
          path,
          [own(target), ["X-Forwarded-Host", "evil.example"], ["Forwarded", "host=evil.example"]],
          body,
        ),
      ),
      httpCase("host", `${method} ${path} forwarded to us`, "refused", ({ port }) =>
        request(
          method,
          path,
          [
            ["Host", "evil.example"],
            ["X-Forwarded-Host", `127.0.0.1:${port}`],
          ],
          body,
        ),
      ),
    );
  }
  return cases;
}
