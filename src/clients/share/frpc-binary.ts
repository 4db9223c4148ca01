import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { clientError, networkReason } from "../client-errors.ts";
import { readChunks, send } from "../http.ts";
import { type Environment, hubHome } from "../tokens.ts";

/** The version of the tunnel's client that Gradio 6 uses, and where Hugging Face keeps it. */
const VERSION = "0.3";
const FOLDER = `https://cdn-media.huggingface.co/frpc-gradio-${VERSION}/`;
const MOST_BYTES = 64 * 1024 * 1024;

/** SHA-256 by name, as published with Gradio. What is not in it is not run. */
const CHECKSUMS: Readonly<Record<string, string>> = {
  "frpc_windows_amd64.exe": "14bc0ea470be5d67d79a07412bd21de8a0a179c6ac1116d7764f68e942dc9ceb",
  frpc_linux_amd64: "c791d1f047b41ff5885772fc4bf20b797c6059bbd82abb9e31de15e55d6a57c4",
  frpc_linux_arm64: "823ced25104de6dc3c9f4798dbb43f20e681207279e6ab89c40e2176ccbf70cd",
  frpc_darwin_amd64: "930f8face3365810ce16689da81b7d1941fda4466225a7bbcbced9a2916a6e15",
  frpc_darwin_arm64: "dfac50c690aca459ed5158fad8bfbe99f9282baf4166cf7c410a6673fbc1f327",
  frpc_linux_arm: "4b563beb2e36c448cc688174e20b53af38dc1ff2b5e362d4ddd1401f2affbfb7",
  frpc_freebsd_386: "cb0a56c764ecf96dd54ed601d240c564f060ee4e58202d65ffca17c1a51ce19c",
  frpc_freebsd_amd64: "516d9e6903513869a011ddcd1ec206167ad1eb5dd6640d21057acc258edecbbb",
  frpc_linux_386: "4c2f2a48cd71571498c0ac8a4d42a055f22cb7f14b4b5a2b0d584220fd60a283",
  frpc_linux_mips: "b309ecd594d4f0f7f33e556a80d4b67aef9319c00a8334648a618e56b23cb9e0",
  frpc_linux_mips64: "0372ef5505baa6f3b64c6295a86541b24b7b0dbe4ef28b344992e21f47624b7b",
  frpc_linux_riscv64: "1658eed7e8c14ea76e1d95749d58441ce24147c3d559381832c725c29cfc3df3",
  frpc_linux_mipsle: "a2aaba16961d3372b79bd7a28976fcd0f0bbaebc2b50d5a7a71af2240747960f",
  "frpc_windows_386.exe": "721b90550195a83e15f2176d8f85a48d5a25822757cb872e9723d4bccc4e5bb6",
  frpc_linux_mips64le: "796481edd609f31962b45cc0ab4c9798d040205ae3bf354ed1b72fb432d796b8",
};

const SYSTEMS: Readonly<Record<string, string>> = { win32: "windows" };
const MACHINES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", mipsel: "mipsle" };

export interface BinaryOptions {
  readonly env?: Environment;
  readonly platform?: string;
  readonly arch?: string;
  readonly folder?: string;
  readonly checksums?: Readonly<Record<string, string>>;
}

/**
 * The path of the tunnel's client, which is downloaded once into the folder that Gradio uses too. It is checked
 * before it gets there, and again each time: a file that is not the published one is never run.
 *
 * @throws DaggrError `SHARE_UNSUPPORTED`, `SHARE_UNREACHABLE`, `SHARE_CHECKSUM`
 */
export async function frpcBinary({
  env = process.env,
  platform = process.platform,
  arch = process.arch,
  folder = FOLDER,
  checksums = CHECKSUMS,
}: BinaryOptions = {}): Promise<string> {
  const name = `frpc_${SYSTEMS[platform] ?? platform}_${MACHINES[arch] ?? arch}`;
  const file = platform === "win32" ? `${name}.exe` : name;
  const expected = checksums[file];
  if (expected === undefined) {
    throw clientError(
      "SHARE_UNSUPPORTED",
      `Gradio's share service has no client for ${platform} on ${arch}. Share through a tunnel of your own: launch({ share: { start } }).`,
    );
  }
  const kept = join(hubHome(env), "gradio", "frpc");
  const path = join(kept, `${name}_v${VERSION}`);
  const known = await readFile(path).catch(() => undefined);
  if (known !== undefined && sha256(known) === expected) return path;
  await mkdir(kept, { recursive: true });
  const bytes = await download(new URL(file, folder));
  const got = sha256(bytes);
  if (got !== expected) {
    throw clientError(
      "SHARE_CHECKSUM",
      `What was downloaded from ${new URL(file, folder)} is not the file that Gradio publishes: it is not run. Try again; if it stays so, somebody on the way changes it.`,
      { expected, got },
    );
  }
  await putInPlace(path, bytes);
  return path;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function download(url: URL): Promise<Buffer> {
  try {
    const response = await send(url, { timeoutMs: 30_000 });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of readChunks(response, 30_000)) {
      size += chunk.length;
      if (size > MOST_BYTES) throw new Error("it is too large");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw clientError(
      "SHARE_UNREACHABLE",
      `The client of Gradio's share service could not be downloaded from ${url}: ${networkReason(error)}. Try again later, or share through a tunnel of your own.`,
      { cause: error },
    );
  }
}

/** Whole or not at all, also when two processes do it at once. */
async function putInPlace(path: string, bytes: Buffer): Promise<void> {
  const part = `${path}.${randomBytes(6).toString("hex")}.part`;
  try {
    const file = await open(part, "wx", 0o755);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(part, 0o755);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
