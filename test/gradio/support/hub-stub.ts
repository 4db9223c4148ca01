import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface StubSpace {
  sha: string;
  host: string;
  stage: string;
  private?: boolean;
}

/** As much of the Hub as finding a Space takes, with `GET /api/spaces/{id}` as its documentation has it. */
export class HubStub implements AsyncDisposable {
  readonly spaces = new Map<string, StubSpace>();
  readonly seen: { path: string; authorization: string | undefined }[] = [];
  /** Stages that the next questions find, before the Space's own. */
  readonly stages: string[] = [];
  readonly token = "hf_validtokenvalidtoken";
  status: number | undefined;
  /** Whether the address is part of what it says of a Space. */
  tellsHost = true;
  readonly #server = createServer((request, response) => {
    const { authorization } = request.headers;
    this.seen.push({ path: request.url!, authorization });
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (this.status !== undefined) return answer(this.status, { error: "broken" });
    const [, id, route] = /^\/api\/spaces\/([^/]+\/[^/]+)(\/host)?$/.exec(request.url!) ?? [];
    const space = id === undefined ? undefined : this.spaces.get(id);
    const isMember = authorization === `Bearer ${this.token}`;
    if (space === undefined || (space.private && !isMember))
      return answer(isMember ? 404 : 401, { error: "Repository not found" });
    if (route !== undefined) return answer(200, { subdomain: "x", host: space.host });
    const stage = this.stages.shift() ?? space.stage;
    answer(200, {
      id,
      sha: space.sha,
      private: space.private ?? false,
      ...(this.tellsHost ? { host: space.host } : {}),
      runtime: { stage },
    });
  });

  static async start(): Promise<HubStub> {
    const hub = new HubStub();
    hub.#server.listen(0, "127.0.0.1");
    await once(hub.#server, "listening");
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
