import { expect, test } from "vitest";
import { rememberSecret } from "../base/redact.ts";
import { findSecrets } from "./find-secrets.ts";
import { looksSecret, whyNeverSent } from "./never-sent.ts";

const find = (text: string) => findSecrets("f", Buffer.from(text));

test.each([
  [`hf_${"A".repeat(34)}`, "a Hugging Face token"],
  [`hf_oauth_${"a.b-c".repeat(8)}`, "a Hugging Face token"],
  ["-----BEGIN RSA PRIVATE KEY-----", "a private key"],
  [`sk-proj-${"a1".repeat(20)}`, "a key of an AI service"],
  [`ghp_${"a".repeat(36)}`, "a GitHub token"],
  ["AKIAIOSFODNN7EXAMPLE", "a key of Amazon Web Services"],
])("%s is found with its line", (secret, what) => {
  expect(find(`one\ntwo "${secret}" three`)).toEqual([{ path: "f", line: 2, what }]);
});

test.each([
  "hf_transfer hf_hub_download hf_xxx",
  "sk-learn and task-list-of-things",
  `{ "integrity": "sha512-${"hf_"}${"a".repeat(40)}==" }`,
  "process.env.HF_TOKEN",
])("%s is none", (text) => {
  expect(find(text)).toEqual([]);
});

test("what this process knows to be a secret is found in every file, also in one that is no text", () => {
  rememberSecret("correct horse");
  expect(findSecrets("f", Buffer.concat([Buffer.from([0, 255, 10]), Buffer.from("correct horse")]))).toEqual([
    { path: "f", line: 2, what: "a secret of this machine's environment" },
  ]);
});

test.each([
  ...[".env", "a/.env.local", ".npmrc", "keys/server.pem", "id_rsa", "token", "x.sqlite3", "a.db-wal"],
  ...["node_modules/x/a.js", ".git/config", ".venv/bin/python", "lib/node_modules/y.js", "debug.log"],
])("%s is never sent", (path) => {
  expect(whyNeverSent(path)).toBeDefined();
});

test.each([".env.example", "app.ts", "tokens.ts", "data/db.json", "public.key.ts", ".dockerignore"])(
  "%s may be",
  (path) => {
    expect(whyNeverSent(path)).toBeUndefined();
  },
);

test("a name says when it is a secret", () => {
  expect(["my-secrets.ts", "api-key.json", "config.local.ts"].map(looksSecret)).toEqual([true, true, true]);
  expect(["app.ts", "localize.ts", "generated.ts"].map(looksSecret)).toEqual([false, false, false]);
});
