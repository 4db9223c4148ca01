import { tabStorage } from "./storage.ts";

const key = "daggr-reloaded";
const onceIn = 60_000;

/** Whether the server would give out another script than the one that runs here. In development there is none. */
export function isOlderThan(build: string | undefined, own: string = import.meta.url): boolean {
  return (
    build !== undefined && own.includes("/assets/") && !own.includes(build.slice(build.indexOf("/") + 1))
  );
}

/** Once a minute at most: a cache that keeps an old page must not make it load for ever. */
export function mayReload(): boolean {
  const last = Number(tabStorage.getItem(key) ?? 0);
  if (Date.now() - last < onceIn) return false;
  tabStorage.setItem(key, String(Date.now()));
  return true;
}
