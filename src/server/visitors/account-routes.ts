import { checkKeys } from "../call-routes.ts";
import type { App, Request, RouteContext } from "../context.ts";
import { answer } from "../context.ts";
import { parseJsonObject } from "../json-input.ts";
import { readBody } from "../read-body.ts";
import type { MachineLogin } from "./machine-login.ts";
import { refuseGuests } from "./machine-visits.ts";

/** Who comes, for everybody. */
export function addAccountRoutes(app: App, routes: RouteContext): void {
  app.get("/api/account", async (request) => {
    const { visitor } = await routes.of(request);
    request.env.outgoing.setHeader("cache-control", "no-store");
    return answer(request, await visitor.account(request.env.incoming));
  });
}

/** Logging a person's own machine in and out. */
export function addMachineLoginRoutes(app: App, routes: RouteContext, onChange: () => void): () => void {
  let made: Promise<MachineLogin> | undefined;
  const login = (request: Request): Promise<MachineLogin> => {
    refuseGuests(request.env.incoming);
    request.env.outgoing.setHeader("cache-control", "no-store");
    made ??= import("./machine-login.ts").then((module) => new module.MachineLogin(onChange));
    return made;
  };
  app.post("/api/account/device", async (request) =>
    answer(request, await (await login(request)).start(), 201),
  );
  app.get("/api/account/device/:id", async (request) =>
    answer(request, (await login(request)).find(request.req.param("id") ?? "")),
  );
  app.delete("/api/account/device/:id", async (request) => {
    (await login(request)).cancel(request.req.param("id") ?? "");
    return answer(request, {});
  });
  app.post("/api/account/token", async (request) => {
    const machine = await login(request);
    const body = parseJsonObject(await readBody(request.env.incoming, 10_000), routes.limits.nesting);
    checkKeys(body, ["token"]);
    await machine.paste(body.token);
    const { visitor } = await routes.of(request);
    return answer(request, await visitor.account(request.env.incoming));
  });
  app.post("/api/account/logout", async (request) => {
    await (await login(request)).logOut();
    const { visitor } = await routes.of(request);
    return answer(request, await visitor.account(request.env.incoming));
  });
  return () => void made?.then((machine) => machine.close());
}
