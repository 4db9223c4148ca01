import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { type AccessRules, createAccess, isLoopback, sameToken } from "./access.ts";

const rules: AccessRules = {
  host: "127.0.0.1",
  port: 7860,
  token: undefined,
  trustProxy: false,
  allowedHosts: new Set(),
};

function check(
  headers: Record<string, string>,
  more: Partial<AccessRules> = {},
  url = "/api/schema",
  method = "GET",
) {
  const rawHeaders = Object.entries(headers).flat();
  return createAccess({ ...rules, ...more })({
    headers,
    rawHeaders,
    url,
    method,
  } as unknown as IncomingMessage)?.code;
}

describe("on a person's own machine", () => {
  test.each(["127.0.0.1:7860", "localhost:7860", "LOCALHOST:7860", "[::1]:7860"])("answers to %s", (host) => {
    expect(check({ host })).toBeUndefined();
  });

  test.each(["evil.example", "127.0.0.1", "127.0.0.1:7861", "127.0.0.1:7860.evil.example"])(
    "does not answer to %s",
    (host) => {
      expect(check({ host })).toBe("FOREIGN_HOST");
    },
  );

  test("takes its own origin only", () => {
    const host = "127.0.0.1:7860";
    expect(check({ host, origin: "http://127.0.0.1:7860" })).toBeUndefined();
    expect(check({ host, origin: "http://127.0.0.1:7861" })).toBe("FOREIGN_ORIGIN");
    expect(check({ host, origin: "http://localhost:7860" })).toBe("FOREIGN_ORIGIN");
  });

  test("lets other sites link to the page, and to nothing else", () => {
    const link = { host: "127.0.0.1:7860", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect(check(link, {}, "/")).toBeUndefined();
    expect(check(link, {}, "/app?x=1")).toBeUndefined();
    expect(check(link, {}, "/api/schema")).toBe("FOREIGN_ORIGIN");
    expect(check(link, {}, "/", "POST")).toBe("FOREIGN_ORIGIN");
    expect(check({ ...link, "sec-fetch-mode": "no-cors" }, {}, "/")).toBe("FOREIGN_ORIGIN");
  });

  test("does not believe what a proxy is said to have said", () => {
    expect(check({ host: "evil.example", "x-forwarded-host": "127.0.0.1:7860" })).toBe("FOREIGN_HOST");
  });
});

test("behind a proxy the forwarded name and scheme count", () => {
  const outside = { host: "0.0.0.0", token: undefined, trustProxy: true };
  const forwarded = {
    host: "10.0.0.7:7860",
    "x-forwarded-host": "me-space.hf.space",
    "x-forwarded-proto": "https",
  };
  expect(check({ ...forwarded, origin: "https://me-space.hf.space" }, outside)).toBeUndefined();
  expect(check({ ...forwarded, origin: "http://me-space.hf.space" }, outside)).toBe("FOREIGN_ORIGIN");
});

test("a tunnel's name is answered once it is allowed", () => {
  const host = "abc.gradio.live";
  expect(check({ host }, { token: "t" })).toBe("FOREIGN_HOST");
  expect(
    check({ host, authorization: "Bearer t" }, { token: "t", allowedHosts: new Set([host]) }),
  ).toBeUndefined();
});

test("knows loopback from the outside", () => {
  expect(["127.0.0.1", "127.8.8.8", "localhost", "::1"].every(isLoopback)).toBe(true);
  expect(
    ["0.0.0.0", "::", "192.168.1.2", "127.0.0.1.evil.example", "localhost.evil.example"].some(isLoopback),
  ).toBe(false);
});

test("compares tokens whole", () => {
  expect(sameToken("abc", "abc")).toBe(true);
  expect(sameToken("ab", "abc")).toBe(false);
  expect(sameToken("", "abc")).toBe(false);
});
