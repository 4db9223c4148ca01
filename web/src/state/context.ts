import { getContext, setContext } from "svelte";
import type { App } from "./app.svelte.ts";

const key = Symbol("app");

export function provideApp(app: App): App {
  return setContext(key, app);
}

export function useApp(): App {
  return getContext<App>(key);
}
