import { randomUUID } from "node:crypto";
import type { EndpointRoute } from "./gradio-types.ts";

/** Servers forget sessions in time; one that rested longer is not trusted. */
const REST_MS = 30_000;
const MAX_IDLE = 32;

interface IdleSession {
  readonly id: string;
  readonly since: number;
}

/**
 * Sessions that may serve again. A new one makes the server copy its whole configuration (22 ms and a few hundred KB
 * in an app of 80 endpoints), so a session is taken up again by calls of the same endpoint, one at a time, as long as
 * nothing can be left in it: no state, no `gr.update`, no cancelled or failed call.
 */
export class SessionPool {
  readonly #idle = new Map<string, IdleSession[]>();

  take(endpoint: EndpointRoute): string {
    const waiting = this.#idle.get(endpoint.apiName) ?? [];
    for (let session = waiting.pop(); session !== undefined; session = waiting.pop()) {
      if (Date.now() - session.since < REST_MS) return session.id;
    }
    return randomUUID();
  }

  /** Gives back a session whose event stream was read to its end. */
  giveBack(endpoint: EndpointRoute, id: string): void {
    const keepsState = endpoint.inputs.includes(-1) || endpoint.outputs.includes(-1);
    if (keepsState) return;
    const waiting = this.#idle.get(endpoint.apiName) ?? [];
    if (waiting.length < MAX_IDLE) waiting.push({ id, since: Date.now() });
    this.#idle.set(endpoint.apiName, waiting);
  }

  /** Another app answers now: it knows none of them. */
  clear(): void {
    this.#idle.clear();
  }
}
