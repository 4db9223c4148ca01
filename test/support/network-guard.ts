/**
 * The setup file of every suite: nothing leaves this machine, from here or from a Node started here, and
 * nothing of the person who runs the tests (tokens, settings, caches) reaches them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "./network-guard.mjs";

const preload = `--import=${new URL("./network-guard.mjs", import.meta.url).href}`;

const options = process.env.NODE_OPTIONS ?? "";
if (!options.includes(preload)) process.env.NODE_OPTIONS = `${options} ${preload}`.trim();

for (const name of Object.keys(process.env)) {
  if (/^(HF_|HUGGING_?FACE|GRADIO_|DAGGR_(?!NETWORK_RECORD)|SPACE_|SPACES_)/.test(name))
    delete process.env[name];
}
const hubHome = mkdtempSync(join(tmpdir(), "daggr-test-hf-"));
process.env.HF_HOME = hubHome;
process.once("exit", () => rmSync(hubHome, { recursive: true, force: true }));
