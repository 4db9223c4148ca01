import { isLocalPath } from "../../clients/gradio-source.ts";
import type { EndpointSignature, ParameterSignature } from "../../clients/signature.ts";
import { defaultEndpointName, rangeText } from "../../clients/signature-diff.ts";
import { style } from "../terminal.ts";
import { outputNames } from "./names.ts";
import type { Offer } from "./offer.ts";

const WIDEST = 56;

const dim = (text: string): string => style("dim", text, process.stdout);
const bold = (text: string): string => style("bold", text, process.stdout);

/** Texts of others hold no commands for the terminal, and stay on one line. */
export function plainText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function shortened(text: string): string {
  const line = plainText(text);
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}

/** What an app offers, for people. */
export function offerTable(offer: Offer, endpoints: readonly EndpointSignature[]): string {
  const { description, commit, source } = offer;
  const facts = [
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 7)}`]),
    `Gradio ${plainText(description.version)}`,
    ...(isLocalPath(source) || description.root.replace(/\/+$/, "") === source ? [] : [description.root]),
  ];
  const head = `${bold(plainText(source))}  ${dim(facts.join(" · "))}`;
  const preset = offer.endpoints.length > 1 ? defaultEndpointName(offer.endpoints) : undefined;
  return [head, ...endpoints.map((endpoint) => endpointTable(endpoint, endpoint.apiName === preset))].join(
    "\n\n",
  );
}

function endpointTable(endpoint: EndpointSignature, isDefault: boolean): string {
  const { apiName, description, parameters, returns, streams, documented } = endpoint;
  const marks = [
    ...(isDefault ? ["called when none is named"] : []),
    ...(streams ? ["streams"] : []),
    ...(documented ? [] : ["undocumented"]),
  ];
  const about = shortened(description);
  const title = [bold(plainText(apiName)), ...(marks.length > 0 ? [dim(marks.join(", "))] : [])].join("  ");
  const names = outputNames(returns);
  const rows = [
    ...parameters.map((one) => [plainText(one.name), one.component, typeText(one), presetText(one)]),
    ...returns.map(({ component, type }, index) => [
      `→ ${names[index]}`,
      component,
      valueText(component, type),
      "",
    ]),
  ];
  return [title, ...(about === "" ? [] : [`  ${dim(about)}`]), ...aligned(rows)].join("\n");
}

/** Their values are paths of files. */
const FILES = new Set(
  "Audio DownloadButton File Image ImageEditor ImageSlider Model3D UploadButton Video".split(" "),
);

function valueText(component: string, type: string): string {
  const own = type.replace(/ \| null$/, "").replace(" | (string & {})", " | any other text");
  return shortened(FILES.has(component) ? own.replaceAll("string", "path") : own);
}

function typeText(parameter: ParameterSignature): string {
  const own = valueText(parameter.component, parameter.type);
  const isBound = parameter.minimum !== undefined || parameter.maximum !== undefined;
  return isBound ? `${own}, ${rangeText(parameter)}` : own;
}

function presetText({ required, default: preset }: ParameterSignature): string {
  return required ? "required" : shortened(preset ?? "");
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
