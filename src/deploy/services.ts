import { join, relative, sep } from "node:path";
import { DaggrError } from "../base/errors.ts";
import type { GraphDefinition, NodeDefinition } from "../graph/definition.ts";
import type { Service } from "../graph/service.ts";
import type { Project } from "./project.ts";

/** What a graph needs besides its own modules. */
export interface ServiceNeeds {
  /** Files of Python apps. */
  readonly named: readonly { readonly path: string; readonly why: string }[];
  /** Folders, relative to the project, that get a Python environment with what their requirements.txt names. */
  readonly pythonFolders: readonly string[];
  /** Debian packages. */
  readonly packages: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The programs that a graph starts on its own machine, and what does not work from another machine.
 *
 * @throws DaggrError `DEPLOY_DEPENDENCY` for a Python app that does not say which packages it needs.
 */
export async function servicesOf(
  definition: GraphDefinition,
  project: Project,
  variables: ReadonlyMap<string, string>,
): Promise<ServiceNeeds> {
  const nodes = [...definition.nodes.values()].flatMap((node) => [node, ...node.variants]);
  const named: { path: string; why: string }[] = [];
  const folders = new Set<string>();
  const notes = nodes.flatMap(unreachable);
  const services = new Set(
    nodes.map(({ behaviour }) => behaviour.service).filter((one) => one !== undefined),
  );
  for (const service of services) {
    const code = await service.ownCode();
    if (code === undefined) notes.push(...agreement(service, variables));
    else {
      const folder = relative(project.folder, code.folder).split(sep).join("/");
      const requirements = join(code.folder, "requirements.txt");
      if (!code.files.includes(requirements))
        throw new DaggrError(
          "DEPLOY_DEPENDENCY",
          `${service.label} needs a requirements.txt beside it: on a Space nothing is installed but gradio and what that names.`,
        );
      for (const path of code.files) named.push({ path, why: `runs ${service.label}` });
      folders.add(folder);
    }
  }
  const packages = services.size === 0 ? [] : ["python3", "python3-venv"];
  return { named, pythonFolders: [...folders], packages, notes };
}

function unreachable({ name, behaviour }: NodeDefinition): string[] {
  const { hostname = "", host } = URL.parse(behaviour.sourceUrl ?? behaviour.source ?? "") ?? {};
  return /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(hostname)
    ? [`Node '${name}' calls ${host}, which is this machine: on the Space nobody answers there.`]
    : [];
}

/** Somebody else's code: who deploys has to agree to it by name. */
function agreement({ label }: Service, variables: ReadonlyMap<string, string>): string[] {
  const said = variables.get("DAGGR_RUN_LOCALLY") ?? "";
  if (/^(yes|1|true)$/i.test(said) || said.split(/[\s,]+/).includes(label)) return [];
  return [
    `Space '${label}' is to run inside of this one, with its authors' code. To agree: --variable DAGGR_RUN_LOCALLY=${label}`,
  ];
}
