import { parseOptions } from "../options.ts";
import { style } from "../terminal.ts";
import { type Check, checks } from "./checks.ts";

const marks = {
  good: style("green", "✓", process.stdout),
  missing: style("yellow", "-", process.stdout),
  bad: style("red", "✗", process.stdout),
};

/** `daggr doctor`. 1 where something keeps daggr from working; what is only missing is no failure. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { json: { type: "boolean" } }, "Usage: daggr doctor [--json]");
  const found = await checks();
  if (values.json === true) console.log(JSON.stringify(found, null, 2));
  else console.log(found.map(line).join("\n"));
  return found.some((check) => check.state === "bad") ? 1 : 0;
}

function line({ name, state, value, advice }: Check): string {
  const told = `${marks[state]} ${name.padEnd(20)} ${value}`;
  return advice === undefined ? told : `${told}\n${" ".repeat(23)}${style("dim", advice, process.stdout)}`;
}
