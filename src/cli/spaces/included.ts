import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { findUpwards } from "../package-info.ts";

/** What to do so that the project's own `tsc` sees the file; nothing where it does, or where that cannot be told. */
export function inclusionAdvice(path: string): string | undefined {
  const config = findUpwards(dirname(path), "tsconfig.json");
  if (config === undefined) return undefined;
  const files = filesOf(config);
  if (files === undefined || files.includes(path)) return undefined;
  const name = relative(dirname(config), path);
  return `${relative(process.cwd(), config) || config} does not include ${name}: add "${name}" to its "include" (or "files"), else tsc and the editor do not see it.`;
}

/** The files of a configuration, as the project's TypeScript says. */
function filesOf(config: string): string[] | undefined {
  try {
    const manifest = createRequire(config).resolve("typescript/package.json");
    const tsc = join(dirname(manifest), "bin/tsc");
    if (!existsSync(tsc)) return undefined;
    const { stdout } = spawnSync(process.execPath, [tsc, "--project", config, "--showConfig"], {
      encoding: "utf8",
      timeout: 20_000,
    });
    const { files } = JSON.parse(stdout) as { files?: string[] };
    return files?.map((file) => resolve(dirname(config), file));
  } catch {
    return undefined;
  }
}
