// The compiler on a graph of 200 nodes, each connected to the one before.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, toolPath } from "../scripts/lib/paths.ts";
import { measure } from "./lib/measure.ts";
import { interleave, median } from "./lib/statistics.ts";

// Inside the repository, so that `daggr` is this package with its built types.
const folder = join(cacheDir, "bench-types");

await measure(async ({ isShort }) => {
  writeProject("small", graphOf(1));
  writeProject("large", graphOf(200));
  try {
    const times = await interleave(isShort ? 1 : 5, {
      large: { run: async () => compile("large") },
      small: { run: async () => compile("small") },
    });
    const ours = median(times.large) / 1_000;
    return [
      {
        work: "`tsc` on a graph of 200 nodes (floor: of one)",
        unit: "s",
        better: "lower",
        ours,
        floor: median(times.small) / 1_000,
        goal: "under 3 s",
        isMet: ours < 3,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function graphOf(count: number): string {
  const lines = [
    'import { FnNode, GradioNode, Graph, gr } from "daggr";',
    'const n0 = new FnNode(({ topic }: { topic: string }) => ({ lines: [{ text: topic, at: 1 }], title: topic }), { name: "n0", inputs: { topic: gr.Textbox() }, outputs: { lines: gr.JSON<{ text: string; at: number }[]>(), title: gr.Textbox() } });',
  ];
  for (let index = 1; index < count; index++) {
    const before = `n${index - 1}`;
    const outputs = "outputs: { lines: gr.JSON<{ text: string; at: number }[]>(), title: gr.Textbox() }";
    // A function with two inputs, a Gradio app, and a scattered function that is gathered, in turns.
    if (index % 3 === 1) {
      lines.push(
        `const n${index} = new FnNode(({ lines, times }: { lines: { text: string; at: number }[]; times: number }) => ({ lines: lines.slice(times), title: "" }), { name: "n${index}", inputs: { lines: ${before}.lines, times: gr.Slider({ minimum: 1, maximum: 9, value: 2 }) }, ${outputs} });`,
      );
    } else if (index % 3 === 2) {
      lines.push(
        `const n${index} = new GradioNode("a/b", { name: "n${index}", inputs: { lines: ${before}.lines, style: gr.Radio({ choices: ["a", "b"], value: "a" }) }, ${outputs} });`,
      );
    } else {
      lines.push(
        `const e${index} = new FnNode(({ text, at }) => text.toUpperCase() + at.toFixed(), { name: "e${index}", inputs: { text: ${before}.lines.each.text, at: ${before}.lines.each.at }, outputs: { text: gr.Textbox() } });`,
        `const n${index} = new FnNode(({ texts }: { texts: string[] }) => ({ lines: texts.map((text, at) => ({ text, at })), title: "" }), { name: "n${index}", inputs: { texts: e${index}.text.all() }, ${outputs} });`,
      );
    }
  }
  const names = Array.from({ length: count }, (_, index) => `n${index}`).join(", ");
  lines.push(
    `export const graph = new Graph({ name: "Types", nodes: [${names}] });`,
    `const result = await graph.run({ n0: { topic: "x" } });`,
    `export const title: string = result.n${count - 1}.title;`,
  );
  return lines.join("\n");
}

function writeProject(name: string, text: string): void {
  const project = join(folder, name);
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "app.ts"), text);
  const compilerOptions = {
    target: "es2024",
    module: "nodenext",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.ts"] }));
}

function compile(name: string): number {
  const begun = performance.now();
  execFileSync(process.execPath, [toolPath("typescript/bin/tsc"), "-p", join(folder, name)], {
    timeout: 60_000,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return performance.now() - begun;
}
