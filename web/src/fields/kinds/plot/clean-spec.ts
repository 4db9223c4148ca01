import { isRecord } from "../../dom.ts";

type Fields = Record<string, unknown>;

/**
 * A stranger's Vega specification without what reaches out of its own picture: options for the page around it,
 * elements of the page that it would listen to or write into, and events of the whole window.
 */
export function cleanSpec(spec: Fields): Fields {
  const clean = walk(spec) as Fields;
  delete clean["usermeta"];
  if (isRecord(clean["config"])) delete clean["config"]["events"];
  return clean;
}

function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk);
  if (!isRecord(value)) return value;
  const copy: Fields = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key === "bind") {
      if (isRecord(entry) && !("element" in entry)) copy[key] = walkBind(entry);
      else if (entry === "scales" || entry === "legend") copy[key] = entry;
    } else copy[key] = key === "values" ? entry : walk(entry);
  }
  return copy;
}

/** Inputs below the chart: each may be named by its field (`{ field: { input: "range" } }`). */
function walkBind(bind: Fields): Fields {
  return Object.fromEntries(
    Object.entries(bind).filter(([, entry]) => !isRecord(entry) || !("element" in entry)),
  );
}

/** Whether a Vega-Lite chart is one picture that can take the size it is given; several side by side cannot. */
export function isSingle(spec: Fields): boolean {
  if (["concat", "hconcat", "vconcat", "facet", "repeat"].some((part) => part in spec)) return false;
  const { encoding } = spec;
  return !isRecord(encoding) || !["row", "column", "facet"].some((channel) => channel in encoding);
}
