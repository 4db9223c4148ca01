import { clientError, networkReason, unreachable } from "../client-errors.ts";

/** This machine and its own network. What is farther away may sleep, and would be woken by a question. */
const NEAR =
  /^(localhost|.*\.localhost|host\.docker\.internal|127(\.\d+){3}|10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|\[::1\])$/;

/** Knocks at a server nearby. Throws `INFERENCE_UNREACHABLE` where nobody is at home; any answer will do. */
export async function isServing(endpointUrl: string, model: string): Promise<void> {
  const endpoint = new URL(endpointUrl);
  if (!NEAR.test(endpoint.hostname)) return;
  try {
    const response = await fetch(endpoint.origin, { redirect: "manual", signal: AbortSignal.timeout(3000) });
    await response.body?.cancel();
  } catch (error) {
    const isRefused = networkReason(error) === "ECONNREFUSED";
    const advice = isRefused ? ` Is the server at ${endpoint.origin} running?` : undefined;
    const sentence = unreachable(`'${model}' at ${endpoint.origin}`, error, advice);
    throw clientError("INFERENCE_UNREACHABLE", sentence, { cause: error });
  }
}
