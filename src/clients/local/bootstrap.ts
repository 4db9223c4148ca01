import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashText } from "../../base/json.ts";
import type { Environment } from "../tokens.ts";
import { localFolder } from "./local-folder.ts";

/**
 * Runs an app's file as `python app.py` would, with two differences: wherever its code says that it wants to listen,
 * it listens where we look for it, on this machine only and without a share link; and on Linux it ends with its keeper.
 * Python is given this program, the file and the port.
 */
const BOOTSTRAP = `
import os, runpy, sys

def end_with_keeper():
    if sys.platform.startswith("linux"):
        try:
            import ctypes, signal
            ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
        except Exception:
            pass

end_with_keeper()
path, port = sys.argv[1], int(sys.argv[2])
sys.argv = [path] + sys.argv[3:]
sys.path[0] = os.path.dirname(path)
try:
    import gradio
except ModuleNotFoundError as error:
    if error.name != "gradio":
        raise
    print("DAGGR_NO_GRADIO")
    sys.exit(86)

import functools, inspect
launch = gradio.Blocks.launch
signature = inspect.signature(launch)

@functools.wraps(launch)
def launch_here(*args, **kwargs):
    given = signature.bind(*args, **kwargs)
    here = {"server_name": "127.0.0.1", "server_port": port, "share": False, "inbrowser": False, "root_path": None,
            "ssl_keyfile": None, "ssl_certfile": None, "quiet": True, "show_error": True}
    for name, value in here.items():
        if name in signature.parameters:
            given.arguments[name] = value
    return launch(*given.args, **given.kwargs)

gradio.Blocks.launch = launch_here
for name in ("Interface", "ChatInterface", "TabbedInterface"):
    kind = getattr(gradio, name, None)
    if kind is not None and "launch" in vars(kind):
        kind.launch = launch_here
try:
    runpy.run_path(path, run_name="__main__")
except Exception:
    import traceback
    kind, error, trace = sys.exc_info()
    # Of the frames only those of the app are of use.
    while trace is not None and (trace.tb_frame.f_code.co_filename == __file__ or trace.tb_frame.f_globals.get("__name__") == "runpy"):
        trace = trace.tb_next
    traceback.print_exception(kind, error, trace)
    sys.exit(1)
`.trimStart();

/** Where that program is: written once, read by every start. */
export async function bootstrapFile(env: Environment): Promise<string> {
  const folder = localFolder(env);
  const path = join(folder, `run-app-${hashText(BOOTSTRAP).slice(0, 8)}.py`);
  if ((await readFile(path, "utf8").catch(() => "")) === BOOTSTRAP) return path;
  await mkdir(folder, { recursive: true });
  // Several apps start at once.
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(temporary, BOOTSTRAP);
  await rename(temporary, path);
  return path;
}

/** The exit code with which it says that the environment has no Gradio. */
export const NO_GRADIO = 86;
