import { type RoutingTask, routeEdges } from "./router.ts";

self.addEventListener("message", (event: MessageEvent<RoutingTask>) => {
  self.postMessage(routeEdges(event.data));
});
