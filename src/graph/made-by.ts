import { type FallbackUse, fallbackInWords } from "../protocol/values.ts";

/** Which variant of a fallback made a result, where it was not the first; of a scattered one, how many items. */
export function madeByInWords(result: {
  readonly fallback?: FallbackUse;
  readonly items: readonly { readonly fallback?: FallbackUse }[] | null;
}): string | undefined {
  const { fallback, items } = result;
  if (fallback !== undefined) return fallbackInWords(fallback);
  const later = (items ?? []).filter((item) => (item.fallback?.failed.length ?? 0) > 0);
  const first = later[0]?.fallback;
  if (first === undefined) return undefined;
  const makers = new Set(later.map((item) => item.fallback?.variant));
  const by = makers.size === 1 ? first.variant : "later variants";
  return `${later.length} of ${items?.length} items made by ${by}, because ${first.failed[0]?.variant} failed`;
}
