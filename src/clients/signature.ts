import { excerpt } from "./client-errors.ts";
import type { GradioEndpoint, GradioParameter } from "./gradio-types.ts";
import { parameterType, returnType } from "./signature-types.ts";

/** A parameter as a script sees it. */
export interface ParameterSignature {
  readonly name: string;
  readonly label: string;
  /** `Slider`, as Gradio writes it. */
  readonly component: string;
  /** TypeScript: `"fit" | "fill" | null`. */
  readonly type: string;
  readonly required: boolean;
  /** JSON, shortened where it is long; `undefined` where there is none. */
  readonly default?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A returned value as a script sees it. */
export interface ReturnSignature {
  readonly label: string;
  readonly component: string;
  readonly type: string;
}

/** What a script depends on when it calls an endpoint. */
export interface EndpointSignature {
  /** With its slash: `/predict`. */
  readonly apiName: string;
  readonly description: string;
  readonly parameters: readonly ParameterSignature[];
  readonly returns: readonly ReturnSignature[];
  /** Yields partial results. */
  readonly streams: boolean;
  /** Listed by the app's own "Use via API" page. */
  readonly documented: boolean;
}

/** The signatures of an app's endpoints, by name, those that the app documents first. */
export function signaturesOf(endpoints: readonly GradioEndpoint[]): EndpointSignature[] {
  const rank = ({ documented }: EndpointSignature): number => (documented ? 0 : 1);
  return endpoints
    .map(signatureOf)
    .toSorted((a, b) => rank(a) - rank(b) || (a.apiName < b.apiName ? -1 : a.apiName > b.apiName ? 1 : 0));
}

/** A label that somebody gave. Gradio numbers the others through, anew whenever the page changes; `gr.api` counts. */
export function labelOf(label: string): string {
  return /^(?:parameter|value)_\d+$|^\d+(?:st|nd|rd|th)$/.test(label) ? "" : label;
}

function signatureOf(endpoint: GradioEndpoint): EndpointSignature {
  return {
    apiName: endpoint.apiName,
    description: endpoint.description,
    parameters: endpoint.parameters.map(parameterSignature),
    returns: endpoint.returns.map((returned) => ({
      label: labelOf(returned.label),
      component: returned.component,
      type: returnType(returned),
    })),
    streams: endpoint.generator,
    documented: endpoint.documented,
  };
}

function parameterSignature(parameter: GradioParameter): ParameterSignature {
  const { minimum, maximum } = parameter.props;
  const preset = defaultText(parameter);
  return {
    name: parameter.name,
    label: labelOf(parameter.label),
    component: parameter.component,
    type: parameterType(parameter),
    required: !parameter.hasDefault,
    ...(preset === undefined ? {} : { default: preset }),
    ...(typeof minimum === "number" ? { minimum } : {}),
    ...(typeof maximum === "number" ? { maximum } : {}),
  };
}

/** A file lies in another place after every start of the app: only that there is one is told. */
function defaultText({ hasDefault, default: preset, file }: GradioParameter): string | undefined {
  if (!hasDefault) return undefined;
  if (file === false || preset === null) return excerpt(JSON.stringify(preset), 80);
  const name = (preset as { orig_name?: unknown }).orig_name;
  if (file === "one") return typeof name === "string" ? JSON.stringify(name) : "a file";
  return JSON.stringify(preset).includes('"path"') ? "files" : excerpt(JSON.stringify(preset), 80);
}
