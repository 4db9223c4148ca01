import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { rememberSecret } from "../../base/redact.ts";
import { type Environment, hubDataFolder, hubEndpoint, hubUrl, isHubOffline } from "../hub-environment.ts";

/** A login of daggr's own on this machine. */
export interface SavedLogin {
  readonly token: string;
  /** The Hub that gave it: for no other it counts. */
  readonly endpoint: string;
  readonly name: string;
  readonly refreshToken?: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
  /** The application in whose name it was given, which alone can renew it. */
  readonly clientId?: string | undefined;
  /** It could not be renewed any more. */
  readonly isOver?: boolean | undefined;
}

/** Loaded only where there is a login: every start of a server looks for one. */
async function loginSchema() {
  const { z } = await import("zod");
  return z.object({
    token: z.string().min(1),
    endpoint: z.string(),
    name: z.string(),
    refreshToken: z.string().optional(),
    expiresAt: z.number().optional(),
    clientId: z.string().optional(),
    isOver: z.boolean().optional(),
  });
}

/** Renewed so long before its end, or in the last tenth of a shorter life. */
const RENEW_BEFORE_MS = 24 * 3_600_000;
/** One that could not be renewed is not tried again sooner. */
const AGAIN_AFTER_MS = 60_000;
const LOCK_MS = 30_000;

export const loginPath = (env: Environment = process.env): string => join(hubDataFolder(env), "login.json");

/** The login that is kept, whatever its state; `undefined` when there is none for this Hub. */
export async function readLogin(env: Environment = process.env): Promise<SavedLogin | undefined> {
  let text: string;
  try {
    text = await readFile(loginPath(env), "utf8");
  } catch {
    return undefined;
  }
  const read = (await loginSchema()).safeParse(jsonOf(text));
  if (!read.success || read.data.endpoint !== hubEndpoint(env)) return undefined;
  rememberSecret(read.data.token);
  rememberSecret(read.data.refreshToken);
  return read.data;
}

/** Only its owner may read the file; half a one never stands in its place. */
export async function saveLogin(login: SavedLogin, env: Environment = process.env): Promise<void> {
  const path = loginPath(env);
  rememberSecret(login.token);
  rememberSecret(login.refreshToken);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(part, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  await chmod(part, 0o600).catch(() => {});
  await rename(part, path);
}

/** `false` where there was none. */
export async function deleteLogin(env: Environment = process.env): Promise<boolean> {
  const path = loginPath(env);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  await rm(path, { force: true });
  return isThere;
}

const renewing = new Map<string, Promise<SavedLogin>>();
const failedAt = new Map<string, number>();

/** The login with a token that is still good, renewed where that is due and possible. */
export async function currentLogin(env: Environment = process.env): Promise<SavedLogin | undefined> {
  const login = await readLogin(env);
  if (login === undefined || !isDue(login) || isHubOffline(env)) return login;
  const path = loginPath(env);
  if (Date.now() < (failedAt.get(path) ?? 0) + AGAIN_AFTER_MS) return login;
  let renewal = renewing.get(path);
  if (renewal === undefined) {
    renewal = renew(login, env).finally(() => renewing.delete(path));
    renewing.set(path, renewal);
  }
  return renewal;
}

function isDue({ refreshToken, expiresAt, clientId, isOver }: SavedLogin): boolean {
  if (refreshToken === undefined || clientId === undefined || expiresAt === undefined || isOver) return false;
  return Date.now() > expiresAt - RENEW_BEFORE_MS;
}

/** A token that is short-lived anyway is not renewed with every request, only when little is left of it. */
const MOST_OF_LIFE_MS = 300_000;

async function renew(login: SavedLogin, env: Environment): Promise<SavedLogin> {
  const path = loginPath(env);
  const left = (login.expiresAt ?? 0) - Date.now();
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  if (left > MOST_OF_LIFE_MS && age < left) return login;
  const { askForTokens } = await import("./oauth-request.ts");
  const unlock = await lock(`${path}.lock`);
  try {
    // Another process may have been quicker: a refresh token counts only once.
    const latest = (await readLogin(env)) ?? login;
    if (latest.token !== login.token || latest.refreshToken === undefined || latest.clientId === undefined)
      return latest;
    const answer = await askForTokens(hubUrl("/oauth/token", env), {
      grant_type: "refresh_token",
      refresh_token: latest.refreshToken,
      client_id: latest.clientId,
    });
    if ("tokens" in answer) {
      const { token, refreshToken = latest.refreshToken, expiresAt } = answer.tokens;
      const renewed = { ...latest, token, refreshToken, expiresAt };
      await saveLogin(renewed, env);
      return renewed;
    }
    failedAt.set(path, Date.now());
    if (answer.error !== "invalid_grant") return latest;
    const over = { ...latest, isOver: true };
    await saveLogin(over, env);
    return over;
  } catch {
    // The Hub is away: the token is used as it is, and whoever it is sent to says what is wrong with it.
    failedAt.set(path, Date.now());
    return login;
  } finally {
    await unlock();
  }
}

/** One process at a time; what a process that died has left behind is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (const until = Date.now() + LOCK_MS; Date.now() < until; await sleep(100)) {
    try {
      await (await open(path, "wx", 0o600)).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") break;
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > LOCK_MS) await rm(path, { force: true });
    }
  }
  return async () => {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
