import type { LaunchOptions } from "../../app/launch-options.ts";
import { DaggrError } from "../../base/errors.ts";
import { redact, rememberSecretsOf } from "../../base/redact.ts";
import { type Bundle, makeBundle, readmeFor } from "../../deploy/bundle.ts";
import { type Deployed, deploy as deployBundle, type Target } from "../../deploy/deploy.ts";
import { findProject } from "../../deploy/project.ts";
import { isEmpty, manifestOf } from "../../deploy/remote-files.ts";
import { servicesOf } from "../../deploy/services.ts";
import { parseSpaceName, spaceNameOf } from "../../deploy/space-name.ts";
import type { SpaceSettings } from "../../deploy/space-settings.ts";
import { loadScript } from "../load-graph.ts";
import { packageVersion } from "../package-info.ts";
import { findScript } from "../script-path.ts";
import { confirm, style } from "../terminal.ts";
import { type DeployOptions, readOptions } from "./deploy-options.ts";
import { readSecrets } from "./read-secrets.ts";
import { describeChanges, describePlan, fileOfPlan, type Plan } from "./show-plan.ts";

/** `daggr deploy`: puts a workflow into a Space. Resolves with the exit code. */
export async function deploy(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const script = findScript(options.script);
  // What the environment calls a secret must not lie in a file that is sent.
  rememberSecretsOf(process.env);
  // Scripts may print; stdout is for the result.
  if (options.isJson) console.log = console.error;
  const { definition, launchOptions, files } = await loadScript(script);
  const port = portOf(launchOptions);
  const { owner = options.owner, name } =
    options.name === undefined ? { name: spaceNameOf(definition.name) } : parseSpaceName(options.name);
  const project = findProject(script);
  const bundle = await makeBundle(project, {
    card: { title: options.title, graphName: definition.name, port, scopes: options.scopes },
    loaded: files,
    include: options.include,
    launchesItself: launchOptions !== undefined,
    services: await servicesOf(definition, project, options.variables),
    daggrVersion: packageVersion(),
  });
  const plan = planOf(options, bundle, `${owner ?? "<your account>"}/${name}`);
  if (options.isDryRun) {
    print(options.isJson ? JSON.stringify(plan, null, 2) : describePlan(plan));
    if (!options.isJson) console.error("\nNothing was sent (--dry-run).");
    return leave(0);
  }
  const settings: SpaceSettings = {
    secrets: await readSecrets(options.secrets),
    variables: options.variables,
    hardware: options.hardware,
    sleepSeconds: options.sleepSeconds,
    isPrivate: options.isPrivate,
    bucket: options.bucket,
  };
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort();
    console.error("\nStopped. What was sent already stays; deploying again goes on from there.");
    process.exit(130);
  });
  const deployed = await deployBundle({
    bundle,
    name,
    owner,
    settings,
    overwrite: options.overwrite,
    wait: options.wait,
    timeoutMs: options.timeoutMs,
    pollMs: Number(process.env["DAGGR_DEPLOY_POLL_MS"]) || undefined,
    signal: interrupted.signal,
    confirm: (target) => confirmed(options, plan, target),
    onProgress: (text) => console.error(text),
    onLog: (line) => console.error(style("dim", `  | ${line}`)),
  });
  if (deployed === undefined) {
    console.error("Nothing was sent.");
    return leave(1);
  }
  print(
    options.isJson ? JSON.stringify(resultOf(deployed), null, 2) : describeResult(deployed, options.wait),
  );
  return leave(0);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A script may hold timers and connections open that nobody here needs. */
function leave(code: number): number {
  setTimeout(() => process.exit(code), 200).unref();
  return code;
}

/** The port that the script names, which the Space is then told. */
function portOf(launchOptions: LaunchOptions | undefined): number {
  const { host, port } = launchOptions ?? {};
  if (host !== undefined && /^(localhost|127\.|\[?::1)/.test(host))
    throw new DaggrError(
      "DEPLOY_HOST",
      `The script launches its graph on ${host}, where nobody reaches it on a Space. Leave host out of launch(): this machine's default is the same, and a Space's is right.`,
    );
  return port === undefined || port === 0 ? 7860 : port;
}

function planOf(options: DeployOptions, bundle: Bundle, space: string): Plan {
  const made = [...bundle.files, readmeFor(bundle, undefined)];
  const files = [...made, manifestOf(made)].map(fileOfPlan);
  const { sleepSeconds } = options;
  return {
    space,
    title: options.title ?? bundle.card.graphName,
    visibility: options.isPrivate ? "private" : "public",
    hardware: options.hardware ?? "cpu-basic",
    sleepTime:
      sleepSeconds === undefined
        ? "as the hardware has it (cpu-basic: after 48 hours)"
        : sleepSeconds < 0
          ? "never"
          : `after ${sleepSeconds} s without a visitor`,
    login: options.scopes ?? false,
    port: bundle.card.port,
    secrets: [...options.secrets.keys()],
    variables: Object.fromEntries([...options.variables].map(([key, value]) => [key, redact(value)])),
    bucket: options.bucket ?? null,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    notes: [...options.notes, ...bundle.notes],
  };
}

async function confirmed(options: DeployOptions, plan: Plan, target: Target): Promise<boolean> {
  const shown = { ...plan, space: `${target.id} (${target.exists ? "exists" : "new"})` };
  console.error(describePlan(shown));
  if (target.exists) {
    const { changes } = target;
    console.error(
      isEmpty(changes) ? "\nAll files are there already." : `\nThe commit:\n${describeChanges(changes)}`,
    );
  }
  if (options.isConfirmed) return true;
  if (process.stdin.isTTY !== true)
    throw new DaggrError(
      "NOT_CONFIRMED",
      "This sends files to Hugging Face. Nobody is here to ask, so nothing was sent: say --yes.",
    );
  const question = target.exists ? `Deploy to ${target.page}?` : `Create ${target.page} and deploy?`;
  return confirm(`\n${question}`);
}

function resultOf(deployed: Deployed): object {
  const { changes, url, commit, ...rest } = deployed;
  return {
    ...rest,
    url: url ?? null,
    commit: commit ?? null,
    files: {
      added: changes.added.map(({ path }) => path),
      changed: changes.changed.map(({ path }) => path),
      removed: changes.removed,
      unchanged: changes.unchanged.length,
    },
  };
}

function describeResult(deployed: Deployed, hasWaited: boolean): string {
  const { page, url, created, commit, changes, settings, isRunning } = deployed;
  const what =
    commit === undefined
      ? settings.length === 0
        ? "Nothing changed: the Space has these files and settings already, so that no commit was made."
        : "The files are the same, so that no commit was made."
      : `${created ? "Created" : "Updated"}: ${changes.added.length} new, ${changes.changed.length} changed, ${changes.removed.length} removed.`;
  const state =
    isRunning || commit === undefined
      ? ""
      : hasWaited
        ? "It does not run just now: a visitor wakes it."
        : "It is being built; its page shows how far it is.";
  return [
    what,
    ...settings.map((text) => `  ${text}`),
    ...(state === "" ? [] : [state]),
    `${style("green", "Space", process.stdout)}    ${page}`,
    ...(url === undefined ? [] : [`${style("green", "address", process.stdout)}  ${url}`]),
  ].join("\n");
}
