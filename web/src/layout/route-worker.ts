import type { Routes } from "./geometry.ts";
import { type RoutingTask, routeEdges } from "./router.ts";

export interface RoutesSoFar {
  readonly routes: Routes;
  readonly isDone: boolean;
}

const tell = (routes: Routes, isDone: boolean) => self.postMessage({ routes, isDone } satisfies RoutesSoFar);

self.addEventListener("message", (event: MessageEvent<RoutingTask>) => {
  tell(
    routeEdges(event.data, (part) => tell(part, false)),
    true,
  );
});
