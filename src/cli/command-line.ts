import { existsSync } from "node:fs";
import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { help, helpOf } from "./help.ts";
import { UsageError } from "./options.ts";
import { packageVersion } from "./package-info.ts";

/** Each command loads its own code. The result is the exit code. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  run: async (args) => (await import("./run/run-command.ts")).run(args),
  sheets: async (args) => (await import("./sheets/sheets-command.ts")).sheets(args),
  deploy: async (args) => (await import("./deploy/deploy-command.ts")).deploy(args),
  login: async (args) => (await import("./account/login-command.ts")).login(args),
  logout: async (args) => (await import("./account/account-commands.ts")).logout(args),
  whoami: async (args) => (await import("./account/account-commands.ts")).whoami(args),
  upstream: async (args) => (await import("./upstream/upstream-command.ts")).upstream(args),
  pin: async (args) => (await import("./upstream/pin-command.ts")).pin(args),
  inspect: async (args) => (await import("./spaces/inspect-command.ts")).inspect(args),
  add: async (args) => (await import("./spaces/add-command.ts")).add(args),
  local: async (args) => (await import("./local/local-command.ts")).local(args),
  doctor: async (args) => (await import("./doctor/doctor-command.ts")).doctor(args),
};

/** Carries out a command line and sets the exit code: 0, 1 for a failure, 2 for a wrong command line, 130 for Ctrl-C. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await dispatch(args);
  } catch (error) {
    if (error instanceof UsageError) console.error(`daggr: ${error.message}\n\n${error.advice}`);
    else if (error instanceof DaggrError)
      console.error(`daggr: ${error.message.replaceAll(`${process.cwd()}/`, "")}`);
    else console.error(error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === "--version" || first === "-v") return print(packageVersion());
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    return print(helpOf(args[1]) ?? help);
  }
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (command !== undefined) {
    const rest = args.slice(1);
    return rest.includes("--help") || rest.includes("-h") ? print(helpOf(first) ?? help) : command(rest);
  }
  if (args.includes("--help") || args.includes("-h")) return print(help);
  if (/^[a-z]+$/.test(first) && !existsSync(first)) {
    const meant = didYouMean(first, Object.keys(commands));
    throw new UsageError(`There is no command and no script '${first}'.${meant}`, "Try: daggr --help");
  }
  return (await import("./start/start-command.ts")).start(args);
}

function print(text: string): number {
  console.log(text);
  return 0;
}
