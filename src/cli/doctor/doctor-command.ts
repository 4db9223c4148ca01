import { parseOptions } from "../options.ts";
import { style } from "../terminal.ts";
import { type Check, checks } from "./checks.ts";
import { upstreamChecks } from "./upstream-checks.ts";

const marks = {
  good: style("green", "✓", process.stdout),
  missing: style("yellow", "-", process.stdout),
  bad: style("red", "✗", process.stdout),
};

/** `daggr doctor`. 1 where something keeps daggr from working; what is only missing is no failure. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { json: { type: "boolean" } }, "Usage: daggr doctor [--json]");
  const [own, upstream] = await Promise.all([checks(), upstreamChecks()]);
  const found = [...own, ...upstream];
  if (values.json === true) console.log(JSON.stringify(found, null, 2));
  else console.log(found.map(line).join("\n"));
  return found.some((check) => check.state === "bad") ? 1 : 0;
}

function line({ name, state, value, advice }: Check): string {
  const told = `${marks[state]} ${name.padEnd(20)} ${value}`;
  const lines = advice?.split("\n") ?? [];
  return [told, ...lines.map((each) => " ".repeat(23) + style("dim", each, process.stdout))].join("\n");
}
