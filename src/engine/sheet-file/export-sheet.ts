import { extname } from "node:path";
import { Readable } from "node:stream";
import { DaggrError, type ErrorData } from "../../base/errors.ts";
import { type FileRef, fileRefsIn } from "../../base/files.ts";
import { redactValue } from "../../base/redact.ts";
import type { GraphDefinition } from "../../graph/definition.ts";
import type { FallbackUse } from "../../protocol/values.ts";
import type { SheetContent, SheetPart } from "../../store/sheet-parts.ts";
import type { Scope, Store } from "../../store/store.ts";
import { VariantNames } from "../variant-names.ts";
import { FORMAT, FORMAT_VERSION, ITEMS, RESULTS, RUNS, SHEET, type SheetRecord } from "./format.ts";
import { withoutPaths } from "./private-paths.ts";

/** A date that says nothing, so that equal sheets give equal files. */
const ENTRY = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true } as const;

/** What is compressed already. */
const PACKED = /^(?:image\/(?!svg|bmp)|video\/|audio\/(?!wav|x-wav)|application\/(?:zip|gzip|pdf))/;

export interface ExportedSheet {
  /** A name for the file: `Podcast - Episode 12.daggr.zip`. */
  readonly name: string;
  /** The bytes as they are made; what is read slowly is made slowly. */
  readonly stream: Readable;
}

/** One sheet as one file, with everything that is on it. Throws `SHEET_NOT_FOUND`. */
export async function exportSheet(
  { definition, store }: { readonly definition: GraphDefinition; readonly store: Store },
  scope: Scope,
  sheet: string,
): Promise<ExportedSheet> {
  const content = await store.readSheet(scope, sheet);
  if (content === undefined) throw new DaggrError("SHEET_NOT_FOUND", "This sheet does not exist any more.");
  return {
    name: fileNameOf(definition.name, content.state.info.name),
    stream: await zipOf(definition, store, scope, content),
  };
}

async function zipOf(
  definition: GraphDefinition,
  store: Store,
  scope: Scope,
  { state, parts }: SheetContent,
): Promise<Readable> {
  const { ZipFile } = await import("yazl");
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown) => output.destroy(error as Error);
  zip.on("error", fail);
  const files = new Map<string, FileRef>();
  const { info, fields, variants, selected, positions, viewport } = state;
  // A file names variants as the store does: it may come to a script that has them in another order.
  const inputs = VariantNames.of(definition)?.kept(fields, variants) ?? fields;
  const record: SheetRecord = redactValue({
    format: FORMAT,
    version: FORMAT_VERSION,
    graph: { name: definition.name, persistKey: definition.persistKey || definition.name },
    sheet: { id: info.id, name: info.name, inputs, variants, selected, positions, viewport },
  });
  noteFiles(record.sheet.inputs, files);
  zip.addBuffer(Buffer.from(`${JSON.stringify(record, null, 2)}\n`), SHEET, ENTRY);
  const sections = new Sections(parts, files);
  for (const [type, entry] of [
    ["run", RUNS],
    ["result", RESULTS],
    ["item", ITEMS],
  ] as const) {
    zip.addReadStreamLazy(entry, ENTRY, (ready) => {
      const lines = Readable.from(sections.lines(type));
      // The files are known when the last record is written.
      if (type === "item") lines.once("end", () => void addFiles(zip, store, scope, files).catch(fail));
      lines.once("error", fail);
      ready(null, lines);
    });
  }
  return output;
}

/** Each file once. One that is not kept any more, or that is not this user's, is left out. */
async function addFiles(
  zip: InstanceType<typeof import("yazl").ZipFile>,
  store: Store,
  scope: Scope,
  files: ReadonlyMap<string, FileRef>,
): Promise<void> {
  for (const ref of [...files.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const kept = (await store.ownsFile(scope, ref.id)) ? await store.files.find(ref.id) : undefined;
    if (kept === undefined) continue;
    const ending = /^\.[A-Za-z0-9]{1,12}$/.exec(extname(ref.name))?.[0] ?? "";
    const compress = !PACKED.test(ref.mime);
    zip.addFile(await store.files.path(ref), `files/${ref.id}${ending}`, { ...ENTRY, compress });
  }
  zip.end();
}

/** Cuts the one stream of parts into those of one type after the other, in which order they come anyway. */
class Sections {
  readonly #parts: AsyncIterator<SheetPart>;
  readonly #files: Map<string, FileRef>;
  #next: SheetPart | undefined;

  constructor(parts: AsyncIterable<SheetPart>, files: Map<string, FileRef>) {
    this.#parts = parts[Symbol.asyncIterator]();
    this.#files = files;
  }

  async *lines(type: SheetPart["type"]): AsyncGenerator<string, void, void> {
    for (;;) {
      this.#next ??= (await this.#parts.next()).value ?? undefined;
      if (this.#next?.type !== type) return;
      const record = redactValue(toRecord(this.#next));
      this.#next = undefined;
      noteFiles(record, this.#files);
      yield `${JSON.stringify(record)}\n`;
    }
  }
}

/** In one order, so that equal sheets give equal files; without a script's place and the folders of this machine. */
function toRecord(part: SheetPart): SheetPart["record"] {
  if (part.type === "result") return { ...part.record, ...plainUse(part.record.fallback) };
  if (part.type === "item") {
    const { error, ...record } = part.record;
    const plain = { ...record, ...plainUse(record.fallback) };
    return error === undefined ? plain : { ...plain, error: plainError(error) };
  }
  const nodes = Object.entries(part.record.nodes).map(([node, state]) => {
    const { status, reason, startedAt, durationMs, items, result, error } = state;
    const plain = error === undefined ? undefined : plainError(error);
    return [node, { status, reason, startedAt, durationMs, items, result, error: plain }];
  });
  return { ...part.record, nodes: Object.fromEntries(nodes) };
}

function plainUse(use: FallbackUse | undefined): { fallback?: FallbackUse } {
  if (use === undefined) return {};
  const failed = use.failed.map(({ variant, error }) => ({ variant, error: plainError(error) }));
  return { fallback: { ...use, failed } };
}

function plainError({ code, message, node, port, hint }: ErrorData): ErrorData {
  return {
    code,
    message: withoutPaths(message),
    ...(node === undefined ? {} : { node }),
    ...(port === undefined ? {} : { port }),
    ...(hint === undefined ? {} : { hint: withoutPaths(hint) }),
  };
}

function noteFiles(value: unknown, files: Map<string, FileRef>): void {
  for (const ref of fileRefsIn(value)) if (!files.has(ref.id)) files.set(ref.id, ref);
}

/** A name that every system takes. */
function fileNameOf(graph: string, sheet: string): string {
  const clean = (text: string) =>
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
      .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ")
      .replace(/\s+/g, " ")
      .replace(/^[. ]+|[. ]+$/g, "")
      .slice(0, 60)
      .trim()
      .toWellFormed();
  return `${clean(graph) || "graph"} - ${clean(sheet) || "sheet"}.daggr.zip`;
}
