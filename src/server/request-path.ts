/**
 * The decoded segments of a request target, or `undefined` for one that no honest client sends: another form than
 * a path, bytes outside ASCII, broken escapes, and anything that a file system could read as a step elsewhere.
 */
export function requestPath(target: string | undefined): readonly string[] | undefined {
  if (target === undefined || target.length > 8_000 || target[0] !== "/") return undefined;
  const query = target.indexOf("?");
  const path = query === -1 ? target : target.slice(0, query);
  if (path === "/") return [];
  if (!/^(?:\/[A-Za-z0-9\-._~!$&'()*+,;=:@%]+)+\/?$/.test(path)) return undefined;
  const segments = path.slice(1).split("/");
  if (!path.includes("%")) return segments.some(isStep) ? undefined : segments;
  try {
    const decoded = segments.map(decodeURIComponent);
    return decoded.some((segment) => isStep(segment) || hasForbidden(segment)) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

const isStep = (segment: string): boolean => segment === "." || segment === "..";

/** Separators and control characters. */
function hasForbidden(segment: string): boolean {
  for (let at = 0; at < segment.length; at++) {
    const code = segment.charCodeAt(at);
    if (code < 0x20 || code === 0x7f || code === 0x2f || code === 0x5c) return true;
  }
  return false;
}
