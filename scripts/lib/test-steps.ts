import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, toolPath } from "./paths.ts";

type Command = readonly [string, ...string[]];

/** One line of the table that `npm test` prints. */
export interface Step {
  readonly name: string;
  /**
   * `prepare` brings what the others need and counts only when it fails; a `check` is one tool and counts as
   * one; a `suite` counts its tests.
   */
  readonly kind: "prepare" | "check" | "suite";
  readonly command: Command;
  readonly timeoutMinutes: number;
}

const node = process.execPath;
const script = (path: string): Command => [node, join(root, "scripts", path)];
const tool = (path: string, ...args: string[]): Command => [node, toolPath(path), ...args];

const prepare = (name: string, command: Command, timeoutMinutes: number): Step => ({
  name,
  kind: "prepare",
  command,
  timeoutMinutes,
});
const check = (name: string, command: Command, timeoutMinutes = 4): Step => ({
  name,
  kind: "check",
  command,
  timeoutMinutes,
});
const suite = (project: string, timeoutMinutes: number): Step => ({
  name: project,
  kind: "suite",
  command: tool("vitest/vitest.mjs", "run", "--project", project),
  timeoutMinutes,
});

/** Each group starts when the one before is through; `width` of its steps run side by side. */
export interface StepGroup {
  readonly width: number;
  readonly steps: readonly Step[];
}

const typescript6 = "typescript/bin/tsc";
const typescript7 = "typescript7/bin/tsc";

export const groups: readonly StepGroup[] = [
  {
    width: 1,
    steps: [
      prepare("system programs", script("system.ts"), 10),
      prepare("python", script("python-env.ts"), 15),
      prepare("language model", script("language-model.ts"), 10),
      check("build", script("build.ts")),
    ],
  },
  {
    width: 2,
    steps: [
      check("types, TypeScript 6", tool(typescript6, "-p", ".")),
      check("types, TypeScript 7", tool(typescript7, "-p", ".")),
      check("type tests, TypeScript 6", tool(typescript6, "-p", "test/types")),
      check("type tests, TypeScript 7", tool(typescript7, "-p", "test/types")),
      check("protocol without Node and DOM", script("check-protocol.ts")),
      check(
        "lint and format",
        tool(
          "@biomejs/biome/bin/biome",
          "ci",
          "--colors=off",
          "--max-diagnostics=60",
          "--error-on-warnings",
          ".",
        ),
      ),
      check(
        "svelte-check",
        tool(
          "svelte-check/bin/svelte-check",
          "--workspace",
          "web",
          "--tsconfig",
          "./tsconfig.json",
          "--fail-on-warnings",
        ),
      ),
      check("API docs", tool("typedoc/bin/typedoc")),
      check("publint", tool("publint/src/cli.js", "--strict")),
      check(
        "are the types wrong",
        tool("@arethetypeswrong/cli/dist/index.js", "--pack", ".", "--profile", "esm-only", "--no-emoji"),
      ),
    ],
  },
  {
    width: 1,
    steps: [
      suite("unit", 6),
      ...(existsSync(join(root, "web")) ? [suite("web", 4)] : []),
      suite("docs", 4),
      suite("integration", 10),
      suite("examples", 6),
      suite("package", 5),
      suite("browser", 12),
    ],
  },
];
