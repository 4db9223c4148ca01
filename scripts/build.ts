/** `npm run build`: the package's JavaScript and types into `dist`, the canvas into `dist/web`. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./lib/command.ts";
import { root, toolPath } from "./lib/paths.ts";
import { forget, hashOf, isDone, markDone } from "./lib/stamp.ts";

interface BuildOptions {
  /** Leaves alone what was built from the very same sources. */
  readonly onlyWhatChanged?: boolean;
}

interface Part {
  readonly name: string;
  readonly sources: readonly string[];
  /** A file that shows the part was built. */
  readonly product: string;
  readonly command: readonly [string, ...string[]];
  /** Folders of `dist` that hold this part and nothing else. */
  readonly clean: () => void;
}

const dist = join(root, "dist");
const packages = "package-lock.json";

const code: Part = {
  name: "build-code",
  sources: ["src", "tsconfig.base.json", "tsconfig.build.json", packages],
  product: "dist/index.js",
  command: [process.execPath, toolPath("typescript/bin/tsc"), "-p", "tsconfig.build.json"],
  clean: () => rmSync(dist, { recursive: true, force: true }),
};

const canvas: Part = {
  name: "build-canvas",
  sources: ["web", "src/protocol", packages],
  product: "dist/web/index.html",
  command: [
    process.execPath,
    toolPath("vite/bin/vite.js"),
    "build",
    "web",
    "--logLevel",
    "warn",
    "--outDir",
    join(dist, "web"),
  ],
  clean: () => rmSync(join(dist, "web"), { recursive: true, force: true }),
};

/** Builds the code, then the canvas. Rejects when one of them does not build. */
export async function build(options: BuildOptions = {}): Promise<void> {
  const parts = existsSync(join(root, "web/vite.config.ts")) ? [code, canvas] : [code];
  let isCleaned = false;
  for (const part of parts) {
    const hash = hashOf(part.sources);
    const isCurrent = isDone(part.name, hash) && existsSync(join(root, part.product));
    if (options.onlyWhatChanged === true && isCurrent && !isCleaned) continue;
    forget(part.name);
    part.clean();
    isCleaned ||= part === code;
    console.log(part === code ? "Building the library …" : "Building the canvas …");
    const { code: exit } = await runCommand(part.command, { env: { NODE_ENV: "production" } });
    if (exit !== 0) throw new Error(`"${part.command.slice(1).join(" ")}" ended with ${exit}.`);
    markDone(part.name, hash);
  }
}

if (import.meta.main) {
  await build({ onlyWhatChanged: process.argv.includes("--only-what-changed") }).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
