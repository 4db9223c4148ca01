import { z } from "zod";
import { clientError } from "../client-errors.ts";
import type { SortedInputs } from "./tasks.ts";
import type { Results } from "./tasks-run.ts";
import { jsonOf, type Transport } from "./transport.ts";
import { textOf, textsOf } from "./values.ts";

const schema = z.looseObject({
  data: z.array(z.looseObject({ index: z.number().optional(), embedding: z.array(z.number()) })),
});

/** Embeddings as OpenAI-compatible servers have them (`/v1/embeddings`), which the client does not speak. */
export async function embed(
  endpoint: URL,
  model: string,
  token: string | undefined,
  { slots, parameters }: SortedInputs,
  transport: Transport,
  signal: AbortSignal,
): Promise<Results> {
  const given = slots["text"];
  if (given === undefined)
    throw clientError("MISSING_INPUT", "The model needs a value for 'text'.", { port: "text" });
  const isList = Array.isArray(given.value);
  const input = isList ? textsOf(given.value, given.port, /\n/) : textOf(given.value, given.port);
  const url = endpoint.href.replace(/\/+$/, "").replace(/\/embeddings$/, "");
  const response = await transport.fetch(`${url}/embeddings`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ model, input, ...parameters }),
    signal,
  });
  const text = await response.text();
  if (!response.ok) {
    const httpResponse = { status: response.status, body: jsonOf(text) };
    throw Object.assign(new Error(`HTTP ${response.status}`), { httpResponse });
  }
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success)
    throw clientError("INFERENCE_ANSWER", `What ${endpoint.host} answered is no list of embeddings.`);
  const vectors = parsed.data.data
    .toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
    .map((item) => item.embedding);
  return { embedding: isList ? vectors : vectors[0] };
}
