/** What the image of a Space depends on. */
export interface ImageOptions {
  readonly script: string;
  readonly port: number;
  /** Files that the install reads. */
  readonly needed: readonly string[];
  readonly install: string;
  /** The script calls `graph.launch()` itself; else the command serves its graph. */
  readonly launchesItself: boolean;
  /** Debian packages. */
  readonly packages: readonly string[];
  /** Folders with Python apps; each gets an environment with what its requirements.txt names. */
  readonly pythonFolders: readonly string[];
}

/** uid 1000, as whom a Space runs, is `node` in this image. */
const IMAGE = "node:24-slim";
const FOLDER = "/home/node/app";

/** The Dockerfile: packages first, so that an image with the same ones is built from the cache. */
export function dockerfile(options: ImageOptions): string {
  const { script, port, needed, install, launchesItself, packages } = options;
  const [top, nested] = [
    needed.filter((path) => !path.includes("/")),
    needed.filter((path) => path.includes("/")),
  ];
  const lines = [
    "# Made by `daggr deploy`, which writes it anew each time.",
    `FROM ${IMAGE}`,
    ...(packages.length === 0
      ? []
      : [
          `RUN apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")} && rm -rf /var/lib/apt/lists/*`,
        ]),
    "# A Space runs as uid 1000, which is `node` in this image.",
    `RUN install -d -o 1000 -g 1000 ${FOLDER}`,
    `ENV NODE_ENV=production HF_HOME=/home/node/.cache/huggingface DAGGR_HOST=0.0.0.0 DAGGR_PORT=${port}`,
    "USER node",
    `WORKDIR ${FOLDER}`,
    `COPY --chown=1000:1000 ${json([...top, "./"])}`,
    ...nested.map((path) => `COPY --chown=1000:1000 ${json([path, `./${path}`])}`),
    `RUN ${install}`,
    ...options.pythonFolders.flatMap(pythonEnvironment),
    "COPY --chown=1000:1000 . .",
    `EXPOSE ${port}`,
    `CMD ${json(command(script, launchesItself))}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Made with the image, so that the Space does not make it anew whenever it starts. */
function pythonEnvironment(folder: string): string[] {
  const at = folder === "" ? "" : `${folder}/`;
  const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;
  return [
    `COPY --chown=1000:1000 ${json([`${at}requirements.txt`, `./${at}requirements.txt`])}`,
    `RUN python3 -m venv ${quoted(`${at}.venv`)} && ${quoted(`${at}.venv/bin/pip`)} install --no-cache-dir gradio -r ${quoted(`${at}requirements.txt`)}`,
  ];
}

function command(script: string, launchesItself: boolean): string[] {
  return launchesItself
    ? ["node", "--enable-source-maps", script]
    : ["node", "node_modules/daggr/bin/daggr.js", script, "--no-reload", "--no-typecheck", "--no-open"];
}

const json = (words: readonly string[]): string =>
  `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;

/** Nothing of these is in the repository; whoever builds the image from a working copy has them. */
export const dockerIgnore = `${[".git", "**/node_modules", "**/.venv", "**/.env*", ".daggr_sessions*", ".daggr_files", "**/*.log"].join("\n")}\n`;
