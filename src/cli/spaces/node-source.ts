import { propertyName } from "../../clients/gradio-schema.ts";
import type { GradioEndpoint, GradioParameter } from "../../clients/gradio-types.ts";
import { signaturesOf } from "../../clients/signature.ts";
import { componentSource, literal } from "./component-source.ts";
import { identifier, outputNames, WORDS } from "./names.ts";

/** A file with one GradioNode that calls the endpoint, every parameter a field on the canvas. */
export function nodeSource(source: string, endpoint: GradioEndpoint): string {
  const inputs = endpoint.parameters.flatMap(inputLine);
  const names = outputNames(signaturesOf([endpoint])[0]!.returns);
  const outputs = endpoint.returns.map((returned, index) => `${names[index]}: ${componentSource(returned)}`);
  const last = /([^/]+)\/*$/.exec(source.replace(/^https?:\/\/[^/]*\/*$|\.py$/, ""))?.[1] ?? "";
  const own = identifier(last) || identifier(endpoint.apiName) || "node";
  const name = WORDS.has(own) ? `${own}Node` : own;
  return [
    'import { GradioNode, gr } from "daggr";',
    "",
    `export const ${name} = new GradioNode(${JSON.stringify(source)}, {`,
    `  apiName: ${JSON.stringify(endpoint.apiName)},`,
    ...block("inputs", inputs),
    ...block("outputs", outputs),
    "});",
    "",
  ].join("\n");
}

function block(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`  ${name}: {},`];
  return [`  ${name}: {`, ...lines.map((line) => `    ${line},`), "  },"];
}

/** What the app's own page hides is no field here either: its default is used, where there is one. */
function inputLine(parameter: GradioParameter): string[] {
  const key = propertyName(parameter.name);
  if (parameter.props["visible"] === false)
    return parameter.hasDefault ? [] : [`${key}: ${literal(parameter.default)}`];
  return [`${key}: ${componentSource(parameter)}`];
}
