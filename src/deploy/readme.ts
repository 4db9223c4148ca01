import { isMap, parseDocument } from "yaml";
import { DaggrError } from "../base/errors.ts";

/** What a Space's front matter says that is ours to say. */
export interface SpaceCard {
  /** Given on the command line: it replaces what was there. */
  readonly title?: string | undefined;
  readonly graphName: string;
  readonly port: number;
  /** `undefined` for a Space without login. */
  readonly scopes: readonly string[] | undefined;
}

/**
 * The README of a Space. What somebody wrote into an earlier one (text, emoji, colours, license, …) stays.
 *
 * @throws DaggrError `DEPLOY_README` when the front matter of the earlier one is no YAML.
 */
export function spaceReadme(card: SpaceCard, earlier: string | undefined): string {
  const { front, body } = split(earlier);
  const document = parseDocument(front);
  const [problem] = document.errors;
  if (problem !== undefined || (document.contents !== null && !isMap(document.contents)))
    throw new DaggrError(
      "DEPLOY_README",
      `The front matter of the Space's README.md cannot be read: ${problem?.message.split("\n")[0] ?? "it is no list of names and values."} Mend it on the Space's page.`,
    );
  if (document.contents === null) document.contents = document.createNode({}) as never;
  const unless = (key: string, value: unknown): void => {
    if (!document.has(key)) document.set(key, value);
  };
  if (card.title !== undefined) document.set("title", card.title);
  unless("title", card.graphName);
  unless("emoji", "🔀");
  unless("colorFrom", "blue");
  unless("colorTo", "purple");
  document.set("sdk", "docker");
  // Those of another SDK: a Space that once was one would be refused.
  for (const key of ["sdk_version", "app_file", "python_version", "app_build_command"]) document.delete(key);
  document.set("app_port", card.port);
  unless("pinned", false);
  unless("tags", ["daggr"]);
  if (card.scopes === undefined) {
    document.delete("hf_oauth");
    document.delete("hf_oauth_scopes");
  } else {
    document.set("hf_oauth", true);
    if (card.scopes.length > 0) document.set("hf_oauth_scopes", document.createNode(card.scopes));
    else document.delete("hf_oauth_scopes");
  }
  const title = String(document.get("title"));
  return `---\n${document.toString({ lineWidth: 0 })}---\n${body ?? `\n# ${title}\n\nAn AI workflow on a live canvas, made with daggr and put here by \`daggr deploy\`.\n`}`;
}

function split(readme: string | undefined): { readonly front: string; readonly body: string | undefined } {
  if (readme === undefined || readme.trim() === "") return { front: "", body: undefined };
  const match = /^\uFEFF?---[ \t]*\r?\n((?:[\s\S]*?\r?\n)?)---[ \t]*(?:\r?\n|$)/.exec(readme);
  if (match === null) return { front: "", body: `\n${readme}` };
  const body = readme.slice(match[0].length);
  // What the Hub writes into a new Space.
  const isGenerated = /^\s*(Check out the configuration reference at \S+\s*)?$/.test(body);
  return { front: match[1] ?? "", body: isGenerated ? undefined : body };
}
