import { text } from "node:stream/consumers";
import { DaggrError } from "../../base/errors.ts";
import { deviceClientId, requestDeviceCode, waitForDevice } from "../../clients/login/device-code.ts";
import { checkPasted, keepLogin } from "../../clients/login/keep-login.ts";
import { loginPath } from "../../clients/login/saved-login.ts";
import { machineToken } from "../../clients/tokens.ts";
import { parseOptions, UsageError } from "../options.ts";
import { askHidden } from "./ask-hidden.ts";

const usage = "Usage: daggr login [--token] [--no-open]";

/** `daggr login`: by a code that is entered on Hugging Face, or with a token from stdin. */
export async function login(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    { token: { type: "boolean" }, "no-open": { type: "boolean" } },
    usage,
  );
  // A token among the arguments would stay in the shell's history, and everybody on the machine can read it.
  if (positionals.length > 0)
    throw new UsageError("A token is read from stdin or asked for, never an argument.", usage);
  const found = await machineToken();
  const clientId = deviceClientId();
  const user =
    values.token === true || clientId === undefined
      ? await keepLogin({ token: checkPasted(await readToken(values.token === true)) })
      : await byCode(clientId, values["no-open"] !== true);
  console.log(`Logged in as ${user.name}. The login is kept in ${loginPath()}, for daggr alone.`);
  if (found?.from === "variable")
    console.error(`daggr: ${found.place} is set, and comes before this login. Take it away to use this one.`);
  return 0;
}

async function byCode(clientId: string, isOpened: boolean) {
  const code = await requestDeviceCode(clientId);
  console.log(`Open this address:   ${code.completeUrl}\nand compare the code: ${code.userCode}\n`);
  if (isOpened && process.stdout.isTTY === true && process.env["CI"] === undefined) {
    await import("open").then(({ default: open }) => open(code.completeUrl)).catch(() => {});
  }
  console.log("Waiting for you there. Ctrl-C stops it.");
  return keepLogin(await waitForDevice(code, clientId), clientId);
}

async function readToken(isWanted: boolean): Promise<string> {
  if (process.stdin.isTTY !== true && isWanted) return text(process.stdin);
  if (!isWanted) {
    const instead =
      "This daggr has no application of its own on Hugging Face yet, so that there is no login by code (DAGGR_OAUTH_CLIENT_ID names one). `hf auth login` of Hugging Face's tools works for daggr too.";
    if (process.stdin.isTTY !== true)
      throw new DaggrError("NO_LOGIN_APPLICATION", `${instead} Or: daggr login --token < file`);
    console.log(`${instead}\nOr paste a token of https://huggingface.co/settings/tokens:`);
  }
  return askHidden("Token (not shown): ");
}
