import { statSync } from "node:fs";
import { basename } from "node:path";
import { hashText } from "../../base/json.ts";
import type { Environment } from "../tokens.ts";
import { LocalApp } from "./local-app.ts";
import type { AppHead, LocalOptions, Recipe } from "./recipe.ts";

export type { Lease, LocalApp } from "./local-app.ts";
export type { LocalOptions } from "./recipe.ts";

/** One for each app and way to run it, in the whole process. */
const apps = new Map<string, LocalApp>();

function appOf(head: AppHead, load: () => Promise<Recipe>, env: Environment | undefined): LocalApp {
  const known = apps.get(head.key);
  if (known !== undefined) return known;
  let recipe: Promise<Recipe> | undefined;
  const once = (): Promise<Recipe> => {
    recipe ??= load();
    return recipe;
  };
  const app = new LocalApp(head, once, env);
  apps.set(head.key, app);
  return app;
}

const keyOf = (kind: string, what: string, options: LocalOptions): string =>
  hashText(JSON.stringify([kind, what, options]));

/** The Gradio app of a Python file or folder; nothing is started. */
export function localPath(path: string, options: LocalOptions, env?: Environment): LocalApp {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const label = isFolder ? `${basename(path)}/` : basename(path);
  const head = { key: keyOf("path", path, options), label, isOwnCode: true };
  const load = async () => (await import("./path-recipe.ts")).pathRecipe(head, path, options, env);
  return appOf(head, load, env);
}

/** A Space on this machine; nothing is asked or started. */
export function localSpace(id: string, options: LocalOptions, env?: Environment): LocalApp {
  const head = { key: keyOf("space", id, options), label: id, isOwnCode: false };
  const load = async () => (await import("./space-recipe.ts")).spaceRecipe(head, id, options, env);
  return appOf(head, load, env);
}
