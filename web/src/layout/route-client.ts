import type { Routes } from "./geometry.ts";
import type { RoutingTask } from "./router.ts";

/** Routes in a worker, one task at a time; of tasks that come meanwhile only the last is done. */
export class RouteClient {
  readonly #worker = new Worker(new URL("./route-worker.ts", import.meta.url), { type: "module" });
  readonly #onroutes: (routes: Routes) => void;
  #isBusy = false;
  #next: RoutingTask | undefined;

  constructor(onroutes: (routes: Routes) => void) {
    this.#onroutes = onroutes;
    this.#worker.addEventListener("message", (event: MessageEvent<Routes>) => {
      this.#isBusy = false;
      this.#onroutes(event.data);
      const next = this.#next;
      this.#next = undefined;
      if (next !== undefined) this.route({ ...next, previous: event.data });
    });
  }

  route(task: RoutingTask): void {
    if (this.#isBusy) {
      this.#next = task;
      return;
    }
    this.#isBusy = true;
    this.#worker.postMessage(task);
  }

  close(): void {
    this.#worker.terminate();
  }
}
