import { z } from "zod";
import { DaggrError } from "../base/errors.ts";
import { hubJson } from "../clients/client-errors.ts";
import { hubEndpoint, hubToken, isHubOffline } from "../clients/tokens.ts";
import { demand, type Hub, openHub } from "./hub-api.ts";

/** Who deploys. */
export interface Account {
  readonly name: string;
  readonly organizations: readonly string[];
}

const schema = z.looseObject({
  name: z.string(),
  type: z.string().optional(),
  orgs: z.array(z.looseObject({ name: z.string() })).optional(),
  auth: z.looseObject({ accessToken: z.looseObject({ role: z.string().optional() }).nullish() }).optional(),
});

/**
 * The Hub with this machine's token.
 *
 * @throws DaggrError `HUB_TOKEN_MISSING`, `TOKEN_REFUSED`, `HUB_OFFLINE`.
 */
export async function hubOfThisMachine(signal?: AbortSignal, purpose = "deploy"): Promise<Hub> {
  if (isHubOffline())
    throw new DaggrError("HUB_OFFLINE", `HF_HUB_OFFLINE is set, so ${hubEndpoint()} is not asked.`);
  const token = await hubToken();
  if (token === undefined)
    throw new DaggrError(
      "HUB_TOKEN_MISSING",
      `To ${purpose} you need a Hugging Face token with the role 'write': log in (daggr login, or hf auth login), or set HF_TOKEN to one of https://huggingface.co/settings/tokens.${purpose === "deploy" ? " --dry-run needs none." : ""}`,
    );
  if (!token.startsWith("hf_"))
    throw new DaggrError(
      "INVALID_TOKEN",
      "Your Hugging Face token does not begin with hf_, so it is none. Make one at https://huggingface.co/settings/tokens.",
    );
  return openHub(token, signal);
}

/** Asks who the token belongs to, and refuses one that may not write. */
export async function accountOf(hub: Hub, purpose = "deploy"): Promise<Account> {
  const { text } = await demand(hub, "GET", "/api/whoami-v2", "say who you are");
  const parsed = schema.safeParse(hubJson(text, hub.endpoint));
  if (!parsed.success)
    throw new DaggrError("HUB_REFUSED", "Hugging Face's answer about your account cannot be read.");
  const { name, orgs = [], auth } = parsed.data;
  if (auth?.accessToken?.role === "read")
    throw new DaggrError(
      "HUB_FORBIDDEN",
      `Your token (of ${name}) may only read. To ${purpose} it needs the role 'write', or as a fine-grained one the right to write to your repositories: https://huggingface.co/settings/tokens`,
    );
  return { name, organizations: orgs.map((organization) => organization.name) };
}
