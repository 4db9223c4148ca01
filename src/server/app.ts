import { Hono } from "hono/tiny";
import { redact } from "../base/redact.ts";
import { apiSchema } from "./api-schema.ts";
import { addCallRoutes } from "./call-routes.ts";
import { type App, answer, type Env, type RouteContext, send } from "./context.ts";
import { addFileRoutes } from "./file-routes.ts";
import { addPageRoutes, type PageOptions } from "./page-routes.ts";
import { refusalBody, statusOf } from "./refusal.ts";
import { addRunRoutes } from "./run-routes.ts";
import { addShareRoutes, type Sharing } from "./sharing/share-routes.ts";
import { addSheetRoutes } from "./sheet-routes.ts";
import { refuseUnknown } from "./unknown-route.ts";
import { addAccountRoutes } from "./visitors/account-routes.ts";

/** All routes. Whether a request may be here at all was decided before. */
export function createApp(
  context: RouteContext,
  pages: PageOptions & {
    readonly hasApi: boolean;
    readonly sharing?: () => Sharing | undefined;
    /** Routes by which one logs in here. */
    readonly addLogin?: (app: App, context: RouteContext) => void;
  },
): App {
  const app: App = new Hono<Env>();
  const { definition, parts } = context;
  if (pages.hasApi) {
    addCallRoutes(app, context);
    let schema: string | undefined;
    app.get("/api/schema", (request) => {
      schema ??= JSON.stringify(apiSchema(definition, parts));
      return send(request, schema, "application/json");
    });
    addRunRoutes(app, context);
    app.get("/api/openapi.json", async (request) => {
      const { openApi } = await import("./openapi.ts");
      return answer(request, openApi(definition, parts));
    });
  }
  app.get("/api/health", (request) => answer(request, { status: "ok", name: definition.name }));
  addFileRoutes(app, context);
  addSheetRoutes(app, context);
  addAccountRoutes(app, context);
  addShareRoutes(app, pages.sharing ?? (() => undefined));
  pages.addLogin?.(app, context);
  addPageRoutes(app, context, pages);
  app.notFound((request) => {
    throw refuseUnknown(app, request);
  });
  app.onError((error, request) => {
    const status = statusOf(error);
    if (status === 500) console.error(redact(`daggr: ${error.stack ?? error}`));
    return answer(request, refusalBody(error), status);
  });
  return app;
}
