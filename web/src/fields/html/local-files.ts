/** Larger ones would make the page slow: they are left out. */
const MOST_BYTES = 20_000_000;
const localFile = /\/files\/[0-9a-f]{64}\/[^\s"'<>()\\]+/g;

export function namesFiles(html: string): boolean {
  return html.search(localFile) >= 0;
}

/**
 * The same markup with our own files in it as data: a frame without an origin is a stranger to the server, which gives it
 * nothing.
 */
export async function withLocalFiles(html: string): Promise<string> {
  const addresses = [...new Set(html.match(localFile))];
  const data = new Map(
    await Promise.all(addresses.map(async (address) => [address, await dataOf(address)] as const)),
  );
  return html.replace(localFile, (address) => data.get(address) ?? address);
}

async function dataOf(address: string): Promise<string | undefined> {
  const answer = await fetch(address.replaceAll("&amp;", "&")).catch(() => undefined);
  if (answer?.ok !== true || Number(answer.headers.get("content-length")) > MOST_BYTES) return undefined;
  const blob = await answer.blob();
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => resolve(undefined);
    reader.readAsDataURL(blob);
  });
}
