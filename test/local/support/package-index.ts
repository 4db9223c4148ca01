import { execFile } from "node:child_process";
import { createReadStream, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { python } from "./processes.ts";

export interface PackageIndex extends AsyncDisposable {
  /** For `PIP_INDEX_URL` and `UV_DEFAULT_INDEX`. */
  readonly url: string;
  /** The wheels that were asked for. */
  readonly served: string[];
}

/** A package index on this machine (PEP 503) with what `make-index.py` packs: wheels of what PyPI gave once. */
export async function startIndex(folder: string, packages: readonly string[]): Promise<PackageIndex> {
  await promisify(execFile)(python, [join(import.meta.dirname, "make-index.py"), folder, ...packages]);
  const served: string[] = [];
  const server = createServer((request, response) => {
    const [, kind, name = ""] = (request.url ?? "").split("/");
    const files = readdirSync(folder).filter((file) => file.endsWith(".whl"));
    if (kind === "files" && files.includes(name)) {
      served.push(name);
      createReadStream(join(folder, name)).pipe(response);
      return;
    }
    const own = files.filter((file) => file.split("-")[0]!.toLowerCase().replaceAll("_", "-") === name);
    response.writeHead(own.length === 0 ? 404 : 200, { "content-type": "text/html" });
    response.end(own.map((file) => `<a href="/files/${file}">${file}</a>`).join("\n"));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/simple`,
    served,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
