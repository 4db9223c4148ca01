import { DaggrError } from "../base/errors.ts";
import { callSite } from "../base/place.ts";

/**
 * The key under which a graph is saved: lower case, letters and digits of any script kept, everything else
 * becomes one `_`.
 *
 * @throws DaggrError `INVALID_NAME` when nothing is left.
 */
export function persistKeyFor(name: string): string {
  const key = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  if (key === "") {
    const place = callSite();
    throw new DaggrError(
      "INVALID_NAME",
      `The graph's name ${JSON.stringify(name)} has no letter or digit to make a key from under which its data is saved. Set persistKey to a text, or to false to save nothing.`,
      place === undefined ? {} : { place },
    );
  }
  return key;
}
