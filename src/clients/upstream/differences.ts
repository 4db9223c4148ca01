import type { UpstreamDifference } from "../../protocol/upstream.ts";
import { defaultEndpointName, signatureDiff } from "../signature-diff.ts";
import type { ModelFacts, UpstreamState } from "./state.ts";

/**
 * What changed between two states, what breaks first; `undefined` where one of them is not known well enough. Of a Space
 * only what is called can break; `used` leaves out what nobody knows.
 */
export function differencesOf(
  before: UpstreamState,
  after: UpstreamState,
  used?: readonly (string | null)[],
): UpstreamDifference[] | undefined {
  const called = used?.map((name) => name ?? defaultEndpointName(before.endpoints ?? []));
  const found =
    before.endpoints !== undefined && after.endpoints !== undefined
      ? signatureDiff(before.endpoints, after.endpoints).map(({ apiName, breaking, text }) => ({
          breaking: breaking && called?.includes(apiName) !== false,
          text: `${apiName}${/^(parameter|return value)/.test(text) ? ":" : ""} ${text}`,
        }))
      : before.model !== undefined && after.model !== undefined
        ? modelDifferences(before.model, after.model)
        : undefined;
  return found?.toSorted((a, b) => Number(b.breaking) - Number(a.breaking));
}

function modelDifferences(before: ModelFacts, after: ModelFacts): UpstreamDifference[] {
  const found: UpstreamDifference[] = [];
  const say = (breaking: boolean, text: string) => found.push({ breaking, text });
  const told = (value: string | undefined) => value ?? "not said";
  if (before.task !== after.task) say(true, `its task is ${told(after.task)} now, was ${told(before.task)}`);
  if (after.gated === true && before.gated !== true)
    say(true, "it is gated now: its page asks for your agreement");
  if (after.gated !== true && before.gated === true) say(false, "it is no longer gated");
  for (const [name, old] of Object.entries(before.providers)) {
    const now = after.providers[name];
    if (now === undefined) say(true, `provider '${name}' serves it no more`);
    else if (now.id !== old.id) say(false, `provider '${name}' serves '${now.id}' now, was '${old.id}'`);
    else if (now.task !== old.task)
      say(true, `provider '${name}' serves it for ${now.task} now, was ${old.task}`);
  }
  for (const name of Object.keys(after.providers)) {
    if (before.providers[name] === undefined) say(false, `provider '${name}' is new`);
  }
  const facts = { license: "license", library: "library", baseModel: "base model" } as const;
  for (const [key, word] of Object.entries(facts) as [keyof typeof facts, string][]) {
    if (before[key] !== after[key])
      say(false, `its ${word} is ${told(after[key])} now, was ${told(before[key])}`);
  }
  return found;
}
