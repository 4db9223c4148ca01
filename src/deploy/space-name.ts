import { closest } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";

/** Where a Space is: `owner/name`. */
export interface SpaceId {
  readonly owner: string;
  readonly name: string;
}

const LONGEST = 96;

/** The name of a Space made from a graph's: letters without accents, digits and single hyphens. */
export function spaceNameOf(graphName: string): string {
  const name = graphName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
  return name === "" ? "daggr-app" : name;
}

/** Refuses a name that the Hub would refuse, by its own rules. */
export function checkSpaceName(name: string, option: string): void {
  const why =
    name.length > LONGEST
      ? `has ${name.length} characters; at most ${LONGEST} are allowed`
      : !/^[\w.-]+$/.test(name)
        ? "may only have letters without accents, digits, '-', '_' and '.'"
        : /^[-.]|[-.]$/.test(name)
          ? "may not begin or end with '-' or '.'"
          : /--|\.\./.test(name)
            ? "may not have '--' or '..'"
            : name.endsWith(".git")
              ? "may not end with .git"
              : undefined;
  if (why === undefined) return;
  const better = spaceNameOf(name);
  throw new DaggrError("DEPLOY_NAME", `${option} '${name}' ${why}. A name that works: ${better}`);
}

/** `name`, or `owner/name`, as given on the command line. */
export function parseSpaceName(given: string): { readonly owner?: string; readonly name: string } {
  const parts = given.replace(/^https:\/\/huggingface\.co\/spaces\//, "").split("/");
  const [first = "", second] = parts;
  if (parts.length > 2)
    throw new DaggrError(
      "DEPLOY_NAME",
      `--name '${given}' is no name of a Space. Expected name or owner/name.`,
    );
  if (second === undefined) {
    checkSpaceName(first, "--name");
    return { name: first };
  }
  checkSpaceName(first, "The owner");
  checkSpaceName(second, "--name");
  return { owner: first, name: second };
}

/** The owner to deploy under: the user, or one of the user's organizations. */
export function ownerAmong(
  wanted: string | undefined,
  user: string,
  organizations: readonly string[],
): string {
  if (wanted === undefined) return user;
  const known = [user, ...organizations];
  const found = known.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const meant = closest(wanted, known);
  throw new DaggrError(
    "DEPLOY_NAME",
    `You (${user}) are no member of '${wanted}'.${meant === undefined ? "" : ` Did you mean '${meant}'?`} You can deploy under: ${known.join(", ")}.`,
  );
}
