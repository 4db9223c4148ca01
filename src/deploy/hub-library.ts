import { DaggrError } from "../base/errors.ts";
import { clientError, excerpt, inWords, networkReason } from "../clients/client-errors.ts";
import { type Hub, hubFetch, refusal } from "./hub-api.ts";

/** What every function of Hugging Face's library is told here. */
export function libraryOptions(hub: Hub, id: string) {
  return {
    repo: { type: "space", name: id },
    hubUrl: hub.endpoint,
    accessToken: hub.token,
    fetch: hubFetch(hub),
  } as const;
}

/** Calls Hugging Face's library and makes our sentences of its errors. */
export async function viaLibrary<T>(hub: Hub, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DaggrError || hub.signal?.aborted) throw error;
    const { statusCode, data } = error as {
      statusCode?: unknown;
      data?: { error?: unknown; message?: unknown };
    };
    if (typeof statusCode !== "number")
      throw clientError(
        "HUB_UNREACHABLE",
        `${hub.endpoint} did not ${doing}: ${inWords(networkReason(error))}.`,
        {
          cause: error,
        },
      );
    throw refusal(statusCode, excerpt(String(data?.error ?? data?.message ?? "")), doing);
  }
}
