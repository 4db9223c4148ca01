import { endLogin } from "../../clients/login/keep-login.ts";
import { machineAccount } from "../../clients/login/machine-account.ts";
import { parseOptions } from "../options.ts";

/** `daggr logout`: ends daggr's own login; what another tool has saved stays. */
export async function logout(args: readonly string[]): Promise<number> {
  parseOptions(args, {}, "Usage: daggr logout");
  await endLogin();
  console.log("Logged out.");
  const { user, place } = await machineAccount();
  if (user !== undefined) console.log(`From now on the token from ${place} is used: ${user.name}'s.`);
  return 0;
}

/** `daggr whoami`: 1 where nobody is logged in, or the token is not accepted. */
export async function whoami(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { json: { type: "boolean" } }, "Usage: daggr whoami [--json]");
  const account = await machineAccount();
  const { user, place, problem } = account;
  if (values.json === true) console.log(JSON.stringify(account, null, 2));
  else if (user !== undefined) console.log(`${user.name} (token from ${place})`);
  else if (place === undefined) console.log("Nobody is logged in. Log in: daggr login, or hf auth login");
  if (problem !== undefined) console.error(`daggr: ${problem.text} ${problem.advice}`);
  return user === undefined || problem !== undefined ? 1 : 0;
}
