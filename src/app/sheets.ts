import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { rememberSecretsOf } from "../base/redact.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { SheetInfo } from "../protocol/view.ts";
import type { Scope, Store } from "../store/store.ts";

/** A saved sheet. */
export interface SavedSheet {
  readonly id: string;
  readonly name: string;
  /** When it was last changed. */
  readonly updatedAt: Date;
  /** How many results are on it. */
  readonly results: number;
}

/** A sheet that was imported. */
export interface ImportedSheet extends SavedSheet {
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/**
 * The saved sheets of a graph, with or without a running server on the same data. A sheet is named by its name or its id.
 *
 * @example
 * ```ts
 * import { FnNode, Graph, gr } from "daggr";
 * const hello = new FnNode(() => "Hello", { name: "hello", inputs: {}, outputs: { text: gr.Textbox() } });
 * const graph = new Graph({ name: "Hello", nodes: [hello] });
 * for (const { name, results } of await graph.sheets.list()) console.log(name, results);
 * ```
 */
export interface Sheets {
  /** All sheets, in the order in which they were made. */
  list(): Promise<readonly SavedSheet[]>;
  /**
   * Writes a sheet with its results and files into one file.
   *
   * @param sheet - Its name or id.
   * @param file - A file, which is written over, or a folder. Default: a new file in the current folder.
   * @returns The path of the file.
   */
  export(sheet: string, file?: string): Promise<string>;
  /** Makes a sheet of such a file. */
  import(file: string, options?: { readonly name?: string }): Promise<ImportedSheet>;
  /** Makes a copy with everything that is on a sheet. */
  duplicate(sheet: string, options?: { readonly name?: string }): Promise<SavedSheet>;
  /** Deletes a sheet with all its results. */
  delete(sheet: string): Promise<void>;
}

/** What each call works with, open only as long as it takes. */
interface Opened {
  readonly definition: GraphDefinition;
  readonly store: Store;
  readonly scope: Scope;
}

/** See {@link Sheets}; `definition` is asked for anew with every call, because a graph may grow. */
export function sheetsOf(definition: () => GraphDefinition): Sheets {
  const withStore = <T>(work: (opened: Opened) => Promise<T>) => openStore(definition(), work);
  return {
    list: () =>
      withStore(async ({ store, scope }) => (await store.listSheets(scope)).map((info) => toSaved(info))),
    export: (sheet, file) =>
      withStore(async (opened) => {
        const { exportSheet } = await import("../engine/sheet-file/export-sheet.ts");
        const { id } = findSheet(await opened.store.listSheets(opened.scope), sheet);
        const { name, stream } = await exportSheet(opened, opened.scope, id);
        return writeWhole(stream, placeFor(name, file));
      }),
    import: (file, { name } = {}) =>
      withStore(async (opened) => {
        const { importSheet } = await import("../engine/sheet-file/import-sheet.ts");
        if (!existsSync(file)) throw new DaggrError("FILE_MISSING", `There is no file '${file}'.`);
        const options = name === undefined ? {} : { name };
        const { sheet, notes } = await importSheet(opened, opened.scope, resolve(file), options);
        return { ...toSaved(sheet), notes };
      }),
    duplicate: (sheet, { name } = {}) =>
      withStore(async (opened) => {
        const { duplicateSheet } = await import("../engine/sheet-copies.ts");
        const { id } = findSheet(await opened.store.listSheets(opened.scope), sheet);
        return toSaved(await duplicateSheet(opened.store, opened.scope, id, name));
      }),
    delete: (sheet) =>
      withStore(async ({ store, scope }) => {
        await store.deleteSheet(scope, findSheet(await store.listSheets(scope), sheet).id);
      }),
  };
}

async function openStore<T>(definition: GraphDefinition, work: (opened: Opened) => Promise<T>): Promise<T> {
  const { persistKey } = definition;
  if (persistKey === false) {
    throw new DaggrError(
      "NOTHING_KEPT",
      `'${definition.name}' saves nothing (persistKey: false), so it has no sheets.`,
    );
  }
  const { openSqliteStore } = await import("../store/open-sqlite-store.ts");
  rememberSecretsOf(process.env);
  const { byVariantName } = await import("../engine/by-variant-name.ts");
  const store = openSqliteStore();
  try {
    return await work({
      definition,
      store: byVariantName(definition, store),
      scope: { user: "local", graph: persistKey },
    });
  } finally {
    await store.close();
  }
}

/** The sheet with this id or (be it in other letter cases) this name. Throws `SHEET_NOT_FOUND` with the nearest name. */
export function findSheet<T extends { readonly id: string; readonly name: string }>(
  sheets: readonly T[],
  wanted: string,
): T {
  const found =
    sheets.find(({ id, name }) => id === wanted || name === wanted) ??
    sheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const names = sheets.map(({ name }) => name);
  const more = names.length > 20 ? ", …" : "";
  const listed = names.length === 0 ? "None is saved." : `Sheets: ${names.slice(0, 20).join(", ")}${more}.`;
  throw new DaggrError(
    "SHEET_NOT_FOUND",
    `There is no sheet '${wanted}'.${didYouMean(wanted, names)} ${listed}`,
  );
}

/** A file that is named is written over; one that nobody has named takes a name that is free. */
function placeFor(name: string, wanted: string | undefined): string {
  if (wanted !== undefined && !/[/\\]$/.test(wanted)) return resolve(wanted);
  const stem = name.replace(/\.daggr\.zip$/, "");
  const folder = resolve(wanted ?? ".");
  let path = join(folder, name);
  for (let count = 2; existsSync(path); count++) path = join(folder, `${stem} (${count}).daggr.zip`);
  return path;
}

/** Half a file never has the name of a whole one. */
async function writeWhole(stream: NodeJS.ReadableStream, path: string): Promise<string> {
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(stream, createWriteStream(part));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return path;
}

function toSaved({ id, name, updatedAt, results = 0 }: SheetInfo): SavedSheet {
  return { id, name, updatedAt: new Date(updatedAt), results };
}
