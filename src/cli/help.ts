export const help = `daggr - AI workflows in TypeScript, on a live canvas

  daggr <script>            opens the canvas; reloads when the script or its imports change
  daggr run <script>        runs the workflow once, without a server
  daggr sheets <script>     lists, exports, imports, duplicates and deletes saved sheets
  daggr deploy <script>     puts the workflow into a Space of Hugging Face
  daggr upstream <script>   tells what changed of the Spaces and models that it uses

  daggr inspect <space>     tells what a Gradio app offers, as a table and as a node to paste
  daggr add <space>         writes a Gradio app's types, so that endpoints and parameters are checked
  daggr pin <space>         tells how to keep a Space as it was: on this machine, or as a copy
  daggr local               Spaces and environments on this machine, and which code may run here

  daggr login               logs this machine in to Hugging Face
  daggr logout              ends that login
  daggr whoami              tells whose token is used
  daggr doctor              tells what is installed, what is missing and what to do about it

  daggr --version, daggr --help, daggr <command> --help

Options of daggr <script>:
  --port <number>          default 7860; when it is taken, the next free one
  --host <address>         default 127.0.0.1; any other asks visitors for a token
  --share                  makes a link for others, through Gradio's share service, for a week
  --no-open                does not open the browser
  --no-reload              does not watch the script
  --no-typecheck           does not check types beside it
  --quiet, -q              does not tell which steps failed
  --state-db-path <file>   where results are kept; default .daggr_sessions.db
  --dependency-check <skip|error|update>   when a Space or model has changed: does not look, refuses, accepts
  --delete-sheets          deletes the saved sheets and results of this workflow, and ends
  --yes, -y                answers its question with yes

Environment: DAGGR_PORT, DAGGR_HOST, DAGGR_DB_PATH, GRADIO_SERVER_PORT, GRADIO_SERVER_NAME, HF_TOKEN,
  DAGGR_DEPENDENCY_CHECK, DAGGR_RUN_LOCALLY`;

const run = `daggr run <script> [-i node.port=value …] - runs the workflow once, without a server

  -i, --input <node.port=value>   the value of an input; files are paths, lists are JSON
  --json                          outputs as JSON
  -o, --output <folder>           where files of the outputs go; default daggr-output
  --sheet <name>                  keeps the results on this sheet
  --mode <all|stale>              stale reuses what is fresh on the sheet; default all
  --nodes <a,b>                   only these nodes and what they need
  --variant <choice=name>         the variant of a choice
  --state-db-path <file>          where sheets are kept
  --dependency-check <skip|error|update>   when a Space or model has changed: does not look, refuses, accepts

Progress goes to stderr, outputs to stdout. Ends with 1 when a node failed, 130 when Ctrl-C stopped it.`;

const sheets = `daggr sheets - the saved sheets of a workflow, whether it is served just now or not

  daggr sheets list <script>                 their names, when they were last changed, how many results
  daggr sheets export <script> [sheet…]      each into one file with results and files: <workflow> - <sheet>.daggr.zip
  daggr sheets import <script> <file…>       makes sheets of such files
  daggr sheets duplicate <script> [sheet]    a copy with everything that is on it
  daggr sheets delete <script> <sheet…>      asks first

  -o, --output <file>       where an export goes; a folder ends with /
  --name <name>             what the imported sheet or the copy is called
  --all                     every sheet (export, delete)
  --json                    what was found or made, as JSON
  --yes, -y                 deletes without asking
  --state-db-path <file>    where sheets are kept; default .daggr_sessions.db

A sheet is named by its name or its id; where there is only one it need not be named.`;

const deploy = `daggr deploy <script> - puts the workflow into a Space of Hugging Face, or updates the one that is there

  --dry-run                       shows every file and setting, sends nothing, needs no token
  -n, --name <name>               default: made of the graph's name; also owner/name
  -o, --org <organization>        default: your own account
  -t, --title <text>              default: the graph's name
  -p, --private                   only you, or your organization, can see it
  --hardware <name>               cpu-basic (default, free), cpu-upgrade, t4-small, …
  --sleep-time <time>             3600, 30m, 2h, 1d or never; on paid hardware
  --bucket <owner/name>           keeps results in this bucket, mounted at /data
  -s, --secret <NAME[=value]>     without a value: from the environment, else asked for
  --variable <NAME=value>         everybody can read it
  --scopes <a,b>                  what a login allows; default inference-api; none: no login
  -i, --include <path or glob>    further files; also "daggr": { "deploy": { "include": […] } } in package.json
  --overwrite                     also a Space that holds something else
  --no-wait                       does not wait until it runs
  --timeout <minutes>             waits so long; default 20
  --json                          the plan, or what was done, as JSON
  -y, --yes                       does not ask before it sends

Needs a token with the role 'write': daggr login --token, hf auth login, or HF_TOKEN. Ends with 1 when the Space does not run.`;

const upstream = `daggr upstream <script> - what changed of the Spaces and models that a script uses

  --accept [id …]           accepts what is there now, of all or of these
  --json                    what was found, as JSON
  --state-db-path <file>    the database that the record stands beside; default .daggr_sessions.db

Ends with 1 when something changed that nobody has accepted. What was accepted is in .daggr_upstream.json.`;

const pin = `daggr pin <owner/name> - how to keep a Space as it was

  --revision <commit>       default: what was accepted here
  --duplicate               makes a Space of yours from that revision
  --to <owner/name>         what it is called; default: yours, named after the original and the commit
  --public                  everybody may see it; default: private
  --hardware <name>         default: the free one
  --state-db-path <file>    the database that the record stands beside; default .daggr_sessions.db`;

const local = `daggr local - what is kept to run Spaces and Python apps on this machine, and which code may run here

  daggr local list                  downloaded Spaces, Python environments, what was agreed to, and their sizes
  daggr local trust <space…>        agrees to run this code here, as it is now (or at --revision <commit>)
  daggr local distrust <space…>     takes that back
  daggr local remove <space…>       deletes its files and its environment; asks first

  --all         everything that is kept (remove)
  --json        what is kept, as JSON (list)
  --yes, -y     deletes without asking

DAGGR_RUN_LOCALLY agrees without a question: yes for every Space, no for none, or the ids of some.`;

const doctor = `daggr doctor - tells versions, token, folders and programs, and what to do about what is missing

  --json    as JSON, without the token

Ends with 1 when something keeps daggr from working; what is only missing is no failure.`;

const login = `daggr login - logs this machine in to Hugging Face, for daggr alone

  --token      reads a token from stdin, or asks for it, instead of showing a code
  --no-open    does not open the browser

Shows a code, which you compare on Hugging Face, and waits for you there. That needs the id of an application there
(DAGGR_OAUTH_CLIENT_ID); without one, paste a token, or use: hf auth login. The token of Hugging Face's own tools and
HF_TOKEN are used without a login here.`;

const logout = "daggr logout - ends the login of daggr login; what another tool has saved stays";

const whoami = `daggr whoami - whose token is used, and where it comes from

  --json    as JSON, without the token

Ends with 1 when nobody is logged in, or the token is not accepted.`;

const inspect = `daggr inspect <space> - what a Gradio app offers, as a table and as a node to paste into a script

  <space> is a Space (owner/name), the address of its page or of any Gradio app, or a Python app's path (./tools.py).

  -e, --endpoint <name>   this endpoint only
  --code                  only the node, for a file: daggr inspect owner/name --code > node.ts
  --json                  everything, as JSON
  --wait <seconds>        how long to wait for a Space that sleeps or starts; default 300`;

const add = `daggr add [<space>…] - writes types of Gradio apps to daggr-env.d.ts, beside tsconfig.json

  daggr add owner/name …    adds apps, or brings their types up to date
  daggr add                 brings all that were added up to date
  daggr add --check         changes nothing; ends with 1 and tells the differences when an app has changed
  daggr add --remove <space>…

  --json                    what --check found, as JSON
  --wait <seconds>          how long to wait for a Space that sleeps or starts; default 300`;

/** The help of one command. */
export function helpOf(command: string | undefined): string | undefined {
  return command === undefined
    ? undefined
    : { run, sheets, deploy, upstream, pin, inspect, add, local, doctor, login, logout, whoami }[command];
}
