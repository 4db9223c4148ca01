import { createParser } from "eventsource-parser";
import { z } from "zod";
import { readChunks, send } from "../clients/http.ts";
import type { Hub } from "./hub-api.ts";

const lineSchema = z.looseObject({ data: z.string() });

/**
 * Follows a log of a Space until the signal ends it. Tells each line once, also after the connection was lost and the
 * log begins anew.
 */
export async function followLog(
  hub: Hub,
  id: string,
  which: "build" | "run",
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(`${hub.endpoint}/api/spaces/${id}/logs/${which}`);
  let told = 0;
  for (let failures = 0; !signal.aborted && failures < 5; failures += 1) {
    try {
      let index = 0;
      const response = await send(url, {
        credentials: { origin: url.origin, headers: { authorization: `Bearer ${hub.token}` } },
        headers: { accept: "text/event-stream" },
        signal,
      });
      if (response.ok) {
        const parser = createParser({
          onEvent({ data }) {
            const text = lineOf(data);
            if (text === undefined) return;
            index += 1;
            if (index <= told) return;
            told = index;
            failures = 0;
            for (const line of text.replace(/\r?\n$/, "").split(/\r?\n/)) onLine(line);
          },
        });
        const decoder = new TextDecoder();
        for await (const chunk of readChunks(response, 120_000))
          parser.feed(decoder.decode(chunk, { stream: true }));
      } else await response.body?.cancel();
    } catch {
      // A log that cannot be followed is no reason to give up what it tells of.
    }
    await pause(1000, signal);
  }
}

function lineOf(data: string): string | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(data)).data?.data;
  } catch {
    return undefined;
  }
}

/** Waits, or returns at once when the signal is given. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
