export const help = `daggr - AI workflows in TypeScript, on a live canvas

  daggr <script>        opens the canvas; reloads when the script or its imports change
  daggr run <script>    runs the workflow once, without a server
  daggr sheets <script> lists, exports, imports, duplicates and deletes saved sheets
  daggr doctor          what is installed, what is missing and what to do about it

  daggr --version, daggr --help, daggr <command> --help

Options of daggr <script>:
  --port <number>          default 7860; when it is taken, the next free one
  --host <address>         default 127.0.0.1; any other asks visitors for a token
  --no-open                does not open the browser
  --no-reload              does not watch the script
  --no-typecheck           does not check types beside it
  --quiet, -q              does not tell which steps failed
  --state-db-path <file>   where results are kept; default .daggr_sessions.db
  --delete-sheets          deletes the saved sheets and results of this workflow, and ends
  --yes, -y                answers its question with yes

Environment: DAGGR_PORT, DAGGR_HOST, DAGGR_DB_PATH, GRADIO_SERVER_PORT, GRADIO_SERVER_NAME, HF_TOKEN`;

const run = `daggr run <script> [-i node.port=value …] - runs the workflow once, without a server

  -i, --input <node.port=value>   the value of an input; files are paths, lists are JSON
  --json                          outputs as JSON
  -o, --output <folder>           where files of the outputs go; default daggr-output
  --sheet <name>                  keeps the results on this sheet
  --mode <all|stale>              stale reuses what is fresh on the sheet; default all
  --nodes <a,b>                   only these nodes and what they need
  --variant <choice=name>         the variant of a choice
  --state-db-path <file>          where sheets are kept

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

const doctor =
  "daggr doctor - tells versions, token, folders and programs, and what to do about what is missing";

/** The help of one command. */
export function helpOf(command: string | undefined): string | undefined {
  return command === undefined ? undefined : { run, sheets, doctor }[command];
}
