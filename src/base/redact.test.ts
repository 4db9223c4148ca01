import { expect, test } from "vitest";
import { redact, redactValue, rememberSecret, rememberSecretsOf } from "./redact.ts";

test("what looks like a token goes, what is a word stays", () => {
  expect(redact("Bearer hf_abcdefghijklmnopqrstuvwxyzABCDEFGH!")).toBe("Bearer hf_***!");
  expect(redact("set hf_transfer and hf_inference_api_url")).toBe("set hf_transfer and hf_inference_api_url");
});

test("remembered secrets go, wherever they stand", () => {
  rememberSecret("correct horse battery");
  rememberSecretsOf({ MY_API_KEY: "k-123456789", TOKEN_PATH: "/home/me/secret-file", SHORT_TOKEN: "abc" });
  expect(redactValue({ list: ["the correct horse battery", { key: "k-123456789" }] })).toEqual({
    list: ["the ***", { key: "***" }],
  });
  expect(redact("/home/me/secret-file abc")).toBe("/home/me/secret-file abc");
});

test("Amazon's keys have slashes inside, paths begin with one", () => {
  rememberSecretsOf({ AWS_SECRET_ACCESS_KEY: "wJalr/K7MDENG/bPxRf", SECRET_KEY: "/run/secrets/key" });
  expect(redact("wJalr/K7MDENG/bPxRf /run/secrets/key")).toBe("*** /run/secrets/key");
});

test("a value without secrets stays the same object", () => {
  const value = { a: [1, 2] };
  expect(redactValue(value)).toBe(value);
});

test("a number that has a secret's digits stays what it is", () => {
  rememberSecretsOf({ DATABASE_PASSWORD: "12345678" });
  expect(redactValue({ at: 9123456780, text: "is 12345678" })).toEqual({ at: 9123456780, text: "is ***" });
});

test("a secret goes whatever signs it has, from names of entries too", () => {
  rememberSecretsOf({ ODD_SECRET: 'quo"ted-secret' });
  expect(redactValue({ ['quo"ted-secret']: ['a quo"ted-secret', null, 1] })).toEqual({
    "***": ["a ***", null, 1],
  });
});
