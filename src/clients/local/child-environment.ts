import type { Environment } from "../tokens.ts";

/** What a program needs to find its way on this machine, by name or by how the name begins. No secret is among them. */
const ALLOWED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TERM|TMPDIR|TMP|TEMP|XDG_.*|HF_HOME|HF_HUB_CACHE|HUGGINGFACE_HUB_CACHE|HF_DATASETS_CACHE|HF_ENDPOINT|HF_HUB_OFFLINE|TRANSFORMERS_OFFLINE|TORCH_HOME|CUDA_.*|NVIDIA_.*|HIP_.*|ROCR_.*|HSA_.*|PYTORCH_.*|OMP_.*|MKL_.*|LD_LIBRARY_PATH|DYLD_.*|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|HTTPS?_PROXY|ALL_PROXY|NO_PROXY|https?_proxy|all_proxy|no_proxy|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*|NUMBER_OF_PROCESSORS|PROCESSOR_.*|OS)$/i;

/** `NVIDIA_API_KEY` begins like what a graphics card needs. */
const SECRET = /(TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL)S?$/i;

/** Where packages come from: for their installation alone, because a private index's address holds its password. */
const FOR_INSTALLING = /^(PIP_.*|UV_.*|NETRC)$/;

const DOCKER = /^DOCKER_.*$/;

function pick(env: Environment, also?: RegExp): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const isNeeded = (ALLOWED.test(name) && !SECRET.test(name)) || also?.test(name) === true;
    if (value !== undefined && isNeeded) picked[name] = value;
  }
  return picked;
}

/** What every program that we start may know of this process's environment. */
export function allowedEnvironment(env: Environment): Record<string, string> {
  return pick(env);
}

/** For pip and uv. */
export function installEnvironment(env: Environment): Record<string, string> {
  return {
    ...pick(env, FOR_INSTALLING),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    PYTHONUNBUFFERED: "1",
    UV_NO_PROGRESS: "1",
  };
}

/** For the Docker client. */
export function dockerEnvironment(env: Environment): Record<string, string> {
  return pick(env, DOCKER);
}

export interface AppEnvironment {
  readonly env: Environment;
  readonly port: number;
  /** The folder of the interpreter, which comes first on the path. */
  readonly pythonFolder?: string;
  /** The user's own code finds its modules as in their terminal. */
  readonly isOwnCode: boolean;
  /** Only when the script says so. */
  readonly token?: string | undefined;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** For a Gradio app: where it listens, no telemetry, no token unless the script says so. */
export function appEnvironment({ env, port, pythonFolder, isOwnCode, token, extra }: AppEnvironment) {
  const allowed = pick(env, isOwnCode ? /^PYTHON(PATH|HASHSEED|WARNINGS|DONTWRITEBYTECODE)$/ : undefined);
  const separator = process.platform === "win32" ? ";" : ":";
  return {
    ...allowed,
    ...(pythonFolder === undefined ? {} : { PATH: `${pythonFolder}${separator}${allowed["PATH"] ?? ""}` }),
    ...listening(port),
    // Without these a saved login would be found and sent.
    ...(token === undefined
      ? { HF_HUB_DISABLE_IMPLICIT_TOKEN: "1", HF_TOKEN_PATH: "no-token" }
      : { HF_TOKEN: token }),
    ...extra,
  };
}

/** What a Gradio app is told of its place. */
export function listening(port: number, host = "127.0.0.1"): Record<string, string> {
  return {
    GRADIO_SERVER_NAME: host,
    GRADIO_SERVER_PORT: String(port),
    PORT: String(port),
    GRADIO_ANALYTICS_ENABLED: "False",
    GRADIO_SHARE: "False",
    GRADIO_SSR_MODE: "False",
    HF_HUB_DISABLE_TELEMETRY: "1",
    DO_NOT_TRACK: "1",
    PYTHONUNBUFFERED: "1",
    // Colours belong into a terminal.
    NO_COLOR: "1",
  };
}
