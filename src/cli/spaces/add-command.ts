import { relative } from "node:path";
import { closest } from "../../base/closest.ts";
import { DaggrError } from "../../base/errors.ts";
import { describeChanges, type SignatureChange, signatureDiff } from "../../clients/signature-diff.ts";
import { parseOptions, UsageError } from "../options.ts";
import { style } from "../terminal.ts";
import type { EnvEntry } from "./env-entry.ts";
import { envFilePath, envText, readEnvFile, writeEnvFile } from "./env-file.ts";
import { readEntries } from "./env-reader.ts";
import { inclusionAdvice } from "./included.ts";
import { askOffer, type Offer, sourceKey } from "./offer.ts";
import { parseWait } from "./wait.ts";

const usage = "Usage: daggr add [<space>…] [--check | --remove]; all options: daggr add --help";

/** `daggr add`: 1 where an app could not be asked, or, with `--check`, has changed. */
export async function add(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      check: { type: "boolean" },
      remove: { type: "boolean" },
      json: { type: "boolean" },
      wait: { type: "string" },
    },
    usage,
  );
  if (values.check === true && values.remove === true)
    throw new UsageError("--check changes nothing, --remove does: give one of them.", usage);
  const path = envFilePath(process.cwd());
  const entries = readEnvFile(path);
  const waitMs = parseWait(values.wait, usage);
  if (values.remove === true) return remove(path, entries, positionals);
  const sources = chosen(path, entries, positionals, values.check === true);
  const results = await Promise.all(sources.map((source) => ask(source, waitMs)));
  if (values.check === true) return check(entries, results, values.json === true);
  return update(path, entries, results);
}

interface Result {
  readonly source: string;
  readonly offer?: Offer;
  readonly error?: DaggrError;
}

async function ask(source: string, waitMs: number | undefined): Promise<Result> {
  try {
    const offer = await askOffer(source, { waitMs, onNews: (text) => console.error(style("dim", text)) });
    return { source: offer.source, offer };
  } catch (error) {
    if (error instanceof DaggrError) return { source, error };
    throw error;
  }
}

const shownPath = (path: string): string => relative(process.cwd(), path) || path;

/** What was named, once each; without a name everything that is in the file. */
function chosen(
  path: string,
  entries: readonly EnvEntry[],
  named: readonly string[],
  isCheck: boolean,
): string[] {
  const known = entries.map(({ source }) => source);
  if (named.length === 0 && known.length === 0)
    throw new UsageError(
      `There are no types to bring up to date: ${shownPath(path)} is not there.`,
      "Add an app: daggr add owner/name",
    );
  const wanted = [...new Set((named.length === 0 ? known : named).map((source) => withCredentials(source)))];
  if (!isCheck) return wanted;
  const unknown = wanted.find((source) => !known.includes(sourceKey(source)));
  if (unknown !== undefined) throw notAdded(unknown, known, path);
  return wanted;
}

/** A source under one name; user and password of an address are kept for asking, and never written. */
function withCredentials(source: string): string {
  const key = sourceKey(source);
  return /^https?:\/\/[^/]*@/.test(source) ? source : key;
}

function notAdded(source: string, known: readonly string[], path: string): DaggrError {
  const near = closest(sourceKey(source), known);
  const meant =
    near === undefined ? ` Add it first: daggr add ${sourceKey(source)}` : ` Did you mean '${near}'?`;
  return new DaggrError("SPACE_NOT_ADDED", `'${sourceKey(source)}' is not in ${shownPath(path)}.${meant}`);
}

function remove(path: string, entries: readonly EnvEntry[], named: readonly string[]): number {
  if (named.length === 0) throw new UsageError("Which app is to be removed?", usage);
  const known = entries.map(({ source }) => source);
  const keys = named.map(sourceKey);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) throw notAdded(unknown, known, path);
  const left = entries.filter(({ source }) => !keys.includes(source));
  writeEnvFile(path, left);
  for (const key of keys) console.log(`Removed ${key}`);
  if (left.length === 0) console.log(`${shownPath(path)} had nothing else and is gone.`);
  return 0;
}

function entryOf({ source, commit, endpoints }: Offer): EnvEntry {
  return { source, commit, endpoints };
}

/** What changed since the file was written. Both sides are as the file says them, so that only what it says can differ. */
function changesOf(before: EnvEntry, offer: Offer): SignatureChange[] {
  const [written] = readEntries(envText([entryOf(offer)]));
  return signatureDiff(before.endpoints, written?.endpoints ?? []);
}

function update(path: string, entries: readonly EnvEntry[], results: readonly Result[]): number {
  const kept = new Map(entries.map((entry) => [entry.source, entry]));
  const told: string[] = [];
  for (const { offer } of results) {
    if (offer === undefined) continue;
    const before = kept.get(offer.source);
    told.push(newsOf(before, offer));
    kept.set(offer.source, entryOf(offer));
  }
  const isChanged = told.length > 0 && writeEnvFile(path, [...kept.values()]);
  for (const line of told) console.log(line);
  tellFailures(results);
  if (isChanged) {
    console.log(style("dim", `Written to ${shownPath(path)}`, process.stdout));
    const advice = inclusionAdvice(path);
    if (advice !== undefined) console.error(style("yellow", advice));
  }
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
}

function newsOf(before: EnvEntry | undefined, offer: Offer): string {
  const count = offer.endpoints.length;
  const size = `${count} endpoint${count === 1 ? "" : "s"}`;
  const offline = offer.lastKnown === undefined ? "" : ` ${offer.lastKnown} This is what was last known.`;
  if (before === undefined) return `Added ${offer.source} (${size})${offline}`;
  const changes = changesOf(before, offer);
  if (changes.length > 0) return `Updated ${offer.source}${offline}\n${indented(describeChanges(changes))}`;
  const isNewCommit = before.commit !== offer.commit;
  return `${offer.source} is ${isNewCommit ? `at another commit, ${short(offer.commit)}, with the same endpoints` : "up to date"}${offline}`;
}

function check(entries: readonly EnvEntry[], results: readonly Result[], isJson: boolean): number {
  const found = results.flatMap(({ offer }) => {
    if (offer === undefined) return [];
    const before = entries.find(({ source }) => source === offer.source);
    return before === undefined ? [] : [{ offer, before, changes: realChanges(before, offer) }];
  });
  const isGood =
    found.every(({ changes }) => changes.length === 0) && results.every(({ error }) => error === undefined);
  if (isJson) {
    const apps = found.map(({ offer, before, changes }) => ({
      source: offer.source,
      commit: offer.commit ?? null,
      written: before.commit ?? null,
      lastKnown: offer.lastKnown !== undefined,
      changes,
    }));
    const errors = results.flatMap(({ source, error }) =>
      error === undefined ? [] : [{ source, code: error.code, message: error.sentence }],
    );
    console.log(JSON.stringify({ ok: isGood, apps, errors }, null, 2));
    return isGood ? 0 : 1;
  }
  for (const { offer, before, changes } of found) console.log(verdict(offer, before, changes));
  tellFailures(results);
  if (found.some(({ changes }) => changes.length > 0))
    console.error("Bring the types up to date with daggr add, and mend what tsc then finds.");
  return isGood ? 0 : 1;
}

/** At the same commit a default that differs is one that the app draws anew at every start. */
function realChanges(before: EnvEntry, offer: Offer): SignatureChange[] {
  const changes = changesOf(before, offer);
  const isSameCommit = before.commit !== undefined && before.commit === offer.commit;
  return isSameCommit ? changes.filter(({ text }) => !text.includes("has another default")) : changes;
}

function verdict(offer: Offer, before: EnvEntry, changes: readonly SignatureChange[]): string {
  const offline =
    offer.lastKnown === undefined ? "" : `\n  ${offer.lastKnown} Compared with what was last known.`;
  const commits =
    before.commit === offer.commit ? "" : ` (commit ${short(before.commit)} -> ${short(offer.commit)})`;
  if (changes.length === 0)
    return `${style("green", "✓", process.stdout)} ${offer.source} is as its types say${commits}${offline}`;
  const breaks = changes.filter(({ breaking }) => breaking).length;
  const weight = breaks === 0 ? "nothing that breaks a script" : `${breaks} that may break a script`;
  return `${style("red", "✗", process.stdout)} ${offer.source} has changed${commits}: ${changes.length} difference${changes.length === 1 ? "" : "s"}, ${weight}${offline}\n${indented(describeChanges(changes))}`;
}

function tellFailures(results: readonly Result[]): void {
  for (const { error } of results)
    if (error !== undefined) console.error(`daggr: ${error.message.replaceAll(`${process.cwd()}/`, "")}`);
}

function short(commit: string | undefined): string {
  return commit?.slice(0, 7) ?? "unknown";
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
