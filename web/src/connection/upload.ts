import type { FileRef } from "../../../src/protocol/values.ts";

interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
}

/** For who looks on: how much has gone out (0 to 1), and a way to stop it. */
export interface UploadWatch {
  readonly signal?: AbortSignal;
  readonly onprogress?: (part: number) => void;
}

/** Sends a file to the server's store; what comes back is the value of a file field. */
export function uploadFile(file: File, { signal, onprogress }: UploadWatch = {}): Promise<FileRef> {
  return new Promise((resolve, reject) => {
    // Of the two only XMLHttpRequest tells how far an upload has come.
    const request = new XMLHttpRequest();
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      onprogress?.(total > 0 ? loaded / total : 0),
    );
    request.addEventListener("load", () => {
      const body = request.response as Uploaded | { error?: string } | null;
      if (request.status >= 400 || body === null || !("id" in body)) {
        const reason = body !== null && "error" in body ? body.error : undefined;
        reject(new Error(reason ?? `The server refused the file (${request.status}).`));
      } else resolve({ $daggr: "file", id: body.id, name: body.name, mime: body.mime, size: body.size });
    });
    request.addEventListener("error", () =>
      reject(new Error("The file did not reach the server. Try it again.")),
    );
    request.addEventListener("abort", () =>
      reject(new DOMException("The upload was cancelled.", "AbortError")),
    );
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", "/api/files");
    request.send(form);
  });
}
