import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const svelteConfig = fileURLToPath(new URL("web/svelte.config.js", import.meta.url));
const isolatedFolders = ["browser", "docs", "examples", "package", "network-guard"];

/**
 * One project for each suite of `npm test`. Processes rather than threads: tests open databases, start
 * servers and change environment variables.
 */
export default defineConfig({
  resolve: { alias: { daggr: fileURLToPath(new URL("src/index.ts", import.meta.url)) } },
  test: {
    pool: "forks",
    maxWorkers: 2,
    setupFiles: ["./test/support/network-guard.ts"],
    allowOnly: false,
    testTimeout: 10_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{src,scripts}/**/*.test.ts", "test/*.test.ts", "test/network-guard/*.test.ts"],
        },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: existsSync(svelteConfig) && svelteConfig })],
        resolve: { conditions: ["browser"] },
        test: { name: "web", include: ["web/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/*/**/*.test.ts"],
          exclude: isolatedFolders.map((folder) => `test/${folder}/**`),
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          // A browser on a busy machine takes its time; what is wrong stays wrong.
          expect: { poll: { timeout: 10_000 } },
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
      {
        extends: true,
        test: {
          name: "examples",
          include: ["{test/examples,examples}/**/*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        extends: true,
        test: {
          name: "docs",
          include: ["test/docs/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
