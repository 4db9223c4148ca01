import { z } from "zod";
import type { Json } from "../base/json.ts";
import { clientError } from "./client-errors.ts";
import { type ComponentProps, keptProps } from "./gradio-props.ts";
import { filePlace } from "./gradio-schema.ts";
import type { EndpointRoute, GradioDescription, GradioParameter, GradioReturn } from "./gradio-types.ts";
import { componentName } from "./gradio-values.ts";

/** Labels may be objects (a key to be translated in the browser); nothing depends on them. */
const text = z
  .unknown()
  .optional()
  .transform((value) => {
    if (typeof value === "string") return value;
    const key = (value as { key?: unknown } | null | undefined)?.key;
    return typeof key === "string" ? key.replace(/^.*\./, "").replaceAll("_", " ") : "";
  });
const flag = z.boolean().nullish();
const json = z
  .unknown()
  .optional()
  .transform((value) => (value ?? null) as Json);

const configSchema = z.looseObject({
  version: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value) => String(value ?? "")),
  api_prefix: text,
  protocol: text,
  max_file_size: z.number().nullish(),
  components: z.array(z.looseObject({ id: z.number(), type: text, skip_api: flag, props: z.unknown() })),
  dependencies: z.array(
    z.looseObject({
      id: z.number().nullish(),
      inputs: z.array(z.number()).nullish(),
      outputs: z.array(z.number()).nullish(),
      api_name: z.union([z.string(), z.boolean()]).nullish(),
      types: z.looseObject({ generator: flag }).nullish(),
      show_api: flag,
    }),
  ),
});

const parameterSchema = z.looseObject({
  label: text,
  parameter_name: z.string().nullish(),
  parameter_has_default: flag,
  parameter_default: json,
  type: json,
  component: text,
});
const returnSchema = z.looseObject({ label: text, type: json, component: text });

const infoSchema = z.looseObject({
  named_endpoints: z.record(
    z.string(),
    z.looseObject({
      parameters: z.array(parameterSchema),
      returns: z.array(returnSchema),
      description: text,
      api_visibility: text,
      oauth_token: z.unknown().optional(),
    }),
  ),
});

type Config = z.infer<typeof configSchema>;
type Info = z.infer<typeof infoSchema>["named_endpoints"];

export function parseConfig(value: unknown, where: string): Config {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw clientError(
      "GRADIO_PROTOCOL",
      `${where} is no Gradio app: what it says of itself has no such '${issue?.path.join(".")}' as Gradio's has. Give the address at which the page of a Gradio app (4.2 or later) opens.`,
    );
  }
  if (!parsed.data.protocol.startsWith("sse_v")) {
    throw clientError(
      "GRADIO_PROTOCOL",
      `${where} runs Gradio ${parsed.data.version || "of an unknown version"}, which speaks '${parsed.data.protocol || "an old protocol"}'. Gradio 4.2 or later is needed.`,
    );
  }
  return parsed.data;
}

/** The API's folder under the root: a plain path, because a hostile one (`@other-host`) would move the host. */
export function checkedPrefix(prefix: string, where: string): string {
  const path = prefix.replace(/^\/+|\/+$/g, "");
  if (!/^[\w.~-]*(?:\/[\w.~-]+)*$/.test(path) || path.split("/").some((part) => part === "..")) {
    throw clientError("GRADIO_PROTOCOL", `${where} gives '${prefix}' as its API's folder, which is no path.`);
  }
  return path === "" ? "" : `${path}/`;
}

/** Joins configuration (how values travel) and API information (what they are called). */
export function describe(
  config: Config,
  info: unknown,
  facts: Pick<GradioDescription, "root" | "prefix" | "appId" | "space">,
): GradioDescription {
  const parsed = infoSchema.safeParse(info);
  if (!parsed.success) {
    throw clientError(
      "GRADIO_PROTOCOL",
      `What ${facts.root} says of its endpoints cannot be read: ${parsed.error.issues[0]?.message}.`,
    );
  }
  const skipped = new Set(
    config.components
      .filter((component) => component.skip_api ?? component.type === "state")
      .map((component) => component.id),
  );
  const known = new Map(config.components.map((component) => [component.id, component]));
  const propsOf = (ids: readonly number[] | null | undefined): ComponentProps[] =>
    (ids ?? []).filter((id) => !skipped.has(id)).map((id) => keptProps(known.get(id)?.props));
  const endpoints: EndpointRoute[] = [];
  for (const [index, dependency] of config.dependencies.entries()) {
    if (typeof dependency.api_name !== "string") continue;
    const endpoint = parsed.data.named_endpoints[`/${dependency.api_name}`];
    if (endpoint === undefined) continue;
    const apiName = `/${dependency.api_name}`;
    const splice = (ids: readonly number[], count: number, what: string) => {
      let next = 0;
      const slots = ids.map((id) => (skipped.has(id) ? -1 : next++));
      if (next !== count || ids.some((id) => !known.has(id))) {
        throw clientError(
          "GRADIO_PROTOCOL",
          `${facts.root} contradicts itself about '${apiName}': ${next} ${what} in its configuration, ${count} in its API information.`,
        );
      }
      return slots;
    };
    const inputProps = propsOf(dependency.inputs);
    const outputProps = propsOf(dependency.outputs);
    endpoints.push({
      apiName,
      description: endpoint.description,
      parameters: endpoint.parameters.map((raw, at) => parameter(raw, at, inputProps[at] ?? {})),
      returns: endpoint.returns.map((raw, at) => returned(raw, outputProps[at] ?? {})),
      generator: dependency.types?.generator ?? false,
      documented:
        endpoint.api_visibility === "" ? dependency.show_api !== false : endpoint.api_visibility === "public",
      asksForToken: endpoint.oauth_token !== undefined && endpoint.oauth_token !== null,
      fnIndex: dependency.id ?? index,
      inputs: splice(dependency.inputs ?? [], endpoint.parameters.length, "parameters"),
      outputs: splice(dependency.outputs ?? [], endpoint.returns.length, "return values"),
    });
  }
  return {
    ...facts,
    version: config.version,
    protocol: config.protocol,
    maxFileSize: config.max_file_size ?? null,
    endpoints,
  };
}

function parameter(
  raw: Info[string]["parameters"][number],
  index: number,
  props: ComponentProps,
): GradioParameter {
  return {
    name: raw.parameter_name ?? (raw.label || `param_${index}`),
    label: raw.label,
    component: componentName(raw.component),
    hasDefault: raw.parameter_has_default ?? false,
    default: raw.parameter_default,
    file: filePlace(raw.type),
    schema: raw.type,
    props,
  };
}

function returned(raw: Info[string]["returns"][number], props: ComponentProps): GradioReturn {
  return {
    label: raw.label,
    component: componentName(raw.component),
    file: filePlace(raw.type),
    schema: raw.type,
    props,
  };
}
