/**
 * Compiles `src/protocol` with neither Node's types nor the DOM's, and reports what is wrong in that folder.
 * (The types it takes from `src/base` stand in files that use Node; those are not its concern. That none of
 * them is reached at run time is the layer test's.)
 */
import { join } from "node:path";
import ts from "typescript";
import { root } from "./lib/paths.ts";

const folder = join(root, "src/protocol");
const host: ts.ParseConfigFileHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  },
};
const config = ts.getParsedCommandLineOfConfigFile(join(folder, "tsconfig.json"), {}, host);
if (config === undefined || config.fileNames.length === 0)
  throw new Error(`Nothing to compile in ${folder}.`);

const program = ts.createProgram(config.fileNames, config.options);
const diagnostics = [
  ...config.errors,
  ...program.getOptionsDiagnostics(),
  ...config.fileNames.flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  }),
];
console.log(
  ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => "\n",
  }),
);
process.exitCode = diagnostics.length > 0 ? 1 : 0;
