import { z } from "zod";
import { askApi, demand, type Hub, reasonIn, refusal } from "./hub-api.ts";
import type { SpaceState } from "./space-state.ts";

/** Everything of a Space that is not in its repository. */
export interface SpaceSettings {
  readonly secrets: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  readonly hardware?: string | undefined;
  /** Seconds without a visitor; -1: never. */
  readonly sleepSeconds?: number | undefined;
  readonly isPrivate: boolean;
  /** A bucket (`owner/name`) to keep data in, mounted at `/data`. */
  readonly bucket?: string | undefined;
}

const DATA = "/data";

const volumeOf = (bucket: string) => ({ type: "bucket", source: bucket, mountPath: DATA });

/**
 * Creates a Space with all of its settings at once, so that they are there when it starts for the first time.
 * `false` when somebody has just created it.
 */
export async function createSpace(
  hub: Hub,
  owner: string,
  name: string,
  settings: SpaceSettings,
): Promise<boolean> {
  const { secrets, variables, hardware, sleepSeconds, bucket } = settings;
  const answer = await askApi(hub, "POST", "/api/repos/create", {
    type: "space",
    organization: owner,
    name,
    sdk: "docker",
    visibility: settings.isPrivate ? "private" : "public",
    ...(hardware === undefined ? {} : { hardware }),
    ...(sleepSeconds === undefined ? {} : { sleepTimeSeconds: sleepSeconds }),
    ...(secrets.size === 0 ? {} : { secrets: pairs(secrets) }),
    ...(variables.size === 0 ? {} : { variables: pairs(variables) }),
    ...(bucket === undefined ? {} : { volumes: [volumeOf(bucket)] }),
  });
  if (answer.status === 409) return false;
  if (answer.status >= 200 && answer.status < 300) return true;
  throw refusal(answer.status, reasonIn(answer), `create the Space ${owner}/${name}`);
}

const pairs = (map: ReadonlyMap<string, string>) => [...map].map(([key, value]) => ({ key, value }));

const variablesSchema = z.record(z.string(), z.looseObject({ value: z.string().nullish() }));

/** Gives an existing Space its settings; what it has besides stays. Tells what changed, in words. */
export async function updateSettings(
  hub: Hub,
  state: SpaceState,
  settings: SpaceSettings,
): Promise<string[]> {
  const api = `/api/spaces/${state.id}`;
  const done: string[] = [];
  const set = (path: string, what: string, body: object) => demand(hub, "POST", `${api}/${path}`, what, body);

  if (settings.isPrivate && !state.isPrivate) {
    await demand(hub, "PUT", `${api}/settings`, "make it private", { visibility: "private" });
    done.push("private from now on");
  }
  // A secret cannot be read, so that nobody knows whether it is another one.
  for (const [key, value] of settings.secrets) {
    await set("secrets", `set the secret ${key}`, { key, value });
    done.push(`secret ${key} set`);
  }
  if (settings.variables.size > 0) {
    const { json } = await demand(hub, "GET", `${api}/variables`, "read the Space's variables");
    const known = variablesSchema.safeParse(json).data ?? {};
    for (const [key, value] of settings.variables) {
      if (known[key]?.value === value) continue;
      await set("variables", `set the variable ${key}`, { key, value });
      done.push(`variable ${key} set`);
    }
  }
  const { hardware, sleepSeconds, bucket } = settings;
  const has = state.runtime?.hardware?.requested ?? state.runtime?.hardware?.current ?? undefined;
  if (hardware !== undefined && hardware !== has) {
    await set("hardware", `give it the hardware ${hardware}`, { flavor: hardware });
    done.push(`hardware ${hardware}`);
  }
  if (sleepSeconds !== undefined && sleepSeconds !== (state.runtime?.gcTimeout ?? undefined)) {
    await set("sleeptime", "set when it goes to sleep", { seconds: sleepSeconds });
    done.push(sleepSeconds < 0 ? "never sleeps" : `sleeps after ${sleepSeconds} s`);
  }
  if (bucket !== undefined) {
    const volumes = state.runtime?.volumes ?? [];
    const here = volumes.find(({ mountPath }) => mountPath === DATA);
    if (here?.["source"] !== bucket) {
      const others = volumes.filter(({ mountPath }) => mountPath !== DATA);
      await demand(hub, "PUT", `${api}/volumes`, `mount the bucket ${bucket}`, {
        volumes: [...others, volumeOf(bucket)],
      });
      done.push(`bucket ${bucket} at ${DATA}`);
    }
  }
  return done;
}
