import { type HostileCase, httpCase, own } from "./hostile-case.ts";
import { HOSTS, ROUTES } from "./hosts.ts";
import { request } from "./raw-request.ts";

const ORIGINS: readonly ((port: number) => string)[] = [
  () => "http://evil.example",
  () => "https://evil.example",
  () => "null",
  () => "",
  (port) => `http://127.0.0.1:${port + 1}`,
  (port) => `http://localhost:${port + 1}`,
  () => "http://127.0.0.1",
  () => "http://localhost",
  () => "http://localhost:3000",
  (port) => `http://localhost:${port}`,
  (port) => `http://[::1]:${port}`,
  (port) => `https://127.0.0.1:${port}`,
  (port) => `ws://127.0.0.1:${port}`,
  (port) => `http://127.0.0.1:${port}.evil.example`,
  (port) => `http://127.0.0.1:${port}/`,
  (port) => `http://127.0.0.1:${port}/api`,
  (port) => `http://evil.example@127.0.0.1:${port}`,
  (port) => `http://127.0.0.1:${port}@evil.example`,
  (port) => `http://127.0.0.1:${port}, http://evil.example`,
  (port) => `http://evil.example http://127.0.0.1:${port}`,
  (port) => `HTTP://127.0.0.1:${port}`,
  (port) => `http://127.0.0.1:0${port}`,
  () => "file://",
  () => "data:",
  () => "about:blank",
  () => "chrome-extension://abcdefghijklmnop",
  () => "https://huggingface.co",
  () => "*",
  (port) => `127.0.0.1:${port}`,
  (port) => `//127.0.0.1:${port}`,
];

const FETCH_METADATA: readonly (readonly (readonly [string, string])[])[] = [
  [["Sec-Fetch-Site", "cross-site"]],
  [["Sec-Fetch-Site", "same-site"]],
  [
    ["Sec-Fetch-Site", "cross-site"],
    ["Sec-Fetch-Mode", "no-cors"],
  ],
  [
    ["Sec-Fetch-Site", "same-site"],
    ["Sec-Fetch-Mode", "cors"],
  ],
  [
    ["Sec-Fetch-Site", "cross-site"],
    ["Sec-Fetch-Mode", "websocket"],
  ],
  [["Sec-Fetch-Site", "nonsense"]],
];

/** Pages of other sites, of other ports of this machine, and of no site at all. */
export function originCases(): HostileCase[] {
  const cases: HostileCase[] = [];
  for (const [method, path, body] of ROUTES) {
    for (const origin of ORIGINS) {
      cases.push(
        httpCase("origin", `${method} ${path} from ${origin(7860)}`, "refused", (target) =>
          request(method, path, [own(target), ["Origin", origin(target.port)]], body),
        ),
      );
    }
    for (const headers of FETCH_METADATA) {
      const name = `${method} ${path} with ${headers.map(([, value]) => value).join(", ")}`;
      cases.push(
        httpCase("origin", name, "refused", (target) =>
          request(method, path, [own(target), ...headers], body),
        ),
      );
    }
    cases.push(
      httpCase("origin", `a preflight for ${method} ${path}`, "refused", (target) =>
        request("OPTIONS", path, [
          own(target),
          ["Origin", "http://evil.example"],
          ["Access-Control-Request-Method", method],
        ]),
      ),
      httpCase("origin", `a form on another site to ${path}`, "refused", (target) =>
        request(
          "POST",
          path,
          [
            own(target),
            ["Origin", "http://evil.example"],
            ["Content-Type", "text/plain"],
            ["Sec-Fetch-Site", "cross-site"],
            ["Sec-Fetch-Mode", "navigate"],
          ],
          "{}",
        ),
      ),
    );
  }
  return cases;
}

const UPGRADE = [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
  ["Sec-WebSocket-Version", "13"],
  ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
] as const;

function upgrade(path: string, headers: readonly (readonly [string, string])[]): string {
  return `GET ${path} HTTP/1.1\r\n${[...headers, ...UPGRADE].map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** Cross-site WebSocket hijacking, and sockets where there are none. */
export function upgradeCases(): HostileCase[] {
  const cases: HostileCase[] = [];
  for (const host of HOSTS) {
    cases.push(
      httpCase("socket", `an upgrade with Host ${host(7860).slice(0, 60)}`, "refused", ({ port }) =>
        upgrade("/ws", [["Host", host(port)]]),
      ),
    );
  }
  for (const origin of ORIGINS) {
    cases.push(
      httpCase("socket", `an upgrade from ${origin(7860)}`, "refused", (target) =>
        upgrade("/ws", [own(target), ["Origin", origin(target.port)]]),
      ),
    );
  }
  for (const headers of FETCH_METADATA) {
    cases.push(
      httpCase(
        "socket",
        `an upgrade with ${headers.map(([, value]) => value).join(", ")}`,
        "refused",
        (target) => upgrade("/ws", [own(target), ...headers]),
      ),
    );
  }
  for (const path of [
    "/",
    "/app",
    "/wss",
    "/ws/",
    "/ws/x",
    "/api/call",
    "/files/x/y",
    "/../ws",
    "/ws%2f",
    "/%77s/..",
    "//ws",
    "http://evil.example/ws",
    "/ws\\",
  ]) {
    cases.push(
      httpCase("socket", `an upgrade at ${path}`, path === "/ws/" ? "harmless" : "refused", (target) =>
        upgrade(path, [own(target)]),
      ),
    );
  }
  cases.push(
    httpCase("socket", "an upgrade to something else", "refused", (target) =>
      request("GET", "/ws", [own(target), ["Upgrade", "h2c"], ["Connection", "Upgrade"]]),
    ),
    httpCase(
      "socket",
      "an upgrade without a key",
      "refused",
      (target) =>
        `GET /ws HTTP/1.1\r\nHost: ${own(target)[1]}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    ),
    httpCase("socket", "an upgrade by POST", "refused", (target) =>
      upgrade("/ws", [own(target)]).replace("GET", "POST"),
    ),
  );
  return cases;
}
