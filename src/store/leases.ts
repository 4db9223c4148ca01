import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { DatabaseSync } from "node:sqlite";

const BEAT_MS = 5_000;
const DEAD_AFTER_MS = 30_000;

/**
 * Tells living processes from dead ones. On this machine the process table says it for certain; of another machine
 * (a shared folder, a container) only the heartbeat is known.
 */
export class Leases {
  /** Names this process, and this opening of the database, in the runs that it holds. */
  readonly id = randomUUID();
  readonly #database: DatabaseSync;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Inside a transaction: from now on this process can hold runs. */
  register(): string {
    if (this.#timer === undefined) {
      this.#database
        .prepare(
          "INSERT OR REPLACE INTO processes (id, host, pid, started, heartbeat) VALUES (?, ?, ?, ?, ?)",
        )
        .run(this.id, hostname(), process.pid, startOf(process.pid), Date.now());
      this.#timer = setInterval(() => this.#beat(), BEAT_MS);
      this.#timer.unref();
    }
    return this.id;
  }

  /** After a roll-back: the registration may be gone. */
  forget(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  isAlive(holder: string | null): boolean {
    if (holder === null) return false;
    if (holder === this.id) return true;
    const row = this.#database
      .prepare("SELECT host, pid, started, heartbeat FROM processes WHERE id = ?")
      .get(holder);
    if (row === undefined) return false;
    const { host, pid, started, heartbeat } = row as {
      host: string;
      pid: number;
      started: string | null;
      heartbeat: number;
    };
    const beats = Date.now() - heartbeat < DEAD_AFTER_MS;
    if (host !== hostname()) return beats;
    if (!exists(pid)) return false;
    // A number that another process has got since tells nothing.
    return started === null ? beats : startOf(pid) === started;
  }

  close(): void {
    if (this.#timer === undefined) return;
    this.forget();
    this.#database.prepare("DELETE FROM processes WHERE id = ?").run(this.id);
  }

  #beat(): void {
    try {
      this.#database.prepare("UPDATE processes SET heartbeat = ? WHERE id = ?").run(Date.now(), this.id);
    } catch {
      // Busy or full just now: there is another beat in a moment.
    }
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process was started, in the kernel's own count; `null` where the system does not tell. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces; the fields after it do not. The state is the first: Z is a dead one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
