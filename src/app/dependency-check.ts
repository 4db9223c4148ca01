import { DaggrError } from "../base/errors.ts";

/** What is done when a Space or a model has changed: told (`ask`), not looked at, refused, accepted. */
export type DependencyCheck = "ask" | "skip" | "error" | "update";

const MODES: readonly string[] = ["ask", "skip", "error", "update"] satisfies DependencyCheck[];

export const isDependencyCheck = (text: string): text is DependencyCheck => MODES.includes(text);

/** `DAGGR_DEPENDENCY_CHECK`. Throws `INVALID_OPTION` for any other text: a misspelt `error` would guard nothing. */
export function dependencyCheck(): DependencyCheck {
  const text = (process.env["DAGGR_DEPENDENCY_CHECK"] ?? "").trim().toLowerCase();
  if (text === "") return "ask";
  if (isDependencyCheck(text)) return text;
  throw new DaggrError("INVALID_OPTION", `DAGGR_DEPENDENCY_CHECK is skip, error or update, got '${text}'.`);
}
