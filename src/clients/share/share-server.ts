import { clientError, networkReason } from "../client-errors.ts";
import { readText, send } from "../http.ts";
import type { Environment } from "../tokens.ts";

const API = "https://api.gradio.app/v3/tunnel-request";

/** The server at the other end of a tunnel. */
export interface ShareServer {
  readonly address: string;
  /** In PEM; without one the connection is not encrypted. */
  readonly certificate?: string;
  /** Of the links. */
  readonly protocol: "http" | "https";
}

/**
 * The server that `GRADIO_SHARE_SERVER_ADDRESS` names (as for Gradio itself: plain, with http links), else one that
 * Gradio's service assigns.
 *
 * @throws DaggrError `INVALID_OPTION`, `SHARE_UNREACHABLE`
 */
export async function findShareServer(env: Environment = process.env, api = API): Promise<ShareServer> {
  const own = env["GRADIO_SHARE_SERVER_ADDRESS"]?.trim();
  if (own !== undefined && own !== "") {
    if (!isAddress(own))
      throw clientError(
        "INVALID_OPTION",
        `GRADIO_SHARE_SERVER_ADDRESS must be <host>:<port>, got '${own.slice(0, 100)}'.`,
      );
    return { address: own, protocol: "http" };
  }
  let answer: unknown;
  try {
    const response = await send(new URL(api), { timeoutMs: 30_000 });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    answer = JSON.parse(await readText(response, 1_000_000));
  } catch (error) {
    throw unreachable(`Gradio's share service cannot be reached: ${networkReason(error)}.`, error);
  }
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  if (typeof first === "object" && first !== null) {
    const { host, port, root_ca: certificate } = first as Record<string, unknown>;
    const address = `${host}:${port}`;
    if (typeof certificate === "string" && certificate.includes("BEGIN CERTIFICATE") && isAddress(address))
      return { address, certificate, protocol: "https" };
  }
  throw unreachable("Gradio's share service answered something else than a server.");
}

const isAddress = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}:\d{1,5}$/.test(text);

const unreachable = (what: string, cause?: unknown) =>
  clientError("SHARE_UNREACHABLE", `${what} Try again later, or share through a tunnel of your own.`, {
    cause,
  });
