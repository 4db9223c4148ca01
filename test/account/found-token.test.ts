/** The token of this machine is the one that Python's `huggingface_hub` finds in the same environment. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hubTokenPath } from "../../src/clients/hub-environment.ts";
import { saveLogin } from "../../src/clients/login/saved-login.ts";
import {
  hubEndpoint,
  hubHome,
  hubToken,
  isHubOffline,
  keepMachineTokenBack,
  machineToken,
} from "../../src/clients/tokens.ts";
import { pythonPath } from "../support/python.ts";

type Variables = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), "daggr-token-"));
const home = join(folder, "home");

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}
put("home/.cache/huggingface/token", "hf_default\n");
put("elsewhere/token", "  hf_hf_home \r\n\n");
put("xdg/huggingface/token", "hf_xdg");
put("own/secret", "hf_token_path");
put("empty/token", " \n");
put("home/mine/token", "hf_tilde");
mkdirSync(join(folder, "bare"));

const HOME = { HOME: home };
const cases: Readonly<Record<string, Variables>> = {
  "the default file": HOME,
  "HF_TOKEN before the file": { ...HOME, HF_TOKEN: "hf_variable" },
  "HF_TOKEN with spaces and lines around it": { ...HOME, HF_TOKEN: " \r\nhf_variable\n " },
  "a line inside": { ...HOME, HF_TOKEN: "hf_var\niable" },
  "the old variable": { ...HOME, HUGGING_FACE_HUB_TOKEN: "hf_old" },
  "both variables": { ...HOME, HF_TOKEN: "hf_new", HUGGING_FACE_HUB_TOKEN: "hf_old" },
  "an empty HF_TOKEN and the old one": { ...HOME, HF_TOKEN: "", HUGGING_FACE_HUB_TOKEN: "hf_old" },
  "HF_TOKEN of spaces and the old one": { ...HOME, HF_TOKEN: "  ", HUGGING_FACE_HUB_TOKEN: "hf_old" },
  HF_HOME: { ...HOME, HF_HOME: join(folder, "elsewhere") },
  "HF_HOME with a tilde": { ...HOME, HF_HOME: "~/mine" },
  "HF_HOME with a variable": { ...HOME, HF_HOME: "$BASE/elsewhere", BASE: folder },
  "HF_HOME with braces": { ...HOME, HF_HOME: ["$", "{BASE}/elsewhere"].join(""), BASE: folder },
  "HF_HOME with an unknown variable": { ...HOME, HF_HOME: "$NOWHERE/elsewhere" },
  "HF_HOME that is not there": { ...HOME, HF_HOME: join(folder, "missing") },
  XDG_CACHE_HOME: { ...HOME, XDG_CACHE_HOME: join(folder, "xdg") },
  "XDG_CACHE_HOME and HF_HOME": {
    ...HOME,
    XDG_CACHE_HOME: join(folder, "xdg"),
    HF_HOME: join(folder, "elsewhere"),
  },
  HF_TOKEN_PATH: { ...HOME, HF_TOKEN_PATH: join(folder, "own/secret") },
  "HF_TOKEN_PATH with a tilde": { ...HOME, HF_TOKEN_PATH: "~/mine/token" },
  "HF_TOKEN_PATH with a variable": { ...HOME, HF_TOKEN_PATH: "$BASE/own/secret", BASE: folder },
  "HF_TOKEN_PATH and HF_HOME": {
    ...HOME,
    HF_TOKEN_PATH: join(folder, "own/secret"),
    HF_HOME: join(folder, "elsewhere"),
  },
  "HF_TOKEN_PATH that is a folder": { ...HOME, HF_TOKEN_PATH: folder },
  "an empty file": { ...HOME, HF_HOME: join(folder, "empty") },
  "no file": { ...HOME, HF_HOME: join(folder, "bare") },
  "another user's home": { ...HOME, HF_HOME: "~nobody-of-that-name/x" },
  "implicit tokens forbidden": { ...HOME, HF_TOKEN: "hf_variable", HF_HUB_DISABLE_IMPLICIT_TOKEN: "yes" },
  "implicit tokens allowed in so many words": {
    ...HOME,
    HF_TOKEN: "hf_variable",
    HF_HUB_DISABLE_IMPLICIT_TOKEN: "0",
  },
  offline: { ...HOME, HF_HUB_OFFLINE: "1" },
  "offline in words": { ...HOME, HF_HUB_OFFLINE: "True" },
  "offline for transformers": { ...HOME, TRANSFORMERS_OFFLINE: "on" },
  "not offline outweighs transformers": { ...HOME, HF_HUB_OFFLINE: "0", TRANSFORMERS_OFFLINE: "1" },
  "an empty switch leaves it to transformers": { ...HOME, HF_HUB_OFFLINE: "", TRANSFORMERS_OFFLINE: "1" },
  "another Hub": { ...HOME, HF_ENDPOINT: "https://hub.example/" },
};

let python: Readonly<Record<string, unknown>>[];
beforeAll(() => {
  const input = JSON.stringify(Object.values(cases));
  const told = execFileSync(pythonPath, [join(import.meta.dirname, "found-token.py")], {
    input,
    encoding: "utf8",
  });
  python = JSON.parse(told);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.entries(cases).map(([name, env], index) => ({ name, env, index })))(
  "$name",
  async ({ env, index }) => {
    expect({
      token: (await hubToken(undefined, env)) ?? null,
      home: hubHome(env),
      path: hubTokenPath(env),
      offline: isHubOffline(env),
      endpoint: hubEndpoint(env),
    }).toEqual(python[index]);
  },
);

test("a given token comes before everything, and false sends none", async () => {
  const env = { HF_TOKEN: "hf_variable", HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" };
  expect(await hubToken("hf_given", env)).toBe("hf_given");
  expect(await hubToken(false, { HF_TOKEN: "hf_variable" })).toBeUndefined();
});

test("a login of daggr's own comes after variables and before the file of other tools, and only for its Hub", async () => {
  const env = { HF_HOME: join(folder, "elsewhere"), HF_ENDPOINT: "http://127.0.0.1:1" };
  await saveLogin({ token: "hf_logged_in", endpoint: "http://127.0.0.1:1", name: "ada" }, env);
  expect((await machineToken(env))?.token).toBe("hf_logged_in");
  expect((await machineToken({ ...env, HF_TOKEN: "hf_variable" }))?.place).toBe("HF_TOKEN");
  expect((await machineToken({ ...env, HF_ENDPOINT: "http://127.0.0.1:2" }))?.token).toBe("hf_hf_home");
});

test("a server with visitors gives this machine's token to nobody who does not name it", async () => {
  const env = { HF_TOKEN: "hf_variable" };
  const end = keepMachineTokenBack();
  expect(await hubToken(undefined, env)).toBeUndefined();
  expect(await hubToken("hf_given", env)).toBe("hf_given");
  end();
  end();
  expect(await hubToken(undefined, env)).toBe("hf_variable");
});
