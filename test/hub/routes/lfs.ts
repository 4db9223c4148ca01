import { HubRefusal } from "../exchange.ts";
import { kindOf } from "../repositories.ts";
import { route } from "../routes.ts";
import { sha256 } from "./files.ts";

const batch = (kind: string) =>
  route("POST", `/${kind}:id.git/info/lfs/objects/batch`, (exchange) => {
    const plural = kind === "" ? "models" : kind.slice(0, -1);
    exchange.hub.repositories.writable(kindOf(plural), exchange.params["id"]!, exchange.token);
    const { objects } = exchange.data as { objects: { oid: string; size: number }[] };
    exchange.json(
      {
        transfer: "basic",
        objects: objects.map(({ oid, size }) => ({
          oid,
          size,
          authenticated: true,
          ...(exchange.hub.largeFiles.has(oid)
            ? {}
            : { actions: { upload: { href: `${exchange.hub.url}/lfs/${oid}`, header: {} } } }),
        })),
      },
      200,
      { "content-type": "application/vnd.git-lfs+json" },
    );
  });

/** Large files are handed over apart from the commit. The address is signed, so no token is needed for it. */
export const lfsRoutes = [
  batch(""),
  batch("spaces/"),
  batch("datasets/"),
  route("PUT", "/lfs/:oid", (exchange) => {
    const oid = exchange.params["oid"]!;
    if (sha256(exchange.body) !== oid) throw new HubRefusal(400, "The content has another checksum.");
    exchange.hub.largeFiles.set(oid, exchange.body);
    exchange.send("", 200);
  }),
];
