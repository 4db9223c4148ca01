/**
 * Thousands of hostile requests against a graph on a real port, sent as bytes. Each must be refused or do no harm, none
 * may be answered with a server error, and the server must go on as if nothing had been.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { rememberSecret } from "../../../src/base/redact.ts";
import { openSqliteStore } from "../../../src/store/open-sqlite-store.ts";
import { type OpenGraph, openGraph } from "../open-graph.ts";
import { malformedCases, nameCases, pollutionCases } from "./bodies.ts";
import { frameCases } from "./frames.ts";
import type { HostileCase, Target } from "./hostile-case.ts";
import { hostileGraph } from "./hostile-graph.ts";
import { hostCases } from "./hosts.ts";
import { originCases, upgradeCases } from "./origins.ts";
import { pathCases } from "./paths.ts";
import { sizeCases } from "./sizes.ts";
import { uploadCases } from "./uploads.ts";
import { pathValueCases, refCases, scriptCases, typeCases } from "./values.ts";

const AT_ONCE = 24;
const secret = "hf_aHostileCaseMustNeverSeeThisAtAll";
const outside = mkdtempSync(join(tmpdir(), "daggr-outside-"));
/** Where the process runs, so that a relative path that slips through shows. */
const workplace = mkdtempSync(join(tmpdir(), "daggr-workplace-"));
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "daggr-store-"));
const canary = "CANARY-8f1d-must-stay-inside";
const logged: string[] = [];

let graph: OpenGraph;
let target: Target;
let counted = 0;

beforeAll(async () => {
  for (const method of ["log", "warn", "error", "info", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void logged.push(parts.map(String).join(" ")));
  }
  process.chdir(workplace);
  rememberSecret(secret);
  writeFileSync(join(outside, "canary.txt"), canary);
  graph = await openGraph(hostileGraph(secret), {
    store: openSqliteStore({ path: join(folder, "sessions.db") }),
    limits: { uploadBytes: 2_000_000, headMs: 1_000 },
  });
  const kept = await graph.engine.store.files.put(
    { bytes: Buffer.from("<script>alert(1)</script>") },
    "page.html",
  );
  await graph.engine.store.ownFile({ user: "local", graph: "hostile" }, kept.id);
  target = { port: graph.port, fileId: kept.id, canaryPath: join(outside, "canary.txt"), canary, secret };
});

afterAll(async () => {
  await graph?.close();
  process.chdir(home);
  for (const path of [outside, folder, workplace]) rmSync(path, { recursive: true, force: true });
  vi.restoreAllMocks();
  process.stdout.write(`hostile cases: ${counted}\n`);
});

const lists: Readonly<Record<string, () => readonly HostileCase[]>> = {
  "foreign hosts": hostCases,
  "foreign origins": originCases,
  "foreign sockets": upgradeCases,
  "paths that lead elsewhere": pathCases,
  "bodies that are no JSON": malformedCases,
  "unknown names": nameCases,
  "keys that reach a prototype": pollutionCases,
  "too deep, too large, wrongly framed": sizeCases,
  "values of another type": typeCases,
  "paths and addresses for files": pathValueCases,
  "made-up references": refCases,
  "scripts in values": scriptCases,
  frames: frameCases,
  uploads: uploadCases,
};

test.each(Object.entries(lists))("holds against %s", { timeout: 120_000 }, async (_name, list) => {
  const before = inventory();
  const cases = list();
  const through: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < cases.length; at = next++) {
      const { group, name, attack } = cases[at]!;
      const got = await attack(target).catch((error: Error) => `no answer: ${error.message}`);
      if (got !== undefined) through.push(`${group}: ${name}: ${got}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  counted += cases.length;
  process.stdout.write(`${cases[0]!.group}: ${cases.length} cases, ${through.length} got through\n`);
  expect(through.slice(0, 30)).toEqual([]);
  await isWell();
  expect(inventory()).toEqual(before);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("holds against half-open requests, and ends them", { timeout: 30_000 }, async () => {
  const starts = [
    "",
    "G",
    "GET / HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\nHost: 127",
    "POST /api/call HTTP/1.1\r\nHost: x\r\nX: ",
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\nUpgrade: websocket\r\n`,
  ];
  const sockets = Array.from({ length: 600 }, (_, at) => {
    const socket = connect(target.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(starts[at % starts.length]!);
    return socket;
  });
  counted += sockets.length;
  await isWell();
  await expect.poll(() => sockets.filter((socket) => !socket.closed).length, { timeout: 20_000 }).toBe(0);
  for (const socket of sockets) socket.destroy();
  await isWell();
});

test("no secret reached a log or a kept file", async () => {
  expect(logged.filter((line) => line.includes(secret))).toEqual([]);
  expect(logged.filter((line) => /INTERNAL|TypeError|RangeError/.test(line))).toEqual([]);
  expect(readdirSync(outside)).toEqual(["canary.txt"]);
  const kept = readdirSync(join(folder, ".daggr_files"), { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of kept.filter((entry) => entry.isFile())) {
    expect([name, readFileSync(join(parentPath, name)).includes(secret)]).toEqual([name, false]);
  }
});

test("there were thousands of them", () => {
  expect(counted).toBeGreaterThan(4_000);
});

/** The graph still runs, and a person's own page still gets what it asks for. */
async function isWell(): Promise<void> {
  const response = await fetch(`${graph.url}api/call`, {
    method: "POST",
    body: JSON.stringify({ inputs: { every__textbox: "hello" } }),
  });
  const { outputs } = (await response.json()) as { outputs: { pick: { said: string } } };
  expect(outputs.pick.said).toContain("hello");
  expect(outputs.pick.said).not.toContain(secret);
  const file = await fetch(`${graph.url}files/${target.fileId}/page.html`);
  expect(
    createHash("sha256")
      .update(await file.text())
      .digest("hex"),
  ).toBe(target.fileId);
}

/** Everything a stray write could have touched: where the process runs, where the canary is, beside the store, and where the names of uploads lead. */
function inventory(): readonly string[] {
  const names = [workplace, outside, folder].flatMap((place) =>
    readdirSync(place).map((name) => `${place}/${name.replace(/-(?:wal|shm|journal)$/, "")}`),
  );
  const strays = [tmpdir(), "/", "/etc/cron.d"].flatMap((place) =>
    existsSync(place) ? readdirSync(place).filter((name) => name.includes("evil")) : [],
  );
  return [...new Set([...names, ...strays])].toSorted();
}
