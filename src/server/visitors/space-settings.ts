import { rememberSecret } from "../../base/redact.ts";
import type { OAuthApplication } from "../../clients/login/oauth-code.ts";
import { isLoopback } from "../access.ts";

/** A Space on Hugging Face, as its environment tells. */
export interface SpaceSettings {
  /** `owner/name`. */
  readonly id: string;
  /** Where people reach it. */
  readonly origin: string;
  /** Set where the Space's README says `hf_oauth: true`. */
  readonly oauth?: OAuthApplication;
}

/** `undefined` where this is no Space. */
export function spaceSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): SpaceSettings | undefined {
  const { SPACE_ID: id, SPACE_HOST: host, OAUTH_CLIENT_ID: clientId } = env;
  if (!id || !host) return undefined;
  rememberSecret(env["OAUTH_CLIENT_SECRET"]);
  return {
    id,
    // A Space on one's own machine, to try it, has no TLS in front of it.
    origin: `${isLoopback(host.replace(/:\d+$/, "")) ? "http" : "https"}://${host.toLowerCase()}`,
    ...(clientId
      ? {
          oauth: {
            clientId,
            clientSecret: env["OAUTH_CLIENT_SECRET"],
            scopes: env["OAUTH_SCOPES"] || "openid profile",
            provider: (env["OPENID_PROVIDER_URL"] || "https://huggingface.co").replace(/\/+$/, ""),
          },
        }
      : {}),
  };
}
