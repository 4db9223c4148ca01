import type { Routes } from "./geometry.ts";
import type { RoutesSoFar } from "./route-worker.ts";
import type { RoutingTask } from "./router.ts";

type Scene = Omit<RoutingTask, "previous">;

/** Routes in a worker, one task at a time; of tasks that come meanwhile only the last is done. */
export class RouteClient {
  readonly #worker = new Worker(new URL("./route-worker.ts", import.meta.url), { type: "module" });
  readonly #onroutes: (routes: Routes) => void;
  #isBusy = false;
  #hasShown = false;
  #next: Scene | undefined;
  /** What new routes start from: the layout's own bend points, later the routes before. */
  #previous: Routes = {};
  #bends: Routes | undefined;

  constructor(onroutes: (routes: Routes) => void) {
    this.#onroutes = onroutes;
    this.#worker.addEventListener("message", ({ data }: MessageEvent<RoutesSoFar>) => {
      // The first time, edges come in as they are found; later they change all at once.
      if (!data.isDone) {
        if (!this.#hasShown && this.#bends === undefined) this.#onroutes(data.routes);
        return;
      }
      this.#isBusy = false;
      this.#previous = data.routes;
      const next = this.#next;
      this.#next = undefined;
      // Routes of a layout that is already replaced are not shown.
      if (this.#bends === undefined || next === undefined) {
        this.#hasShown = true;
        this.#onroutes(data.routes);
      }
      if (next !== undefined) this.route(next);
    });
  }

  /** @param bends - Given once with a new layout. */
  route(scene: Scene, bends?: Routes): void {
    if (bends !== undefined) this.#bends = bends;
    if (this.#isBusy) {
      this.#next = scene;
      return;
    }
    this.#isBusy = true;
    this.#worker.postMessage({ ...scene, previous: this.#bends ?? this.#previous } satisfies RoutingTask);
    this.#bends = undefined;
  }

  close(): void {
    this.#worker.terminate();
  }
}
