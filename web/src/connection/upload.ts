import type { FileRef } from "../../../src/protocol/values.ts";

interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
}

/** Sends a file to the server's store; what comes back is the value of a file field. */
export async function uploadFile(file: File): Promise<FileRef> {
  const form = new FormData();
  form.append("file", file, file.name);
  const response = await fetch("/api/files", { method: "POST", body: form });
  const body = (await response.json().catch(() => null)) as Uploaded | { error?: string } | null;
  if (!response.ok || body === null || !("id" in body)) {
    const reason = body !== null && "error" in body ? body.error : undefined;
    throw new Error(reason ?? `The server refused the file (${response.status}).`);
  }
  return { $daggr: "file", id: body.id, name: body.name, mime: body.mime, size: body.size };
}
