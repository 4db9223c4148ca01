import { once } from "node:events";
import { WebSocket } from "ws";
import type { ServerMessage } from "../../src/protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/version.ts";

export interface MeasuredRun {
  readonly ms: number;
  /** Of all messages from the request to run until the run was told to be done. */
  readonly bytes: number;
}

/** A page without a page. */
export class OurSocket {
  /** Called with every message, and how long it is. */
  onMessage: (message: ServerMessage, bytes: number) => void = () => {};
  readonly #ws: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #request = 0;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if (message.type === "reply") this.#waiting.get(message.request)?.resolve(message.result);
      else if (message.type === "refused")
        this.#waiting.get(message.request)?.reject(new Error(message.error.message));
      this.onMessage(message, data.length);
    });
  }

  static async open(url: string): Promise<OurSocket> {
    const ws = new WebSocket(`${url.replace("http", "ws")}/ws`, { perMessageDeflate: false });
    const socket = new OurSocket(ws);
    await once(ws, "open");
    await socket.ask({ type: "hello", version: PROTOCOL_VERSION });
    return socket;
  }

  ask(message: Readonly<Record<string, unknown>>): Promise<any> {
    this.#request += 1;
    const request = this.#request;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject });
      this.#ws.send(JSON.stringify({ request, ...message }));
    }).finally(() => this.#waiting.delete(request));
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.#ws.terminate();
  }
}

/** Runs everything on a fresh sheet, as the page does, and looks whether each step's result was kept. */
export async function runOnOurs(url: string, steps: number): Promise<MeasuredRun> {
  const socket = await OurSocket.open(url);
  try {
    const { id: sheet } = await socket.ask({ type: "create-sheet", name: "bench" });
    await socket.ask({ type: "open-sheet", sheet });
    let bytes = 0;
    const begun = performance.now();
    let run: string | undefined;
    const ended = new Promise<number>((resolve, reject) => {
      socket.onMessage = (message, length) => {
        bytes += length;
        if (message.type === "reply") run ??= (message.result as { id: string }).id;
        // A page that reads too slowly is told later where the whole sheet stands.
        else if (message.type === "sheet" && run !== undefined) {
          if (!message.view.activeRuns.some(({ id }) => id === run)) resolve(performance.now());
        } else if (message.type === "run" && message.run.status === "done") resolve(performance.now());
        else if (message.type === "run" && message.run.status !== "running")
          reject(new Error(`The run is ${message.run.status}.`));
      };
      setTimeout(reject, 120_000, new Error("Nobody heard of the end of the run.")).unref();
    });
    await Promise.all([socket.ask({ type: "run", mode: "all", nodes: [] }), ended]);
    const ms = (await ended) - begun;
    let kept = 0;
    socket.onMessage = (message) => {
      if (message.type === "sheet") {
        kept = Object.values(message.view.nodes).filter(({ result }) => result?.total === 1).length;
      }
    };
    await socket.ask({ type: "open-sheet", sheet });
    if (kept !== steps) throw new Error(`${kept} of ${steps} results were kept.`);
    return { ms, bytes };
  } finally {
    socket.close();
  }
}
