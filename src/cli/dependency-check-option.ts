import { isDependencyCheck } from "../app/dependency-check.ts";
import { UsageError } from "./options.ts";

/** `--dependency-check`: the same as the variable, which the script's own process reads too. */
export function applyDependencyCheck(given: string | undefined, usage: string): void {
  if (given === undefined) return;
  if (!isDependencyCheck(given))
    throw new UsageError(`--dependency-check is skip, error or update, got '${given}'.`, usage);
  process.env["DAGGR_DEPENDENCY_CHECK"] = given;
}
