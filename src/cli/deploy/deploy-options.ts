import { didYouMean } from "../../base/closest.ts";
import { parseOptions, UsageError } from "../options.ts";

export const usage =
  "Usage: daggr deploy <script> [--dry-run] [--name app] …; all options: daggr deploy --help";

/** What the command line says, as far as it can be known without asking anybody. */
export function readOptions(args: readonly string[]) {
  const { values, positionals } = parseOptions(
    args,
    {
      name: { type: "string", short: "n" },
      title: { type: "string", short: "t" },
      org: { type: "string", short: "o" },
      private: { type: "boolean", short: "p" },
      hardware: { type: "string" },
      "sleep-time": { type: "string" },
      bucket: { type: "string" },
      secret: { type: "string", short: "s", multiple: true },
      variable: { type: "string", multiple: true },
      scopes: { type: "string" },
      include: { type: "string", short: "i", multiple: true },
      overwrite: { type: "boolean" },
      "dry-run": { type: "boolean" },
      "no-wait": { type: "boolean" },
      timeout: { type: "string" },
      json: { type: "boolean" },
      yes: { type: "boolean", short: "y" },
    },
    usage,
  );
  const [script, ...others] = positionals;
  if (script === undefined) throw new UsageError("No script was named.", usage);
  if (others.length > 0) throw new UsageError(`One script at a time, got ${positionals.join(", ")}.`, usage);
  const secrets = parsePairs(values.secret ?? [], "--secret");
  const variables = parsePairs(values.variable ?? [], "--variable");
  for (const [key, value] of variables) {
    if (value === undefined)
      throw new UsageError(`--variable ${key} has no value. Expected --variable ${key}=value.`, usage);
    if (secrets.has(key))
      throw new UsageError(
        `${key} is given as a secret and as a variable; a Space takes one of them.`,
        usage,
      );
  }
  if (values.bucket !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(values.bucket))
    throw new UsageError(`--bucket is owner/name, got '${values.bucket}'.`, usage);
  return {
    script,
    name: values.name,
    title: values.title,
    owner: values.org,
    isPrivate: values.private === true,
    hardware: hardwareOf(values.hardware),
    sleepSeconds: sleepOf(values["sleep-time"]),
    bucket: values.bucket,
    secrets,
    variables: variables as ReadonlyMap<string, string>,
    scopes: scopesOf(values.scopes),
    include: values.include ?? [],
    overwrite: values.overwrite === true,
    isDryRun: values["dry-run"] === true,
    wait: values["no-wait"] !== true,
    timeoutMs: minutes(values.timeout),
    isJson: values.json === true,
    isConfirmed: values.yes === true,
    notes: unknownNames(values.hardware, scopesOf(values.scopes)),
  };
}

export type DeployOptions = ReturnType<typeof readOptions>;

/** `K=V`, or `K` alone: its value comes from elsewhere. */
function parsePairs(texts: readonly string[], option: string): Map<string, string | undefined> {
  const pairs = new Map<string, string | undefined>();
  for (const text of texts) {
    const at = text.indexOf("=");
    const key = at < 0 ? text : text.slice(0, at);
    // Never the whole text: what stands behind the sign may be a secret.
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key))
      throw new UsageError(
        `${option} takes NAME=value, and a name has letters, digits and _ only${at < 0 ? "" : `, got the name '${key}'`}.`,
        usage,
      );
    if (/^(SPACE_|OAUTH_)|^OPENID_PROVIDER_URL$/.test(key))
      throw new UsageError(
        `${key} is set by the Space itself. Choose another name for your ${option.slice(2)}.`,
        usage,
      );
    if (pairs.has(key)) throw new UsageError(`${option} ${key} is given twice.`, usage);
    pairs.set(key, at < 0 ? undefined : text.slice(at + 1));
  }
  return pairs;
}

/** As of huggingface_hub 2.4. */
const HARDWARE = [
  ...["cpu-basic", "cpu-upgrade", "zero-a10g", "t4-small", "t4-medium", "l4x1", "l4x4"],
  ...["l40sx1", "l40sx4", "l40sx8", "a10g-small", "a10g-large", "a10g-largex2", "a10g-largex4"],
  ...["a100-large", "a100x4", "a100x8", "rtx-pro-6000", "rtx-pro-6000x2", "rtx-pro-6000x4", "rtx-pro-6000x8"],
];

const SCOPES = [
  ...[
    "email",
    "read-billing",
    "read-repos",
    "gated-repos",
    "contribute-repos",
    "write-repos",
    "manage-repos",
  ],
  ...["read-collections", "write-collections", "inference-api", "jobs", "webhooks", "write-discussions"],
];

function hardwareOf(given: string | undefined): string | undefined {
  if (given === undefined || HARDWARE.includes(given)) return given;
  if (!/^[a-z0-9-]+$/.test(given))
    throw new UsageError(`--hardware '${given}' is no hardware of a Space.`, usage);
  return given;
}

/** `undefined` for a Space without login. */
function scopesOf(given: string | undefined): readonly string[] | undefined {
  if (given === undefined) return ["inference-api"];
  if (given === "none") return undefined;
  const scopes = given.split(/[\s,]+/).filter((scope) => scope !== "");
  // Every login has these.
  return scopes.filter((scope) => scope !== "openid" && scope !== "profile");
}

/** What this daggr does not know may be newer than it: the Hub decides, and the plan says what may be meant. */
function unknownNames(hardware: string | undefined, scopes: readonly string[] = []): string[] {
  const hint = (option: string, given: string, known: readonly string[]): string[] =>
    known.includes(given) ? [] : [`${option} ${given} is not known here.${didYouMean(given, known)}`];
  return [
    ...(hardware === undefined ? [] : hint("--hardware", hardware, HARDWARE)),
    ...scopes.flatMap((scope) => hint("--scopes", scope, SCOPES)),
  ];
}

function sleepOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (given === "never") return -1;
  const match = /^(\d+)([smhd]?)$/.exec(given);
  const seconds = Number(match?.[1]) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[match?.[2] || "s"] ?? 1);
  if (match === null || seconds === 0)
    throw new UsageError(`--sleep-time is a number of seconds, 30m, 2h, 1d or never, got '${given}'.`, usage);
  return seconds;
}

function minutes(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (!(number > 0)) throw new UsageError(`--timeout is a number of minutes, got '${given}'.`, usage);
  return number * 60_000;
}
