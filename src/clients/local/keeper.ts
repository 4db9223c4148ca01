/**
 * The process that keeps one other program: an app, or the installation of its packages. It ends with the last of
 * its holders, also when they are killed; nothing of what it started outlives it. Needs nothing but Node.js.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { rmdirSync, unlinkSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { FromKeeper, Order } from "./keeper-messages.ts";

const MOST_LINES = 400;
const LONGEST_LINE = 4000;
/** How long a program may take to end in good order. */
const POLITE_MS = 2000;
/** Whoever ordered must hold by then. */
const UNHELD_MS = 10_000;
/** A holder that does not read is told no more lines. */
const MOST_UNREAD = 1_000_000;

const lines: FromKeeper[] = [];
const holders = new Set<Socket>();
let child: ChildProcess | undefined;
let order: Order | undefined;
let isStopping = false;
let wasHeld = false;
/** How the program ended, before anybody could hold it. */
let ended: FromKeeper | undefined;

function tell(message: FromKeeper): void {
  const text = `${JSON.stringify(message)}\n`;
  for (const holder of holders) {
    if (message.type !== "line" || holder.writableLength < MOST_UNREAD) holder.write(text);
  }
}

function kill(signal: NodeJS.Signals): void {
  const pid = child?.pid;
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it is gone already.
  }
}

function stop(): void {
  if (isStopping) return;
  isStopping = true;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return leave();
  kill("SIGTERM");
  setTimeout(leave, POLITE_MS);
}

function leave(): void {
  kill("SIGKILL");
  const [program, ...args] = order?.stop ?? [];
  if (program !== undefined) spawnSync(program, args, { stdio: "ignore", timeout: 10_000, env: order?.env });
  try {
    if (order !== undefined && process.platform !== "win32") {
      unlinkSync(order.socket);
      rmdirSync(dirname(order.socket));
    }
  } catch {
    // Others are in the same folder.
  }
  for (const holder of holders) holder.end();
  setTimeout(() => process.exit(0), 50);
}

function release(holder: Socket): void {
  holders.delete(holder);
  if (holders.size === 0) stop();
}

function hold(socket: Socket, about: Order["about"]): void {
  holders.add(socket);
  wasHeld = true;
  const hello: FromKeeper = { type: "hello", pid: child?.pid ?? 0, about };
  const known = ended === undefined ? [hello, ...lines] : [hello, ...lines, ended];
  socket.write(known.map((message) => `${JSON.stringify(message)}\n`).join(""));
  if (ended !== undefined) {
    isStopping = true;
    leave();
    return;
  }
  socket.on("error", () => socket.destroy());
  createInterface({ input: socket }).on("line", (text) => {
    // What the program has printed until now was read in this turn of the event loop at the latest.
    if (text === "flush") setImmediate(() => socket.write(`${JSON.stringify({ type: "flushed" })}\n`));
    // Only the last one waits until the program is gone.
    else if (holders.size > 1) socket.end();
    else stop();
  });
  socket.on("close", () => release(socket));
}

function start(given: Order): void {
  order = given;
  const [program, ...args] = given.command;
  child = spawn(program, args, {
    cwd: given.cwd,
    env: given.env,
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (text) => {
      const line: FromKeeper = { type: "line", text: text.slice(0, LONGEST_LINE) };
      if (lines.push(line) > MOST_LINES) lines.shift();
      tell(line);
    });
  }
  const end = (code: number | null, signal: string | null, error?: string): void => {
    const exit: FromKeeper = { type: "exit", code, signal, ...(error === undefined ? {} : { error }) };
    if (!wasHeld) {
      ended = exit;
      return;
    }
    tell(exit);
    isStopping = true;
    leave();
  };
  child.once("error", (error) => end(null, null, error.message));
  child.once("close", (code, signal) => end(code, signal));
}

process.on("SIGINT", () => {});
process.on("SIGTERM", stop);
process.on("SIGHUP", stop);
const orders = createInterface({ input: process.stdin });
orders.once("line", (text) => {
  const given = JSON.parse(text) as Order;
  const server = createServer((socket) => hold(socket, given.about));
  server.on("error", () => process.exit(1));
  server.listen(given.socket, () => {
    start(given);
    process.stdout.write("listening\n");
  });
});
// Whoever ordered was killed before it held.
orders.once("close", () => holders.size === 0 && stop());
setTimeout(() => holders.size === 0 && stop(), UNHELD_MS);
