import type { z } from "zod";
import { DaggrError } from "../../base/errors.ts";
import { type FileRef, isFileRef, mapFileRefs } from "../../base/files.ts";
import { checkJson } from "../../base/json-check.ts";
import type { GraphDefinition } from "../../graph/definition.ts";
import type { SheetInfo } from "../../protocol/view.ts";
import { safeFileName } from "../../store/file-names.ts";
import { makeRef } from "../../store/files.ts";
import type { SheetPart } from "../../store/sheet-parts.ts";
import type { Scope, Store } from "../../store/store.ts";
import { freeSheetName } from "../sheet-names.ts";
import { VariantNames } from "../variant-names.ts";
import * as format from "./format.ts";
import { LeftOut } from "./left-out.ts";
import { Archive, type ArchiveLimits, invalid } from "./open-archive.ts";

export interface ImportOptions {
  /** Default: the name it had. */
  readonly name?: string;
  readonly limits?: Partial<ArchiveLimits>;
  /** Told the bytes that it unpacks to, before anything is; throws to refuse them. */
  readonly onSize?: ((bytes: number) => void) | undefined;
}

export interface ImportedSheet {
  readonly sheet: SheetInfo;
  /** What was left out, and why: sentences for the user. */
  readonly notes: readonly string[];
}

const LIMITS: ArchiveLimits = { bytes: 2_000_000_000, nesting: 100 };

/**
 * A new sheet from a file that `exportSheet` made. Nothing in the file is taken on trust, and nothing of it stays when
 * something is wrong with it.
 *
 * Throws `SHEET_FILE_INVALID`, `SHEET_FILE_VERSION`, `SHEET_FILE_FOREIGN` and `TOO_LARGE`.
 */
export async function importSheet(
  { definition, store }: { readonly definition: GraphDefinition; readonly store: Store },
  scope: Scope,
  path: string,
  { name, limits, onSize }: ImportOptions = {},
): Promise<ImportedSheet> {
  const allowed = { ...LIMITS, ...limits };
  const archive = await Archive.open(path, allowed);
  try {
    onSize?.(archive.size);
    return await new Import(archive, allowed, definition, store, scope).run(name);
  } finally {
    archive.close();
  }
}

class Import {
  readonly #archive: Archive;
  readonly #limits: ArchiveLimits;
  readonly #definition: GraphDefinition;
  readonly #store: Store;
  readonly #scope: Scope;
  /** Files that values refer to and that are to be kept, with a name that one of them has. */
  readonly #files = new Map<string, string>();
  readonly #leftOut = new LeftOut();
  readonly #names: VariantNames | undefined;

  constructor(
    archive: Archive,
    limits: ArchiveLimits,
    definition: GraphDefinition,
    store: Store,
    scope: Scope,
  ) {
    this.#archive = archive;
    this.#limits = limits;
    this.#definition = definition;
    this.#store = store;
    this.#scope = scope;
    this.#names = VariantNames.of(definition);
  }

  async run(name: string | undefined): Promise<ImportedSheet> {
    const { graph, sheet } = await this.#readSheet();
    const isOwn = graph.persistKey === (this.#definition.persistKey || this.#definition.name);
    const { nodes } = this.#definition;
    const selected = Object.entries(sheet.selected).filter(([node]) => nodes.has(node));
    const known = { fields: sheet.inputs, variants: sheet.variants };
    const given = this.#names?.sheet(known) ?? known;
    const variants = Object.entries(given.variants).filter(
      ([node, variant]) => variant < (nodes.get(node)?.variants.length ?? 0),
    );
    const fields = await this.#fields(given.fields);
    let kept = Object.keys(fields).length;
    const parts = this.#parts((part) => {
      if (part.type === "result") kept += 1;
    });
    const refuseForeign = () => {
      if (isOwn || kept > 0) return;
      throw new DaggrError(
        "SHEET_FILE_FOREIGN",
        `This sheet is of the graph '${graph.name}'; no input and no step of it is in '${this.#definition.name}'.`,
      );
    };
    const made = await this.#store.writeSheet(
      this.#scope,
      {
        id: sheet.id,
        fields,
        variants: Object.fromEntries(variants),
        selected: Object.fromEntries(selected),
        positions: sheet.positions,
        viewport: sheet.viewport,
        name: (taken) => freeSheetName(taken, name ?? sheet.name),
      },
      withEnd(parts, async () => {
        refuseForeign();
        await this.#keepFiles();
      }),
    );
    return { sheet: made, notes: this.#leftOut.notes(isOwn ? undefined : graph.name) };
  }

  async #readSheet(): Promise<format.SheetRecord> {
    const value = this.#parse(await this.#archive.text(format.SHEET), format.SHEET);
    const head = format.head.safeParse(value);
    if (!head.success) throw invalid(`${format.SHEET} is none of daggr's.`);
    if (head.data.version > format.FORMAT_VERSION) {
      throw new DaggrError(
        "SHEET_FILE_VERSION",
        `This sheet was exported by a newer daggr (version ${head.data.version} of the format, this daggr knows ${format.FORMAT_VERSION}). Update daggr.`,
      );
    }
    return check(format.sheetRecord, value, format.SHEET);
  }

  async *#parts(onPart: (part: SheetPart) => void): AsyncGenerator<SheetPart, void, void> {
    const { nodes } = this.#definition;
    for await (const value of this.#records(format.RUNS, format.runRecord)) {
      const known = Object.entries(value.nodes).filter(([node]) => nodes.has(node));
      const { fields, variants } = this.#names?.run(value) ?? value;
      const record = {
        ...value,
        targets: value.targets.filter((node) => nodes.has(node)),
        fields: await this.#fields(fields),
        variants,
        nodes: Object.fromEntries(known),
      };
      yield { type: "run", record: record as Extract<SheetPart, { type: "run" }>["record"] };
    }
    for await (const value of this.#records(format.RESULTS, format.resultRecord)) {
      if (!nodes.has(value.node)) {
        this.#leftOut.result(value.node);
        continue;
      }
      const record = (await this.#withFiles(value)) as Extract<SheetPart, { type: "result" }>["record"];
      const part = { type: "result", record } as const;
      onPart(part);
      yield part;
    }
    for await (const value of this.#records(format.ITEMS, format.itemRecord)) {
      if (nodes.has(value.node))
        yield {
          type: "item",
          record: (await this.#withFiles(value)) as Extract<SheetPart, { type: "item" }>["record"],
        };
    }
  }

  async *#records<T extends z.ZodType>(entry: string, schema: T): AsyncGenerator<z.infer<T>, void, void> {
    let line = 0;
    for await (const text of this.#archive.lines(entry)) {
      line += 1;
      const place = `${entry}, line ${line}`;
      yield check(schema, this.#parse(text, place), place);
    }
  }

  #parse(text: string, place: string): unknown {
    try {
      const value: unknown = JSON.parse(text);
      checkJson(value, this.#limits.nesting);
      if (text.includes('"$daggr"') || text.includes("\\u")) refuseMarks(value);
      return value;
    } catch (error) {
      throw invalid(error instanceof DaggrError ? `${place}: ${error.message}` : `${place} is no JSON.`);
    }
  }

  /** Inputs that this graph has. */
  async #fields(values: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const fields: Record<string, unknown> = {};
    for (const [address, value] of Object.entries(values)) {
      if (this.#definition.fields.has(address)) fields[address] = await this.#withFiles(value);
      else this.#leftOut.input(address);
    }
    return fields;
  }

  /** Files as they are kept here. One that is not in the archive is left out: by its id alone nobody gets a file. */
  async #withFiles<T>(value: T): Promise<T> {
    return (await mapFileRefs(value, async (ref: FileRef) => {
      const name = safeFileName(typeof ref.name === "string" ? ref.name : "file");
      const size = this.#archive.sizeOf(ref.id);
      if (size !== undefined) {
        if (!this.#files.has(ref.id)) this.#files.set(ref.id, name);
        return makeRef(ref.id, name, size);
      }
      const own = (await this.#store.ownsFile(this.#scope, ref.id))
        ? await this.#store.files.find(ref.id)
        : undefined;
      if (own !== undefined) return makeRef(ref.id, name, own.size);
      this.#leftOut.file(name);
      return null;
    })) as T;
  }

  async #keepFiles(): Promise<void> {
    for (const [id, name] of this.#files) {
      const stream = await this.#archive.file(id);
      const ref = await this.#store.files.put({ stream }, name).catch((error: unknown) => {
        if (error instanceof DaggrError && error.code.startsWith("STORE_FULL")) throw error;
        throw invalid(`The file '${name}' is damaged (${(error as Error).message}).`);
      });
      if (ref.id !== id)
        throw invalid(`The file '${name}' is not what it was: its content does not fit its id.`);
      await this.#store.ownFile(this.#scope, id);
    }
  }
}

/** Our own mark, on something that is no file. */
function refuseMarks(value: unknown): void {
  if (typeof value !== "object" || value === null || isFileRef(value)) return;
  if (!Array.isArray(value) && Object.hasOwn(value, "$daggr"))
    throw new DaggrError("FORBIDDEN_KEY", "A value cannot have the key '$daggr'.");
  for (const item of Object.values(value)) refuseMarks(item);
}

async function* withEnd<T>(parts: AsyncIterable<T>, end: () => Promise<void>): AsyncGenerator<T, void, void> {
  yield* parts;
  await end();
}

function check<T extends z.ZodType>(schema: T, value: unknown, place: string): z.infer<T> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw invalid(`${place} does not fit: ${path === "" ? "" : `${path}: `}${issue?.message}`);
}
