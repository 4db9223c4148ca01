import { closest, didYouMean } from "../base/closest.ts";
import type { DaggrError } from "../base/errors.ts";
import { clientError } from "./client-errors.ts";
import type { GradioEndpoint } from "./gradio-types.ts";

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}

/** The endpoint of that name, with or without its slash; throws `UNKNOWN_ENDPOINT` with what there is. */
export function findEndpoint<E extends GradioEndpoint>(
  endpoints: readonly E[],
  apiName: string,
  app: string,
): E {
  const wanted = apiName.startsWith("/") ? apiName : `/${apiName}`;
  const found = endpoints.find((endpoint) => endpoint.apiName === wanted);
  if (found !== undefined) return found;
  const listed = endpoints.toSorted((a, b) => Number(b.documented) - Number(a.documented));
  const names = listed.map((endpoint) => endpoint.apiName);
  const near = closest(wanted, names);
  throw clientError(
    "UNKNOWN_ENDPOINT",
    `API endpoint '${wanted}' not found in '${app}'. Available endpoints: [${quoted(names)}].${didYouMean(wanted, names)}`,
    near === undefined ? {} : { hint: near },
  );
}

/** What is wrong with these argument names: `UNKNOWN_PARAMETER`, `MISSING_PARAMETER`. */
export function checkArguments(
  endpoint: GradioEndpoint,
  given: readonly string[],
  app: string,
): DaggrError[] {
  const names = endpoint.parameters.map((parameter) => parameter.name);
  const where = `for endpoint '${endpoint.apiName}' in '${app}'`;
  const errors: DaggrError[] = [];
  const unknown = given.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const meant = unknown.flatMap((name) => {
      const near = closest(name, names);
      return near === undefined ? [] : [`'${name}' -> '${near}'`];
    });
    const hint = meant.length === 0 ? "" : ` Did you mean: ${meant.join(", ")}?`;
    errors.push(
      clientError(
        "UNKNOWN_PARAMETER",
        `Invalid parameter(s) {${quoted(unknown)}} ${where}.${hint} Valid parameters: {${quoted(names)}}`,
        {
          port: unknown[0]!,
          ...(meant[0] === undefined ? {} : { hint: meant[0] }),
        },
      ),
    );
  }
  const missing = endpoint.parameters
    .filter((parameter) => !parameter.hasDefault && !given.includes(parameter.name))
    .map(({ name }) => name);
  if (missing.length > 0) {
    errors.push(
      clientError(
        "MISSING_PARAMETER",
        `Missing required parameter(s) {${quoted(missing)}} ${where}. These parameters have no default values.`,
        { port: missing[0]! },
      ),
    );
  }
  return errors;
}
