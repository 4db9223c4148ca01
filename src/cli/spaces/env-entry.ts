import { propertyName } from "../../clients/gradio-schema.ts";
import type { EndpointSignature, ParameterSignature, ReturnSignature } from "../../clients/signature.ts";
import { rangeText } from "../../clients/signature-diff.ts";
import { plainText } from "./endpoint-table.ts";
import { outputNames } from "./names.ts";

/** An app in `daggr-env.d.ts`. */
export interface EnvEntry {
  readonly source: string;
  readonly commit: string | undefined;
  readonly endpoints: readonly EndpointSignature[];
}

/** Types of an app as a member of `Spaces`, indented by four. What is in the comments is read again by `readEntries`. */
export function writeEntry({ source, commit, endpoints }: EnvEntry): string {
  const sorted = endpoints.toSorted((a, b) => (a.apiName < b.apiName ? -1 : 1));
  return [
    ...(commit === undefined ? [] : [`    /** Commit ${comment(commit)} */`]),
    `    ${JSON.stringify(source)}: {`,
    ...sorted.flatMap(endpointLines),
    "    };",
  ].join("\n");
}

function endpointLines(endpoint: EndpointSignature): string[] {
  const { apiName, description, parameters, returns, streams, documented } = endpoint;
  const names = outputNames(returns);
  return [
    ...(description === "" ? [] : [`      /** ${comment(description)} */`]),
    `      ${JSON.stringify(apiName)}: {`,
    ...(streams ? ["        streams: true;"] : []),
    ...(documented ? [] : ["        documented: false;"]),
    ...(parameters.length === 0
      ? ["        inputs: {};"]
      : ["        inputs: {", ...parameters.flatMap(parameterLines), "        };"]),
    ...(returns.length === 0
      ? ["        outputs: [];"]
      : [
          "        outputs: [",
          ...returns.flatMap((returned, index) => returnLines(returned, names[index]!)),
          "        ];",
        ]),
    "      };",
  ];
}

function parameterLines(parameter: ParameterSignature): string[] {
  const { name, label, component, type, required, minimum, maximum } = parameter;
  const range = minimum === undefined && maximum === undefined ? "" : `, ${rangeText(parameter)}`;
  const preset = required ? "" : ` Default: ${parameter.default}`;
  return [
    `          /** ${comment(`${label} (${component}${range})${preset}`)} */`,
    `          ${propertyName(name)}${required ? "" : "?"}: ${type};`,
  ];
}

function returnLines({ label, component, type }: ReturnSignature, name: string): string[] {
  return [`          /** ${comment(`${label} (${component})`)} */`, `          ${name}: ${type},`];
}

/** A text of others that cannot end its comment. */
function comment(text: string): string {
  const line = plainText(text).replaceAll("*/", "* /");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
