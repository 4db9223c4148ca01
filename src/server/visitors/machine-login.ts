import { randomUUID } from "node:crypto";
import { DaggrError } from "../../base/errors.ts";
import { hubEndpoint } from "../../clients/hub-environment.ts";
import {
  type DeviceCode,
  deviceClientId,
  requestDeviceCode,
  waitForDevice,
} from "../../clients/login/device-code.ts";
import { deleteLogin, saveLogin } from "../../clients/login/saved-login.ts";
import { forgetWhoAmI, whoAmI } from "../../clients/login/who-am-i.ts";
import { machineToken } from "../../clients/tokens.ts";
import type { DeviceLogin } from "../../protocol/account.ts";
import { refuse } from "../refusal.ts";

/** Logging this machine in and out; what is kept is the same that `daggr login` keeps. */
export class MachineLogin {
  readonly #logins = new Map<string, { view: DeviceLogin; readonly abort: AbortController }>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Starts a login by code; the one before, if any, ends. */
  async start(): Promise<DeviceLogin> {
    const clientId = deviceClientId();
    if (clientId === undefined) {
      throw refuse(
        "NO_LOGIN_APPLICATION",
        "A login by code needs the id of an application on Hugging Face: DAGGR_OAUTH_CLIENT_ID. Without it, `hf auth login` in a terminal logs this machine in, and so does a pasted token.",
      );
    }
    const code = await requestDeviceCode(clientId);
    for (const id of [...this.#logins.keys()]) this.cancel(id);
    const id = randomUUID();
    const abort = new AbortController();
    const view: DeviceLogin = {
      id,
      state: "waiting",
      userCode: code.userCode,
      url: code.completeUrl,
      expiresAt: code.expiresAt,
    };
    this.#logins.set(id, { view, abort });
    void this.#finish(id, code, clientId, abort.signal);
    return view;
  }

  find(id: string): DeviceLogin {
    const login = this.#logins.get(id);
    if (login === undefined) throw refuse("LOGIN_NOT_FOUND", "There is no such login: start it again.");
    return login.view;
  }

  cancel(id: string): void {
    this.#logins.get(id)?.abort.abort();
    this.#logins.delete(id);
  }

  /** A pasted token, kept when the Hub knows it. */
  async paste(token: unknown): Promise<void> {
    if (typeof token !== "string" || !/^hf_[\w.-]{8,4000}$/.test(token.trim()))
      throw refuse(
        "INVALID_TOKEN",
        "A token of Hugging Face begins with hf_ and has no spaces. Copy all of it.",
      );
    await keep(token.trim());
    this.#onChange();
  }

  /** Ends a login of daggr's own; what another tool has saved is not touched. */
  async logOut(): Promise<void> {
    const wasThere = await deleteLogin();
    forgetWhoAmI();
    if (wasThere) return this.#onChange();
    const found = await machineToken();
    if (found === undefined) throw refuse("NOT_LOGGED_IN", "Nobody is logged in here.");
    throw refuse(
      "LOGIN_OF_OTHERS",
      found.from === "variable"
        ? `The token is in ${found.place}: take that variable away to log out.`
        : `The token in ${found.place} was saved by another tool, and is not deleted from here. hf auth logout removes it.`,
    );
  }

  close(): void {
    for (const id of [...this.#logins.keys()]) this.cancel(id);
  }

  async #finish(id: string, code: DeviceCode, clientId: string, signal: AbortSignal): Promise<void> {
    const end = (view: Partial<DeviceLogin>) => {
      const login = this.#logins.get(id);
      if (login !== undefined) login.view = { ...login.view, ...view };
    };
    try {
      const { token, ...more } = await waitForDevice(code, clientId, { signal });
      await keep(token, { clientId, ...more });
      end({ state: "done" });
      this.#onChange();
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof DaggrError ? error : refuse("LOGIN_FAILED", "The login failed.");
      end({ state: "failed", problem: { code: known.code, text: known.sentence } });
    }
  }
}

/** Asks whose it is, and keeps it. */
export async function keep(
  token: string,
  more: { readonly clientId?: string; readonly refreshToken?: string; readonly expiresAt?: number } = {},
): Promise<string> {
  forgetWhoAmI();
  const { name } = await whoAmI(token);
  const { clientId, refreshToken, expiresAt } = more;
  await saveLogin({ token, name, endpoint: hubEndpoint(), clientId, refreshToken, expiresAt });
  return name;
}
