import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { clientError } from "./client-errors.ts";

const inside = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  inside.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  inside.addSubnet(network, bits, "ipv6");

async function isInside(host: string): Promise<boolean> {
  const bare = host.replace(/^\[|\]$/g, "");
  const addresses = isIP(bare) ? [{ address: bare }] : await lookup(bare, { all: true });
  return addresses.some(({ address }) => {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    return inside.check(mapped, isIP(mapped) === 6 ? "ipv6" : "ipv4");
  });
}

/**
 * Refuses an address in this machine's own network that an app from outside names: fetching it would lend that app
 * our place in the network. An app that itself is inside may name others there.
 */
export async function assertPublic(url: URL, app: URL): Promise<void> {
  if (!(await isInside(url.hostname)) || (await isInside(app.hostname))) return;
  throw clientError(
    "GRADIO_PROTOCOL",
    `${app.host} names a file on ${url.host}, which is in this machine's own network. It is not fetched.`,
  );
}
