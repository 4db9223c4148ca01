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
export async function uploadFile(file: File, watch: UploadWatch = {}): Promise<FileRef> {
  const form = new FormData();
  form.append("file", file, file.name);
  const { id, name, mime, size } = await send<Uploaded>("/api/files", form, watch);
  return { $daggr: "file", id, name, mime, size };
}

/** Sends a body and gives the answer; what the server says against it is the error. */
export function send<T>(url: string, body: FormData | Blob, { signal, onprogress }: UploadWatch): Promise<T> {
  return new Promise((resolve, reject) => {
    // Of the two only XMLHttpRequest tells how far an upload has come.
    const request = new XMLHttpRequest();
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      onprogress?.(total > 0 ? loaded / total : 0),
    );
    request.addEventListener("load", () => {
      const answer = request.response as { error?: string } | null;
      if (request.status >= 400 || answer === null)
        reject(new Error(answer?.error ?? `The server refused the file (${request.status}).`));
      else resolve(answer as T);
    });
    request.addEventListener("error", () =>
      reject(new Error("The file did not reach the server. Try it again.")),
    );
    request.addEventListener("abort", () =>
      reject(new DOMException("The upload was cancelled.", "AbortError")),
    );
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.open("POST", url);
    request.send(body);
  });
}
