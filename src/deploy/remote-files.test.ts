import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { textFile } from "./bundle-file.ts";
import { changesTo, isEmpty, MANIFEST, type RemoteFiles } from "./remote-files.ts";

const file = (path: string, text: string) => textFile(path, text, "");
const blob = (text: string) => createHash("sha1").update(`blob ${text.length}\0${text}`).digest("hex");

function remote(files: Readonly<Record<string, string>>, ours?: readonly string[]): RemoteFiles {
  const entries = Object.entries(files).map(
    ([path, text]) => [path, { oid: blob(text), sha256: undefined }] as const,
  );
  return { commit: "c", files: new Map(entries), readme: undefined, ours };
}

test("everything is new where nothing is", () => {
  const { added, changed, removed } = changesTo(remote({}), [file("a", "1"), file("README.md", "r")]);
  expect(added.map(({ path }) => path)).toEqual(["a", "README.md", MANIFEST]);
  expect([changed, removed]).toEqual([[], []]);
});

test("the same again is nothing", () => {
  const wanted = [file("a", "1"), file("README.md", "r")];
  const sent = [...changesTo(remote({}), wanted).added];
  const there = Object.fromEntries(sent.map(({ path, content }) => [path, Buffer.from(content).toString()]));
  expect(isEmpty(changesTo(remote(there, ["a"]), wanted))).toBe(true);
});

test("only what an earlier deployment put there is removed, and only where it still is", () => {
  const { removed } = changesTo(remote({ a: "1", mine: "2", theirs: "3" }, ["a", "mine", "gone"]), [
    file("a", "1"),
  ]);
  expect(removed).toEqual(["mine"]);
  expect(changesTo(remote({ a: "1", theirs: "3" }), []).removed).toEqual([]);
});

test("a large file is compared by its own hash", () => {
  const sha256 = createHash("sha256").update("large").digest("hex");
  const there: RemoteFiles = { ...remote({}), files: new Map([["a", { oid: "pointer", sha256 }]]) };
  expect(changesTo(there, [file("a", "large")]).unchanged).toEqual(["a"]);
  expect(changesTo(there, [file("a", "larger")]).changed.map(({ path }) => path)).toEqual(["a"]);
});
