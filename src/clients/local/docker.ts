import { randomUUID } from "node:crypto";
import { dockerEnvironment, listening } from "./child-environment.ts";
import { short } from "./consent.ts";
import type { Preparing } from "./environment.ts";
import type { SpaceCard } from "./front-matter.ts";
import { localError } from "./local-errors.ts";
import type { Launchable, LocalOptions } from "./recipe.ts";
import { runKept } from "./run-kept.ts";

interface DockerSpace {
  readonly id: string;
  readonly commit: string;
  readonly folder: string;
  readonly card: SpaceCard;
  readonly options: LocalOptions;
  readonly token: string | undefined;
}

/** Builds a Docker Space's image. Throws `LOCAL_NO_DOCKER`, `LOCAL_INSTALL_FAILED`. */
export async function dockerLaunchable(space: DockerSpace, preparing: Preparing): Promise<Launchable> {
  const { id, commit, folder, card, options, token } = space;
  const { env, signal, onLine, onStep } = preparing;
  const own = dockerEnvironment(env);
  const run = (...command: [string, ...string[]]) =>
    runKept(command, { cwd: folder, env: own, signal, onLine });
  onStep("Asking for Docker");
  const engine = await runKept(["docker", "version", "--format", "{{.Server.Version}}"], {
    cwd: folder,
    env: own,
    signal,
    onLine: () => {},
  });
  if (engine.code !== 0) {
    throw localError(
      "LOCAL_NO_DOCKER",
      `Space '${id}' is a Docker Space, and no Docker engine answers on this machine.`,
      engine.error === undefined ? engine.log : [],
      { hint: "Start Docker (or Podman's docker), or use the Space on the Hub: fallback: true" },
    );
  }
  const image = `daggr-local-${id.toLowerCase().replace(/[^a-z0-9.-]+/g, "-")}:${commit.slice(0, 12)}`;
  onStep(`Building the image of ${id} at ${short(commit)}`);
  const built = await run("docker", "build", "--tag", image, ".");
  if (built.code !== 0)
    throw localError(
      "LOCAL_INSTALL_FAILED",
      `The image of Space '${id}' cannot be built (docker ended with ${built.code}).`,
      built.log,
    );
  return {
    identity: commit,
    start(port) {
      const name = `daggr-${randomUUID()}`;
      // By name alone: values on a command line are for everybody on this machine to read.
      const inside = {
        ...listening(card.appPort, "0.0.0.0"),
        ...(token === undefined ? {} : { HF_TOKEN: token }),
        ...options.env,
      };
      const names = Object.keys(inside).flatMap((variable) => ["--env", variable]);
      const place = ["--publish", `127.0.0.1:${port}:${card.appPort}`, "--user", "1000"];
      return {
        command: ["docker", "run", "--rm", "--init", "--name", name, ...place, ...names, image],
        cwd: folder,
        env: { ...own, ...inside },
        stop: ["docker", "rm", "--force", name],
      };
    },
  };
}
