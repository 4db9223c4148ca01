import { DaggrError, describe as describeValue } from "../base/errors.ts";
import { clientError } from "./client-errors.ts";
import { checkArguments, findEndpoint } from "./gradio-arguments.ts";
import { ShapeError } from "./gradio-codec.ts";
import type { Connection } from "./gradio-connection.ts";
import { download, fileEncoder } from "./gradio-files.ts";
import { callQueued } from "./gradio-queue.ts";
import type { CallOptions, EndpointRoute } from "./gradio-types.ts";
import { decode, encode, remoteFilesIn, replaceRemoteFiles } from "./gradio-values.ts";

/** The whole of one call: names checked, files sent, queue, results decoded, files fetched. */
export async function callEndpoint(
  connection: Connection,
  apiName: string,
  args: Readonly<Record<string, unknown>>,
  options: CallOptions,
): Promise<readonly unknown[]> {
  const timeout = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs);
  const signal = timeout === undefined ? options.signal : AbortSignal.any([options.signal, timeout]);
  try {
    signal.throwIfAborted();
    await connection.refresh(signal);
    const endpoint = findEndpoint(connection.description.endpoints, apiName, connection.label);
    const data = await encodeArguments(connection, endpoint, args, { ...options, signal });
    const results = new Results(connection, endpoint, { ...options, signal });
    try {
      const returned = await callQueued(connection, {
        endpoint,
        data,
        session: options.session,
        ipToken: options.ipToken,
        signal,
        idleMs: options.idleMs ?? 60_000,
        onUpdate: (update) => options.onUpdate?.(update),
        onPartial: (outputs) => results.show(outputs),
      });
      return await results.end(returned);
    } finally {
      results.stop();
    }
  } catch (error) {
    if (options.signal.aborted)
      throw clientError("CANCELLED", `The call of '${apiName}' of ${connection.label} was cancelled.`, {
        cause: error,
      });
    if (timeout?.aborted)
      throw clientError(
        "TIMEOUT",
        `'${apiName}' of ${connection.label} took longer than ${options.timeoutMs} ms.`,
      );
    throw error;
  }
}

async function encodeArguments(
  connection: Connection,
  endpoint: EndpointRoute,
  given: Readonly<Record<string, unknown>>,
  options: CallOptions,
): Promise<unknown[]> {
  const args = new Map(Object.entries(given).filter(([, value]) => value !== undefined));
  const [wrong] = checkArguments(endpoint, [...args.keys()], connection.label);
  if (wrong !== undefined) throw wrong;
  const values = await Promise.all(
    endpoint.parameters.map(async (parameter) => {
      if (!args.has(parameter.name)) return parameter.default;
      const value = args.get(parameter.name);
      const isTrusted = options.trustedPaths?.has(parameter.name) ?? false;
      try {
        return await encode(
          value,
          parameter,
          fileEncoder(connection, options.files, isTrusted, options.signal),
        );
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
        throw new DaggrError(
          "INVALID_VALUE",
          `Parameter '${parameter.name}' of '${endpoint.apiName}' of ${connection.label} (${parameter.component}): expected ${error.expected}, got ${describeValue(value)}.`,
          {
            port: parameter.name,
            expected: error.expected,
            got: describeValue(value),
          },
        );
      }
    }),
  );
  return endpoint.inputs.map((index) => (index === -1 ? null : values[index]));
}

/** Decodes what comes back. Partial results with files are shown as fast as they can be fetched, the newest first. */
class Results {
  readonly #connection: Connection;
  readonly #endpoint: EndpointRoute;
  readonly #options: CallOptions;
  readonly #stopped = new AbortController();
  #before: readonly unknown[] = [];
  #next: readonly unknown[] | undefined;
  #fetching: Promise<void> | undefined;

  constructor(connection: Connection, endpoint: EndpointRoute, options: CallOptions) {
    this.#connection = connection;
    this.#endpoint = endpoint;
    this.#options = options;
  }

  show(data: readonly unknown[]): void {
    const decoded = withoutStreams(this.#decode(data));
    if (remoteFilesIn(decoded).length === 0) {
      this.#next = undefined;
      this.#tell(decoded);
    } else {
      this.#next = decoded;
      this.#fetching ??= this.#fetchPartials().finally(() => {
        this.#fetching = undefined;
      });
    }
  }

  async end(data: readonly unknown[]): Promise<readonly unknown[]> {
    this.stop();
    return this.#fetch(this.#decode(data), this.#options.signal);
  }

  stop(): void {
    this.#next = undefined;
    this.#stopped.abort();
  }

  #decode(data: readonly unknown[]): readonly unknown[] {
    const returned: unknown[] = [];
    this.#endpoint.outputs.forEach((index, wire) => {
      if (index !== -1)
        returned[index] = decode(data[wire], this.#endpoint.returns[index]!, this.#before[index] ?? null);
    });
    this.#before = returned;
    return returned;
  }

  #tell(outputs: readonly unknown[]): void {
    if (!this.#stopped.signal.aborted) this.#options.onUpdate?.({ type: "partial", outputs });
  }

  async #fetchPartials(): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, this.#stopped.signal]);
    for (let decoded = this.#next; decoded !== undefined; decoded = this.#next) {
      this.#next = undefined;
      try {
        this.#tell(await this.#fetch(decoded, signal));
      } catch {
        // A picture on the way that is gone already is not missed: the last one counts.
      }
    }
  }

  async #fetch(decoded: readonly unknown[], signal: AbortSignal): Promise<readonly unknown[]> {
    const { files, idleMs = 60_000 } = this.#options;
    const remote = remoteFilesIn(decoded);
    if (remote.length === 0) return decoded;
    const refs = await Promise.all(
      remote.map(
        async (file) => [file, await download(this.#connection, file, files, signal, idleMs)] as const,
      ),
    );
    return replaceRemoteFiles(decoded, new Map(refs)) as readonly unknown[];
  }
}

/** A stream can be fetched whole once, when it has ended. */
function withoutStreams(decoded: readonly unknown[]): readonly unknown[] {
  const all = remoteFilesIn(decoded);
  if (!all.some(({ data }) => data.is_stream)) return decoded;
  const kept = new Map(all.map((file) => [file, file.data.is_stream ? null : file]));
  return replaceRemoteFiles(decoded, kept) as readonly unknown[];
}
