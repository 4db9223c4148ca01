import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { packageEntry } from "./package-info.ts";

const packageFolder = packageEntry.replace(/[^/]*\/[^/]*$/, "");

/**
 * Tells of every local file that the script loads, also of one that then fails to load, and gives the script this
 * very package where it asks for `daggr` and has none of its own (a global installation, or this repository).
 */
export function watchLoading(onFile: (path: string) => void): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== "daggr") return next(specifier, context);
      try {
        const found = next(specifier, context);
        return found.url.startsWith(packageFolder) ? { url: packageEntry, shortCircuit: true } : found;
      } catch {
        return { url: packageEntry, shortCircuit: true };
      }
    },
    load(url, context, next) {
      if (url.startsWith("file:") && !url.includes("/node_modules/") && !isOwn(url))
        onFile(fileURLToPath(url));
      return next(url, context);
    },
  });
}

const isOwn = (url: string): boolean =>
  url.startsWith(`${packageFolder}dist/`) || url.startsWith(`${packageFolder}src/`);
