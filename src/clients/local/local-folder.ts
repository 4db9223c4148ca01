import { join } from "node:path";
import { type Environment, hubDataFolder } from "../tokens.ts";

/** Where Spaces that run on this machine, their environments and what was agreed to are kept. */
export function localFolder(env: Environment = process.env): string {
  return join(hubDataFolder(env), "local");
}
