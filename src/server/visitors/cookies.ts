import type { IncomingMessage } from "node:http";

/** Tells visitors of a Space apart. Its name makes browsers refuse it from anybody but this host. */
export const SESSION_COOKIE = "__Host-daggr";
/** Binds a login that is on its way to the browser that began it. */
export const LOGIN_COOKIE = "__Host-daggr-login";

/** The values of a cookie; a browser may send two, one of them of a frame. */
export function cookiesOf({ headers }: IncomingMessage, name: string): readonly string[] {
  const prefix = `${name}=`;
  return (headers.cookie ?? "")
    .split(/; */)
    .filter((part) => part.startsWith(prefix))
    .map((part) => part.slice(prefix.length));
}

/** Works inside the frame on huggingface.co too, where it is a cookie of that frame only. */
export function sessionCookie(id: string, maxAgeSeconds: number): string {
  return `${SESSION_COOKIE}=${id}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=${maxAgeSeconds}`;
}

/** Comes back with the navigation from the provider's page. */
export function loginCookie(value: string, maxAgeSeconds: number): string {
  return `${LOGIN_COOKIE}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=${maxAgeSeconds}`;
}
