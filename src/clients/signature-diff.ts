import type { EndpointSignature, ParameterSignature, ReturnSignature } from "./signature.ts";

/** One difference between what an app offered and what it offers now. */
export interface SignatureChange {
  /** The endpoint, as it was called before; with its slash. */
  readonly apiName: string;
  /** A script that fitted before may fit no more, or get something else. */
  readonly breaking: boolean;
  /** One sentence without the endpoint: `parameter 'steps' is gone`. */
  readonly text: string;
  /** The parameter that it is about. */
  readonly parameter?: string;
}

/** How a type says that other texts than the choices fit. */
const ANY_TEXT = "(string & {})";

const quoted = (name: string): string => `'${name}'`;

/**
 * What changed between two descriptions of an app. What says nothing to a script (the order of parameters, which go by
 * name, or a description) is no difference.
 */
export function signatureDiff(
  before: readonly EndpointSignature[],
  after: readonly EndpointSignature[],
): SignatureChange[] {
  const changes: SignatureChange[] = [];
  const were = byName(before);
  const are = byName(after);
  const added = after.filter(({ apiName }) => !were.has(apiName));
  for (const old of before) {
    const now = are.get(old.apiName);
    if (now !== undefined) changes.push(...endpointDiff(old, now));
    else {
      const renamed = added.find((candidate) => endpointDiff(old, candidate).length === 0);
      const hint = renamed === undefined ? "" : `; ${quoted(renamed.apiName)}, which is new, looks the same`;
      changes.push({ apiName: old.apiName, breaking: true, text: `is gone${hint}` });
    }
  }
  for (const { apiName } of added) changes.push({ apiName, breaking: false, text: "is new" });
  return [...changes, ...defaultEndpointDiff(before, after)];
}

/** The changes in words, an endpoint a paragraph: what breaks is marked with `-`, what does not with `+`. */
export function describeChanges(changes: readonly SignatureChange[]): string {
  const byEndpoint = Map.groupBy(changes, ({ apiName }) => apiName);
  return [...byEndpoint]
    .map(([apiName, own]) => {
      const lines = own
        .toSorted((a, b) => Number(b.breaking) - Number(a.breaking))
        .map(({ breaking, text }) => `  ${breaking ? "-" : "+"} ${text}`);
      return [apiName, ...lines].join("\n");
    })
    .join("\n");
}

/** The endpoint that is called when a script names none; the same rule as for a call. */
export function defaultEndpointName(endpoints: readonly EndpointSignature[]): string | undefined {
  if (endpoints.length === 1) return endpoints[0]!.apiName;
  const documented = endpoints.filter((endpoint) => endpoint.documented);
  if (documented.length === 1) return documented[0]!.apiName;
  return endpoints.find(({ apiName }) => apiName === "/predict")?.apiName;
}

function defaultEndpointDiff(
  before: readonly EndpointSignature[],
  after: readonly EndpointSignature[],
): SignatureChange[] {
  const was = defaultEndpointName(before);
  const is = defaultEndpointName(after);
  if (was === undefined || was === is || !byName(after).has(was)) return [];
  const text =
    is === undefined
      ? "is no longer the endpoint of a node that names none: give its name as apiName"
      : `is no longer the endpoint of a node that names none: that is ${quoted(is)} now`;
  return [{ apiName: was, breaking: true, text }];
}

function byName(endpoints: readonly EndpointSignature[]): Map<string, EndpointSignature> {
  return new Map(endpoints.map((endpoint) => [endpoint.apiName, endpoint]));
}

function endpointDiff(before: EndpointSignature, after: EndpointSignature): SignatureChange[] {
  const { apiName } = before;
  const change = (breaking: boolean, text: string): SignatureChange => ({ apiName, breaking, text });
  const changes: SignatureChange[] = [
    ...parametersDiff(apiName, before.parameters, after.parameters),
    ...returnsDiff(before.returns, after.returns).map(({ breaking, text }) => change(breaking, text)),
  ];
  if (before.streams !== after.streams)
    changes.push(
      change(false, after.streams ? "gives partial results now" : "gives no partial results any more"),
    );
  if (before.documented !== after.documented)
    changes.push(
      change(false, after.documented ? "is documented now" : "is no longer documented by the app"),
    );
  return changes;
}

function parametersDiff(
  apiName: string,
  before: readonly ParameterSignature[],
  after: readonly ParameterSignature[],
): SignatureChange[] {
  const changes: SignatureChange[] = [];
  const are = new Map(after.map((parameter) => [parameter.name, parameter]));
  const were = new Set(before.map(({ name }) => name));
  const push = (parameter: string, breaking: boolean, text: string): void => {
    changes.push({ apiName, parameter, breaking, text: `parameter ${quoted(parameter)} ${text}` });
  };
  for (const old of before) {
    const now = are.get(old.name);
    if (now === undefined) push(old.name, true, "is gone");
    else parameterDiff(old, now, (breaking, text) => push(old.name, breaking, text));
  }
  for (const parameter of after) {
    if (were.has(parameter.name)) continue;
    const { name, required, type } = parameter;
    push(
      name,
      required,
      `is new (${type}), ${required ? "and required" : `with the default ${parameter.default}`}`,
    );
  }
  return changes;
}

function parameterDiff(
  before: ParameterSignature,
  after: ParameterSignature,
  push: (breaking: boolean, text: string) => void,
): void {
  if (before.type !== after.type) typeDiff(before.type, after.type, push);
  if (!before.required && after.required) push(true, "is required now: it has no default any more");
  else if (before.required && !after.required)
    push(false, `may be left out now: its default is ${after.default}`);
  else if (before.default !== after.default)
    push(false, `has another default: ${after.default}, was ${before.default}`);
  if (before.minimum !== after.minimum || before.maximum !== after.maximum) {
    const isNarrower =
      (after.minimum ?? -Infinity) > (before.minimum ?? -Infinity) ||
      (after.maximum ?? Infinity) < (before.maximum ?? Infinity);
    push(isNarrower, `takes ${rangeText(after)} now, took ${rangeText(before)}`);
  }
  if (before.component !== after.component && before.type === after.type)
    push(false, `is a ${after.component} now, was a ${before.component}`);
}

/** `256 to 2048`, `at least 1`, `any number`. */
export function rangeText({ minimum, maximum }: Pick<ParameterSignature, "minimum" | "maximum">): string {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  return maximum === undefined ? "any number" : `at most ${maximum}`;
}

function typeDiff(before: string, after: string, push: (breaking: boolean, text: string) => void): void {
  const [were, isList] = membersOf(before);
  const [are, isStillList] = membersOf(after);
  const areChoices = [...were, ...are].every(
    (member) => /^["\d-]|^(?:null|true|false)$/.test(member) || member === ANY_TEXT,
  );
  if (!areChoices || isList !== isStillList) {
    const isWider = isList === isStillList && were.every((member) => are.includes(member));
    return push(!isWider && after !== "unknown", `takes ${after} now, took ${before}`);
  }
  const lost = were.filter((member) => !are.includes(member));
  const gained = are.filter((member) => !were.includes(member));
  const named = (members: readonly string[]): string =>
    `the ${members.length === 1 ? "choice" : "choices"} ${members.map((member) => (member === ANY_TEXT ? "of any other text" : member)).join(", ")}`;
  if (lost.length > 0) push(true, `has lost ${named(lost)}`);
  if (gained.length > 0) push(false, `has gained ${named(gained)}`);
}

/** The members of a union, and whether it is a list of them. */
function membersOf(type: string): [members: string[], isList: boolean] {
  const list = /^\((.*)\)\[\]( \| null)?$/.exec(type) ?? /^("[^|]*")\[\]( \| null)?$/.exec(type);
  return [splitUnion(list?.[1] ?? type), list !== null];
}

/** Splits at `|` outside of texts and brackets. */
export function splitUnion(type: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const [token] of type.matchAll(/"(?:[^"\\]|\\.)*"|./gs)) {
    if ("([{<".includes(token)) depth++;
    else if (")]}>".includes(token)) depth--;
    if (token === "|" && depth === 0) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function returnsDiff(
  before: readonly ReturnSignature[],
  after: readonly ReturnSignature[],
): { breaking: boolean; text: string }[] {
  const changes: { breaking: boolean; text: string }[] = [];
  const told = ({ label, component }: ReturnSignature): string =>
    label === "" ? `a ${component}` : `${quoted(label)} (${component})`;
  if (isReordered(before, after)) {
    const order = after.map(({ label }) => quoted(label)).join(", ");
    return [{ breaking: true, text: `returns its values in another order: ${order}` }];
  }
  for (const [index, old] of before.entries()) {
    const now = after[index];
    const place = `return value ${index + 1}, ${told(old)},`;
    if (now === undefined) changes.push({ breaking: true, text: `${place} is gone` });
    else if (old.type !== now.type || old.component !== now.component)
      changes.push({ breaking: old.type !== now.type, text: `${place} is ${told(now)} now` });
    else if (old.label !== now.label)
      changes.push({
        breaking: false,
        text:
          now.label === "" ? `${place} has no label any more` : `${place} is called ${quoted(now.label)} now`,
      });
  }
  for (const [index, now] of after.slice(before.length).entries())
    changes.push({
      breaking: false,
      text: `return value ${before.length + index + 1}, ${told(now)}, is new`,
    });
  return changes;
}

/** Outputs go by their order, so that the same values in another one are something else. */
function isReordered(before: readonly ReturnSignature[], after: readonly ReturnSignature[]): boolean {
  const keys = (returns: readonly ReturnSignature[]): string[] =>
    returns.map(({ label, component }) => `${label}\n${component}`);
  const [were, are] = [keys(before), keys(after)];
  const isSame = were.every((key, index) => key === are[index]);
  return (
    !isSame &&
    were.length === are.length &&
    new Set(were).size === were.length &&
    were.toSorted().join() === are.toSorted().join()
  );
}
