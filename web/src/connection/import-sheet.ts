import type { SheetInfo } from "../../../src/protocol/view.ts";
import { send, type UploadWatch } from "./upload.ts";

export interface ImportedSheet {
  readonly sheet: SheetInfo;
  /** What was left out, in sentences. */
  readonly notes: readonly string[];
}

/** Sends a sheet's file to the server, which makes a sheet of it. */
export function importSheet(file: File, watch: UploadWatch): Promise<ImportedSheet> {
  return send<ImportedSheet>("/api/sheets/import", file, watch);
}
