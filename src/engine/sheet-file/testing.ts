import { text } from "node:stream/consumers";
import { fromBufferPromise } from "yauzl";

/** The entries of a zip by name, in their order; each byte is one character. */
export async function readZip(bytes: Buffer): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  const zip = await fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry);
    entries.set(entry.fileName, await text(stream.setEncoding("latin1")));
  }
  return entries;
}
