import { randomUUID } from "node:crypto";
import { DaggrError } from "../../base/errors.ts";
import {
  type DeviceCode,
  deviceClientId,
  requestDeviceCode,
  waitForDevice,
} from "../../clients/login/device-code.ts";
import { checkPasted, endLogin, keepLogin } from "../../clients/login/keep-login.ts";
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
    await keepLogin({ token: checkPasted(token) });
    this.#onChange();
  }

  /** Ends a login of daggr's own; what another tool has saved is not touched. */
  async logOut(): Promise<void> {
    await endLogin();
    this.#onChange();
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
      await keepLogin(await waitForDevice(code, clientId, { signal }), clientId);
      end({ state: "done" });
      this.#onChange();
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof DaggrError ? error : refuse("LOGIN_FAILED", "The login failed.");
      end({ state: "failed", problem: { code: known.code, text: known.sentence } });
    }
  }
}
