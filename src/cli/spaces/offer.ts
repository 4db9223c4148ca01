import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DaggrError } from "../../base/errors.ts";
import { describeGradio, parseSource } from "../../clients/gradio.ts";
import { isLocalPath } from "../../clients/gradio-source.ts";
import type { GradioDescription } from "../../clients/gradio-types.ts";
import { findSpace } from "../../clients/hub.ts";
import { type EndpointSignature, signaturesOf } from "../../clients/signature.ts";

/** What an app offers, and how a script names it. */
export interface Offer {
  /** A Space's id, or an address without the slash at its end. */
  readonly source: string;
  readonly commit: string | undefined;
  readonly description: GradioDescription;
  readonly endpoints: readonly EndpointSignature[];
  /** The Hub cannot be asked just now: this is what was last known. In words. */
  readonly lastKnown?: string;
}

/** How a script names the app, and `daggr-env.d.ts` its types. Throws `INVALID_SOURCE`. */
export function sourceKey(source: string): string {
  if (isLocalPath(source)) return source.trim();
  const parsed = parseSource(source);
  if (parsed.type === "space") return parsed.id;
  const url = new URL(parsed.url);
  url.username = "";
  url.password = "";
  return url.href.replace(/\/+$/, "");
}

/** Asks an app what it offers. A Space that is not running is woken and waited for, which `onNews` tells. */
export async function askOffer(
  source: string,
  options: {
    readonly waitMs?: number | undefined;
    readonly onNews?: ((text: string) => void) | undefined;
  } = {},
): Promise<Offer> {
  const key = sourceKey(source);
  if (isLocalPath(key)) return askHere(key, options.onNews);
  const isSpace = parseSource(source).type === "space";
  const unknown = isSpace ? await hubTrouble(key) : undefined;
  try {
    const description = await describeGradio(source, {
      wakeTimeoutMs: options.waitMs ?? 300_000,
      onUpdate: (update) => {
        if (update.type === "log") options.onNews?.(update.text);
      },
    });
    return {
      source: description.space?.id ?? key,
      commit: description.space?.commit,
      description,
      endpoints: signaturesOf(description.endpoints),
      ...(unknown === undefined ? {} : { lastKnown: unknown.sentence }),
    };
  } catch (error) {
    if (error instanceof DaggrError && error.code === "SPACE_NOT_READY")
      throw new DaggrError(
        error.code,
        `${error.sentence} Try again in a while, or wait longer: --wait 900`,
        error.details,
      );
    throw error;
  }
}

/** A Python app on this machine is started, asked and ended again. Its address is another one each time. */
async function askHere(path: string, onNews?: (text: string) => void): Promise<Offer> {
  const { localPath } = await import("../../clients/local/local-apps.ts");
  const app = localPath(path.startsWith("file:") ? fileURLToPath(path) : resolve(path), {});
  const end = app.hold();
  try {
    const lease = await app.use(new AbortController().signal, {
      onStep: (text) => onNews?.(text),
      onLine: () => {},
      onWarning: (text) => onNews?.(text),
    });
    try {
      const description = await describeGradio(lease.url, { token: false, cacheFolder: false });
      return { source: path, commit: undefined, description, endpoints: signaturesOf(description.endpoints) };
    } finally {
      await lease.release();
    }
  } finally {
    await end();
  }
}

/** Why the Hub cannot be asked about a Space; what it answers is no trouble. */
async function hubTrouble(id: string): Promise<DaggrError | undefined> {
  try {
    await findSpace(id);
    return undefined;
  } catch (error) {
    if (error instanceof DaggrError && error.code.startsWith("HUB_")) return error;
    throw error;
  }
}
