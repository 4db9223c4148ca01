import { z } from "zod";
import { askApi, type Hub, reasonIn, refusal } from "./hub-api.ts";

const runtimeSchema = z.looseObject({
  stage: z.string().default(""),
  sha: z.string().nullish(),
  errorMessage: z.string().nullish(),
  hardware: z.looseObject({ current: z.string().nullish(), requested: z.string().nullish() }).nullish(),
  gcTimeout: z.number().nullish(),
  volumes: z.array(z.looseObject({ mountPath: z.string().nullish() })).nullish(),
});

/** What runs of a Space. */
export type SpaceRuntime = z.infer<typeof runtimeSchema>;

const infoSchema = z.looseObject({
  id: z.string().optional(),
  sha: z.string().nullish(),
  sdk: z.string().nullish(),
  private: z.boolean().nullish(),
  host: z.string().nullish(),
  subdomain: z.string().nullish(),
  runtime: runtimeSchema.nullish(),
});

export interface SpaceState {
  readonly id: string;
  readonly commit: string | undefined;
  readonly sdk: string | undefined;
  readonly isPrivate: boolean;
  /** Where its app answers. */
  readonly host: string | undefined;
  readonly runtime: SpaceRuntime | undefined;
}

/** The Space as it is on the Hub; `undefined` where there is none. */
export async function spaceState(hub: Hub, id: string): Promise<SpaceState | undefined> {
  const answer = await askApi(hub, "GET", `/api/spaces/${id}`);
  // Without the right to read it the Hub says the same as for one that is not there.
  if (answer.status === 404) return undefined;
  const parsed = infoSchema.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success)
    throw refusal(answer.status, reasonIn(answer), `read the Space ${id}`);
  const { sha, sdk, host, subdomain, runtime } = parsed.data;
  return {
    id: parsed.data.id ?? id,
    commit: sha ?? undefined,
    sdk: sdk ?? undefined,
    isPrivate: parsed.data.private ?? false,
    host: host ?? (subdomain ? `https://${subdomain}.hf.space` : undefined),
    runtime: runtime ?? undefined,
  };
}

export async function spaceRuntime(hub: Hub, id: string): Promise<SpaceRuntime> {
  const answer = await askApi(hub, "GET", `/api/spaces/${id}/runtime`);
  const parsed = runtimeSchema.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success)
    throw refusal(answer.status, reasonIn(answer), `say how the Space ${id} is`);
  return parsed.data;
}
