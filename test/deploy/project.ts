/** Projects to deploy, and the command that does, at the Hub on this machine. */
import { makeProject, runDaggr, writeFiles } from "../cli/command.ts";
import type { HubStub } from "../hub/hub-stub.ts";

export const script = `import { FnNode, Graph, gr } from "daggr";
import { shout } from "./lib/shout.ts";
const node = new FnNode(({ text }: { text: string }) => shout(text), { name: "shout", inputs: { text: gr.Textbox() }, outputs: { loud: gr.Textbox() } });
await new Graph({ name: "Loud thoughts", nodes: [node] }).launch();
`;

export const files = {
  "app.ts": script,
  "lib/shout.ts": "export const shout = (text: string): string => text.toUpperCase();\n",
  "package.json": JSON.stringify(
    { name: "loud", type: "module", dependencies: { daggr: "^0.1.0" } },
    null,
    2,
  ),
};

export function project(more: Readonly<Record<string, string>> = {}): string {
  const folder = makeProject({});
  writeFiles(folder, { ...files, ...more });
  return folder;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `daggr deploy app.ts …` with this token, as nobody at a terminal. */
export function deploy(
  hub: HubStub | undefined,
  token: string | undefined,
  cwd: string,
  args: readonly string[] = ["--yes"],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return runDaggr(["deploy", "app.ts", ...args], {
    cwd,
    env: {
      HF_ENDPOINT: hub?.url ?? "http://127.0.0.1:9",
      ...(token === undefined ? {} : { HF_TOKEN: token }),
      DAGGR_DEPLOY_POLL_MS: "20",
      ...env,
    },
  });
}
