import { rememberSecret } from "../../base/redact.ts";
import { UsageError } from "../options.ts";

/** The values of secrets: as given, else from the environment, else typed at the terminal without being shown. */
export async function readSecrets(
  wanted: ReadonlyMap<string, string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const secrets = new Map<string, string>();
  for (const [name, given] of wanted) {
    const value = given ?? process.env[name] ?? (await askHidden(name));
    if (value === "") throw new UsageError(`The secret ${name} is empty.`, `Give it: --secret ${name}=…`);
    rememberSecret(value);
    secrets.set(name, value);
  }
  return secrets;
}

async function askHidden(name: string): Promise<string> {
  if (process.stdin.isTTY !== true)
    throw new UsageError(
      `There is no value for the secret ${name}: the environment has no variable of this name, and nobody is at the terminal.`,
      `Set ${name} in the environment, or give it: --secret ${name}=…`,
    );
  const { createInterface } = await import("node:readline/promises");
  const { Writable } = await import("node:stream");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(`Secret ${name} (is not shown): `);
  try {
    return (await lines.question("")).trim();
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
