import type { ShareAnswer, ShareView } from "../../protocol/share.ts";
import { type App, answer, type Request, send } from "../context.ts";
import { isAtTheMachine, refuseGuests } from "../visitors/machine-visits.ts";

/** What is shared just now, and how to end it. */
export interface Sharing {
  readonly view: ShareView;
  stop(): Promise<void>;
}

/** How sharing stands, for everybody who is let in; only the person at the machine ends it. */
export function addShareRoutes(app: App, sharing: () => Sharing | undefined): void {
  const tell = (request: Request): Response => {
    const canStop = isAtTheMachine(request.env.incoming);
    const body: ShareAnswer = { share: sharing()?.view ?? null, canStop };
    request.env.outgoing.setHeader("cache-control", "no-store");
    // With its token: whoever reads this was let in, and the link is there to be given away.
    return send(request, JSON.stringify(body), "application/json");
  };
  app.get("/api/share", tell);
  app.delete("/api/share", async (request) => {
    refuseGuests(
      request.env.incoming,
      "Sharing is ended on the machine itself: open http://127.0.0.1 there.",
    );
    await sharing()?.stop();
    return answer(request, {});
  });
}
