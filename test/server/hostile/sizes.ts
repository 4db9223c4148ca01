import { ENDPOINTS, post } from "./bodies.ts";
import { type HostileCase, httpCase, own } from "./hostile-case.ts";

/** Too deep, too large, announced wrongly. */
export function sizeCases(): HostileCase[] {
  const cases: HostileCase[] = [];
  for (const depth of [101, 150, 500, 1_000, 10_000, 100_000, 1_000_000]) {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const value = open.repeat(depth) + (open === "[" ? "" : "1") + close.repeat(depth);
      for (const path of ENDPOINTS)
        cases.push(
          httpCase(
            "size",
            `${path} nested ${depth} times`,
            "refused",
            post(path, `{"inputs":{"every__json":${value}}}`),
          ),
        );
    }
  }
  for (const path of ENDPOINTS) {
    cases.push(
      httpCase(
        "size",
        `${path} of 11 MB`,
        "refused",
        post(path, `{"inputs":{"every__textbox":"${"x".repeat(11_000_000)}"}}`),
      ),
      httpCase(
        "size",
        `${path} of 11 MB in chunks`,
        "refused",
        (target) =>
          `POST ${path} HTTP/1.1\r\nHost: ${own(target)[1]}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${`100000\r\n${"x".repeat(0x100000)}\r\n`.repeat(11)}0\r\n\r\n`,
      ),
      httpCase(
        "size",
        `${path} that announces 1 TB`,
        "refused",
        (target) =>
          `POST ${path} HTTP/1.1\r\nHost: ${own(target)[1]}\r\nContent-Length: 1000000000000\r\nConnection: close\r\n\r\n{}`,
      ),
    );
    for (const framing of [
      "Content-Length: -1",
      "Content-Length: x",
      "Content-Length: 2\r\nContent-Length: 3",
      "Content-Length: 2\r\nTransfer-Encoding: chunked",
      "Transfer-Encoding: chunked, identity",
      "Transfer-Encoding: x",
      "Content-Length: 0x2",
      "Content-Length: 2 ",
      "Transfer-Encoding : chunked",
      "Expect: nonsense",
    ]) {
      const verdict = framing === "Content-Length: 2 " ? "harmless" : "refused";
      cases.push(
        httpCase(
          "framing",
          `${path} ${framing}`,
          verdict,
          (target) =>
            `POST ${path} HTTP/1.1\r\nHost: ${own(target)[1]}\r\n${framing}\r\nConnection: close\r\n\r\n{}`,
        ),
      );
    }
  }
  for (const [name, bytes] of Object.entries({
    "a huge header": `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
    "many headers": `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(5_000)}\r\n`,
    "HTTP/0.9": "GET /\r\n\r\n",
    "HTTP/9.9": "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "a TLS hello": "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
    "an SSH hello": "SSH-2.0-OpenSSH_9.2\r\n",
    "a folded header": "GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n",
    "a bare line feed": "GET / HTTP/1.1\nHost: x\n\n",
    "a null in a header": "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "a null in the target": "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "an HTTP/2 preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  })) {
    cases.push(httpCase("framing", name, "refused", () => bytes));
  }
  return cases;
}
